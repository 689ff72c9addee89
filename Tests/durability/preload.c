// A library to preload into a program, so that faults hit it at calls that are counted for the whole
// process, whatever thread makes them. strace cannot do that: its `when=` counts for each thread and
// each kind of call.
//
//   DURABILITY_ROOT   only calls on files under this folder count (an absolute path)
//   DURABILITY_LOG    every counted call is appended here, as "NUMBER CALL FAULT PATH"
//   DURABILITY_FAULT  KIND:NUMBER, the fault at the call with that number, from 1, or
//                     KIND:NUMBER:CALL:PATH, at that one of the calls CALL on PATH under the folder
//                     (calls on different files may come in another order each time, because
//                     checkpoints are compressed beside computing):
//                     kill-before, kill-after   SIGKILL
//                     EIO, EINTR                the call fails once, without being made
//                     ENOSPC                    the disk is full from here on: the call fails, a write
//                                               takes half before the next one fails
//                     EROFS                     the disk is read-only from here on, as a kernel makes it
//                                               that has found an error: nothing can be removed either
//                     short                     a write takes half of its bytes
//   DURABILITY_TICK   the clock that only measures time advances by so many milliseconds a reading
//   DURABILITY_TERM   SIGTERM to the process itself at the reading with that number, from 1
//   DURABILITY_SIGNAL the signal with that number in place of SIGTERM
//   DURABILITY_DATE   the clock that tells the date is so many seconds ahead
//
// A failed fsync of a file also overwrites it with zeros, as a kernel may that drops the pages which it
// could not write; of a file that is appended to, what was there when it was opened stays. Another fsync
// of that file in the same process is logged with the word RETRY.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { largest_descriptor = 1024 };
enum kind { none, kill_before, kill_after, fail_eio, fail_eintr, fail_full, fail_stuck, short_write };

static const char *root, *log_path;
static size_t root_length;
static enum kind fault;
// The call that a fault is for, and its path under the root; NULL where any call counts.
static char *fault_call, *fault_path;
static long fault_at, tick, term_at, term_signal, date;
static atomic_long calls, matches, readings;
static atomic_int is_full, is_stuck;
// The path of each descriptor that was opened under the root; empty for others.
static char paths[largest_descriptor][PATH_MAX];
static char is_written[largest_descriptor];
// Bytes that each file had when it was opened to be appended to; 0 for others.
static off_t synced_before[largest_descriptor];
static atomic_ulong failed_inode;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void) {
  static const char *names[] = {"",      "kill-before", "kill-after", "EIO",
                                "EINTR", "ENOSPC",      "EROFS",      "short"};
  root = getenv("DURABILITY_ROOT");
  root_length = root ? strlen(root) : 0;
  log_path = getenv("DURABILITY_LOG");
  tick = number("DURABILITY_TICK");
  term_at = number("DURABILITY_TERM");
  term_signal = getenv("DURABILITY_SIGNAL") ? number("DURABILITY_SIGNAL") : SIGTERM;
  date = number("DURABILITY_DATE");
  const char *text = getenv("DURABILITY_FAULT");
  const char *colon = text ? strchr(text, ':') : NULL;
  if (!colon) return;
  for (int kind = kill_before; kind <= short_write; kind++)
    if (strncmp(text, names[kind], colon - text) == 0 && !names[kind][colon - text]) fault = kind;
  fault_at = atol(colon + 1);
  const char *call = strchr(colon + 1, ':');
  const char *path = call ? strchr(call + 1, ':') : NULL;
  if (!path) return;
  fault_call = strndup(call + 1, path - call - 1);
  fault_path = strdup(path + 1);
}

static int is_inside(const char *path) {
  return root_length && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == 0);
}

