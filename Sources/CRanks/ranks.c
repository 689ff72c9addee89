#include "ecpipe_ranks.h"

#ifdef ECPIPE_MPI

#include "ranks.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static MPI_Comm everyone = MPI_COMM_NULL;
static int own_rank = 0;
static int rank_count = 1;

// One a rank, each of MPI_MAX_PROCESSOR_NAME characters.
static char *hosts = NULL;

const char *ecr_host(int rank) { return hosts ? hosts + (size_t)rank * MPI_MAX_PROCESSOR_NAME : "this host"; }

const char *ecr_library(void) {
  static char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  if (MPI_Get_library_version(text, &length) != MPI_SUCCESS) text[0] = '\0';
  return text;
}

void ecr_lost(const char *what) {
  const char *job = getenv("SLURM_JOB_ID");
  fprintf(
      stderr, "ecpipe: rank %d on %s%s%s: %s; the job ends here and goes on with the same command\n", own_rank,
      ecr_host(own_rank), job ? ", Slurm job " : "", job ? job : "", what);
#ifdef MPICH_VERSION
  // Its mpirun would end with the code of the others, which it kills, where this one just ended; and it has to read
  // the message first.
  usleep(300000);
  MPI_Abort(MPI_COMM_WORLD, 75);
#endif
  _exit(75);
}

// Every rank's host by its name, for messages.
static int name_hosts(void) {
  char own[MPI_MAX_PROCESSOR_NAME] = "";
  int length = 0;
  hosts = calloc((size_t)rank_count, sizeof own);
  if (!hosts || MPI_Get_processor_name(own, &length) != MPI_SUCCESS) return 1;
  return MPI_Allgather(own, sizeof own, MPI_CHAR, hosts, sizeof own, MPI_CHAR, everyone) != MPI_SUCCESS;
}

void ecr_check(int status) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING + 1] = "";
  int length = 0;
  MPI_Error_string(status, text, &length);
  ecr_lost(text);
}

// Waits awake for a moment, then sleeps longer and longer: the others may compute for an hour, and two ranks may
// share a processor. It does not yield: on a busy machine that gives milliseconds away.
static void await(int count, MPI_Request *requests) {
  long sleep = 5000;
  int next = 0;
  for (long round = 0;; round++) {
    for (int done = 1; done && next < count; next += done) {
      ecr_check(MPI_Test(&requests[next], &done, MPI_STATUS_IGNORE));
    }
    if (next == count) return;
    if (round < 500) continue;
    struct timespec pause = {0, sleep};
    nanosleep(&pause, NULL);
    if (sleep < 1000000) sleep += sleep / 16;
  }
}

int ecr_start(int *rank, int *size, int *ranks_on_this_host) {
  int level = 0;
  // The message is ours.
  setenv("MPIR_CVAR_SUPPRESS_ABORT_MESSAGE", "1", 0);
  if (MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &level) != MPI_SUCCESS) return 1;
  if (level < MPI_THREAD_MULTIPLE) return 1;
  if (MPI_Comm_dup(MPI_COMM_WORLD, &everyone) != MPI_SUCCESS) return 1;
  MPI_Comm_set_errhandler(everyone, MPI_ERRORS_RETURN);
  MPI_Comm_rank(everyone, &own_rank);
  MPI_Comm_size(everyone, &rank_count);
  MPI_Comm here;
  if (MPI_Comm_split_type(everyone, MPI_COMM_TYPE_SHARED, own_rank, MPI_INFO_NULL, &here) != MPI_SUCCESS) return 1;
  MPI_Comm_size(here, ranks_on_this_host);
  MPI_Comm_free(&here);
  if (name_hosts() != 0) return 1;
  // A short sleep is short; 50 microseconds more unless stated.
  prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
  *rank = own_rank;
  *size = rank_count;
  return 0;
}

void ecr_watch(int seconds) {
  if (rank_count > 1) ecr_begin_watch(everyone, own_rank, rank_count, seconds);
}

void ecr_gather(int count, void *const *starts, const size_t *words, int to_first) {
  int *sizes = malloc(2 * (size_t)count * (size_t)rank_count * sizeof *sizes + 1);
  MPI_Request *requests = malloc((size_t)count * sizeof *requests + 1);
  if (!sizes || !requests) ecr_lost("there is no memory to gather with");
  for (int span = 0; span < count; span++) {
    int *counts = sizes + 2 * (size_t)span * (size_t)rank_count;
    int *places = counts + rank_count;
    size_t place = 0;
    for (int rank = 0; rank < rank_count; rank++) {
      size_t part = words[(size_t)span * (size_t)rank_count + (size_t)rank];
      // Whoever decides what is shared has ruled it out.
      if (place > INT_MAX || part > INT_MAX) ecr_lost("more is to be sent at a time than MPI counts");
      counts[rank] = (int)part;
      places[rank] = (int)place;
      place += part;
    }
    if (!to_first) {
      ecr_check(MPI_Iallgatherv(
          MPI_IN_PLACE, 0, MPI_UINT32_T, starts[span], counts, places, MPI_UINT32_T, everyone, &requests[span]));
    } else if (own_rank == 0) {
      ecr_check(MPI_Igatherv(
          MPI_IN_PLACE, 0, MPI_UINT32_T, starts[span], counts, places, MPI_UINT32_T, 0, everyone, &requests[span]));
    } else {
      const unsigned *own = (const unsigned *)starts[span] + places[own_rank];
      ecr_check(MPI_Igatherv(
          own, counts[own_rank], MPI_UINT32_T, NULL, counts, places, MPI_UINT32_T, 0, everyone, &requests[span]));
    }
  }
  await(count, requests);
  free(requests);
  free(sizes);
}

void ecr_broadcast(void *start, size_t bytes) {
  const size_t most = (size_t)1 << 30;
  for (size_t place = 0; place < bytes; place += most) {
    size_t size = bytes - place < most ? bytes - place : most;
    MPI_Request request;
    ecr_check(MPI_Ibcast((char *)start + place, (int)size, MPI_BYTE, 0, everyone, &request));
    await(1, &request);
  }
}

void ecr_barrier(void) {
  MPI_Request request;
  ecr_check(MPI_Ibarrier(everyone, &request));
  await(1, &request);
}

void ecr_finish(void) {
  ecr_barrier();
  ecr_end_watch();
  MPI_Comm_free(&everyone);
  MPI_Finalize();
}

#else

// Without MPI there is nothing to build. C wants a declaration in every file.
typedef int ecr_without_mpi;

#endif
