// Every rank tells the next one, in a ring, that it is there. A rank that is stopped, or whose host is gone, is
// missed by the next: MPI itself would wait for it for ever.

#ifdef ECPIPE_MPI

#include "ecpipe_ranks.h"
#include "ranks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { beat_tag = 1, last_tag = 2 };

static MPI_Comm ring = MPI_COMM_NULL;
static int before, after, limit;
static atomic_int ending;
static pthread_t thread;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void *watch(void *unused) {
  (void)unused;
  int sent = 0, received = 0, has_sent_last = 0, has_heard_last = 0;
  MPI_Request sending = MPI_REQUEST_NULL, hearing = MPI_REQUEST_NULL;
  double heard = now(), told = 0, looked = heard;
  ecr_check(MPI_Irecv(&received, 1, MPI_INT, before, MPI_ANY_TAG, ring, &hearing));
  for (;;) {
    double time = now();
    // Where this process was stopped itself, with all others perhaps, nobody is late.
    if (time - looked > 2) heard = time;
    looked = time;
    int done = 0;
    MPI_Status status;
    while (!has_heard_last) {
      ecr_check(MPI_Test(&hearing, &done, &status));
      if (!done) break;
      heard = time;
      has_heard_last = status.MPI_TAG == last_tag;
      if (!has_heard_last) ecr_check(MPI_Irecv(&received, 1, MPI_INT, before, MPI_ANY_TAG, ring, &hearing));
    }
    ecr_check(MPI_Test(&sending, &done, MPI_STATUS_IGNORE));
    if (done && has_sent_last && has_heard_last) return NULL;
    int is_last = atomic_load(&ending);
    if (done && !has_sent_last && (is_last || time - told >= 1)) {
      sent = is_last;
      ecr_check(MPI_Isend(&sent, 1, MPI_INT, after, is_last ? last_tag : beat_tag, ring, &sending));
      told = time;
      has_sent_last = is_last;
    }
    if (!has_heard_last && time - heard > limit) {
      char text[80 + MPI_MAX_PROCESSOR_NAME];
      snprintf(
          text, sizeof text, "rank %d on %s has not answered for %d seconds", before, ecr_host(before), limit);
      ecr_lost(text);
    }
    struct timespec pause = {0, is_last ? 1000000 : 100000000};
    nanosleep(&pause, NULL);
  }
}

void ecr_begin_watch(MPI_Comm everyone, int rank, int size, int seconds) {
  ecr_check(MPI_Comm_dup(everyone, &ring));
  before = (rank + size - 1) % size;
  after = (rank + 1) % size;
  limit = seconds;
  if (pthread_create(&thread, NULL, watch, NULL) != 0) ecr_lost("there is no thread to watch the others");
}

void ecr_end_watch(void) {
  if (ring == MPI_COMM_NULL) return;
  atomic_store(&ending, 1);
  pthread_join(thread, NULL);
  MPI_Comm_free(&ring);
}

#else

typedef int ecr_no_watch_without_mpi;

#endif