static void note(long call, const char *name, const char *word, const char *path) {
  if (!log_path) return;
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%ld %s %s %s\n", call, name, word, path);
  int file = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (file < 0) return;
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Whether the fault is for the call that begins now, which has a number.
static int is_hit(long call, const char *name, const char *path) {
  if (!fault_call) return call == fault_at;
  const char *relative = path + root_length + (path[root_length] == '/');
  if (strcmp(name, fault_call) != 0 || strcmp(relative, fault_path) != 0) return 0;
  return atomic_fetch_add(&matches, 1) + 1 == fault_at;
}

// What to do with the call that begins now.
static enum kind begin(const char *name, const char *path, int takes_space) {
  long call = atomic_fetch_add(&calls, 1) + 1;
  enum kind here = is_hit(call, name, path) ? fault : none;
  if (here == fail_full) is_full = 1;
  if (here == fail_stuck) is_stuck = 1;
  if (here == none && is_full && takes_space) here = fail_full;
  if (here == none && is_stuck) here = fail_stuck;
  if (here == short_write && strcmp(name, "write") != 0) here = none;
  if (here == fail_eintr && strcmp(name, "rename") == 0) here = none;
  note(call, name, here == none ? "-" : "FAULT", path);
  if (here == kill_before) die();
  return here;
}

static int failure(enum kind here) {
  errno = here == fail_full    ? ENOSPC
          : here == fail_stuck ? EROFS
          : here == fail_eintr ? EINTR
                               : EIO;
  return -1;
}

static int finish(enum kind here, int result) {
  if (here == kill_after) die();
  return result;
}

#define FAILS(here) \
  ((here) == fail_eio || (here) == fail_eintr || (here) == fail_full || (here) == fail_stuck)
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
// A call on paths that has only to be counted and, perhaps, refused.
#define ON_PATH(name, path, takes_space, ...)               \
  if (!is_inside(path)) return NEXT(name)(__VA_ARGS__);     \
  enum kind here = begin(#name, path, takes_space);         \
  if (FAILS(here)) return failure(here);                    \
  return finish(here, NEXT(name)(__VA_ARGS__));

static int opened(int descriptor, const char *path, int flags) {
  if (descriptor < 0 || descriptor >= largest_descriptor) return descriptor;
  snprintf(paths[descriptor], PATH_MAX, "%s", is_inside(path) ? path : "");
  is_written[descriptor] = (flags & O_ACCMODE) != O_RDONLY;
  struct stat status = {0};
  if (flags & O_APPEND) fstat(descriptor, &status);
  synced_before[descriptor] = status.st_size;
  return descriptor;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  enum kind here = none;
  if (is_inside(path) && (flags & O_ACCMODE) != O_RDONLY) {
    here = begin("open", path, flags & O_CREAT);
    if (FAILS(here)) return failure(here);
  }
  return finish(here, opened(NEXT(open)(path, flags, mode), path, flags));
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return open(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  if (folder == AT_FDCWD || path[0] == '/') return open(path, flags, mode);
  // A relative name in a folder of the run would escape the count: say so, loudly.
  if (folder >= 0 && folder < largest_descriptor && paths[folder][0]) {
    note(0, "openat", "UNCOUNTED", path);
  }
  return NEXT(openat)(folder, path, flags, mode);
}

int creat(const char *path, mode_t mode) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

FILE *fopen(const char *path, const char *mode) {
  if (is_inside(path) && mode[0] != 'r') note(0, "fopen", "UNCOUNTED", path);
  return NEXT(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
  if (is_inside(path) && mode[0] != 'r') note(0, "fopen64", "UNCOUNTED", path);
  return NEXT(fopen64)(path, mode);
}

static const char *path_of(int descriptor) {
  if (descriptor < 0 || descriptor >= largest_descriptor) return "";
  return paths[descriptor];
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  const char *path = path_of(descriptor);
  if (!path[0]) return NEXT(write)(descriptor, bytes, count);
  int was_full = is_full;
  enum kind here = begin("write", path, 1);
  if ((here == fail_full && !was_full && count > 1) || (here == short_write && count > 1))
    return NEXT(write)(descriptor, bytes, count / 2);
  if (FAILS(here)) return failure(here);
  ssize_t result = NEXT(write)(descriptor, bytes, count);
  if (here == kill_after) die();
  return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  const char *path = path_of(descriptor);
  if (!path[0]) return NEXT(pwrite)(descriptor, bytes, count, offset);
  enum kind here = begin("pwrite", path, 1);
  if (FAILS(here)) return failure(here);
  ssize_t result = NEXT(pwrite)(descriptor, bytes, count, offset);
  if (here == kill_after) die();
  return result;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

// What a kernel may do that could not write a file's pages: drop them.
static void lose(int descriptor, ino_t inode, off_t size) {
  static const char zeros[4096];
  char name[64];
  failed_inode = inode;
  // Through a descriptor of its own: one that appends would add the zeros at the end.
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  int file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY);
  if (file < 0) return;
  for (off_t at = synced_before[descriptor]; at < size; at += sizeof zeros) {
    size_t count = size - at < (off_t)sizeof zeros ? (size_t)(size - at) : sizeof zeros;
    if (syscall(SYS_pwrite64, file, zeros, count, at) < 0) break;
  }
  syscall(SYS_close, file);
}

static int sync_file(int descriptor, const char *name, int (*next)(int)) {
  const char *path = path_of(descriptor);
  if (!path[0]) return next(descriptor);
  struct stat status = {0};
  fstat(descriptor, &status);
  if (failed_inode && status.st_ino == failed_inode) note(0, name, "RETRY", path);
  enum kind here = begin(name, path, 0);
  if (here == fail_eio || here == fail_full || here == fail_stuck) {
    if (S_ISREG(status.st_mode)) lose(descriptor, status.st_ino, status.st_size);
  }
  if (FAILS(here)) return failure(here);
  return finish(here, next(descriptor));
}

int fsync(int descriptor) { return sync_file(descriptor, "fsync", NEXT(fsync)); }
int fdatasync(int descriptor) { return sync_file(descriptor, "fdatasync", NEXT(fdatasync)); }

int close(int descriptor) {
  const char *path = path_of(descriptor);
  if (!path[0]) return NEXT(close)(descriptor);
  int counts = is_written[descriptor];
  enum kind here = counts ? begin("close", path, 0) : none;
  paths[descriptor][0] = 0;
  int result = NEXT(close)(descriptor);
  // The descriptor is gone, whatever the call says.
  if (FAILS(here)) return failure(here);
  return finish(here, result);
}

int ftruncate(int descriptor, off_t size) {
  const char *path = path_of(descriptor);
  if (!path[0]) return NEXT(ftruncate)(descriptor, size);
  enum kind here = begin("ftruncate", path, 0);
  if (FAILS(here)) return failure(here);
  return finish(here, NEXT(ftruncate)(descriptor, size));
}

int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }

int rename(const char *from, const char *to) { ON_PATH(rename, to, 0, from, to) }
// A file that is gone has given its number back: another that gets it is not tried again.
static void forget(const char *path) {
  struct stat status;
  if (failed_inode && lstat(path, &status) == 0 && status.st_ino == failed_inode && status.st_nlink == 1) {
    failed_inode = 0;
  }
}

int unlink(const char *path) {
  forget(path);
  ON_PATH(unlink, path, 0, path)
}
int symlink(const char *target, const char *path) { ON_PATH(symlink, path, 1, target, path) }
int link(const char *from, const char *to) { ON_PATH(link, to, 1, from, to) }
int mkdir(const char *path, mode_t mode) { ON_PATH(mkdir, path, 1, path, mode) }
int rmdir(const char *path) { ON_PATH(rmdir, path, 0, path) }

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  ON_PATH(renameat, to, 0, from_folder, from, to_folder, to)
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  ON_PATH(renameat2, to, 0, from_folder, from, to_folder, to, flags)
}
int unlinkat(int folder, const char *path, int flags) {
  ON_PATH(unlinkat, path, 0, folder, path, flags)
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static atomic_long begun;
  int result = NEXT(clock_gettime)(clock, time);
  if (clock == CLOCK_REALTIME) time->tv_sec += date;
  // The clock of the stages; the monotonic one is that of the threads that compress beside them.
  if (clock != CLOCK_BOOTTIME) return result;
  long reading = atomic_fetch_add(&readings, 1) + 1;
  if (reading == term_at) {
    note(0, "clock", "TERM", "-");
    syscall(SYS_kill, getpid(), (int)term_signal);
  }
  if (tick) {
    long zero = 0;
    atomic_compare_exchange_strong(&begun, &zero, (long)time->tv_sec);
    long passed = reading * tick;
    time->tv_sec = begun + passed / 1000;
    time->tv_nsec = passed % 1000 * 1000000;
  }
  return result;
}

time_t time(time_t *place) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (place) *place = now.tv_sec;
  return now.tv_sec;
}
