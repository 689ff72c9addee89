// OpenBLAS starts a thread a processor as soon as it is loaded, and each takes a buffer of 128 MiB. None
// of them is ever used here, a refused one ends the process, and where the buffer cannot be had, OpenBLAS
// asks for it for ever. Only the environment keeps it from that, and only before it is loaded: so a
// variable that no library looks at while it is loaded lends its place until then.
#if defined(__linux__)
#include <string.h>

static char one_thread[] = "OPENBLAS_NUM_THREADS=1";
// Volatile: a compiler may run constructors while it compiles, and would find that nothing was borrowed.
static char **volatile place;
static char *lender;

static void ask_for_one_thread(int count, char **arguments, char **environment) {
  static const char *const names[] = {one_thread, "PATH=", "PWD=", "HOME=", "SHLVL=", "_="};
  (void)count;
  (void)arguments;
  for (size_t i = 0; i < sizeof names / sizeof *names && !place; i++) {
    // The variable itself comes first, whatever it is set to.
    size_t length = i == 0 ? sizeof one_thread - 2 : strlen(names[i]);
    for (char **entry = environment; *entry && !place; entry++) {
      if (strncmp(*entry, names[i], length) == 0) place = entry;
    }
  }
  if (!place) return;
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
