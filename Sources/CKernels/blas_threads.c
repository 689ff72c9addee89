// OpenBLAS starts a thread a processor as soon as it is loaded, and each takes a buffer of 128 MiB. None
// of them is ever used here, a refused one ends the process, and where the buffer cannot be had, OpenBLAS
// asks for it for ever. Only the environment keeps it from that, and only before it is loaded: so a
// variable that no library looks at while it is loaded lends its place until then. Where there is none,
// as under env -i, the program starts itself again with the variable; the process stays the same.
#if defined(__linux__)
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static char one_thread[] = "OPENBLAS_NUM_THREADS=1";
// Volatile: a compiler may run constructors while it compiles, and would find that nothing was borrowed.
static char **volatile place;
static char *lender;

// Returns only where the system refuses it; the threads are then there, idle. No memory is taken: the C
// library has not begun yet.
static void start_again(char **arguments, char **environment) {
  size_t count = 0;
  while (environment[count]) count++;
  char *extended[count + 2];
  memcpy(extended, environment, count * sizeof *environment);
  extended[count] = one_thread;
  extended[count + 1] = NULL;
  // By its own name where that leads to it, for whoever lists processes.
  const char *name = (const char *)getauxval(AT_EXECFN);
  if (name) execve(name, arguments, extended);
  execve("/proc/self/exe", arguments, extended);
}

static void ask_for_one_thread(int count, char **arguments, char **environment) {
  static const char *const names[] = {one_thread, "PATH=", "PWD=", "HOME=", "SHLVL=", "_="};
  (void)count;
  for (size_t i = 0; i < sizeof names / sizeof *names && !place; i++) {
    // The variable itself comes first, whatever it is set to.
    size_t length = i == 0 ? sizeof one_thread - 2 : strlen(names[i]);
    for (char **entry = environment; *entry && !place; entry++) {
      if (strncmp(*entry, names[i], length) == 0) place = entry;
    }
  }
  if (!place) {
    start_again(arguments, environment);
    return;
  }
  lender = *place;
  *place = one_thread;
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(
    int, char **, char **) = ask_for_one_thread;

// The executable's own constructors come behind those of all libraries.
__attribute__((constructor)) static void give_back(void) {
  if (place) *place = lender;
}
#endif
