// Processes that MPI has started together. MPI's own header is macros, which Swift does not see, and differs
// from one MPI to the next: nothing of it stands here.
//
// All functions but ecr_library are called on the thread that called ecr_start. A failure of MPI
// ends the process with 75: the job cannot go on without one of its ranks.
#ifndef ECPIPE_RANKS_H
#define ECPIPE_RANKS_H

#include <stddef.h>

// Joins the others. Returns 0, or 1 where MPI does not start or allows no second thread.
int ecr_start(int *rank, int *size, int *ranks_on_this_host);

// What the library says of itself: name and version first, the rest as it likes. Needs no job; only one thread
// may ask. Empty where it does not say.
const char *ecr_library(void);

// The name of the host that a rank is on.
const char *ecr_host(int rank);

// From now on the ranks tell one another that they are there; a rank whose neighbour has not done so for `seconds`
// ends with 75, whereupon MPI ends the others.
void ecr_watch(int seconds);

// Completes `count` spans on every rank, or with `to_first` on rank 0 alone. Span i begins at starts[i]; its part
// of rank r has words[i * size + r] words of 4 bytes.
void ecr_gather(int count, void *const *starts, const size_t *words, int to_first);

// Copies `bytes` bytes from rank 0 to all others.
void ecr_broadcast(void *start, size_t bytes);

// Returns when every rank has called it.
void ecr_barrier(void);

// Leaves; every rank does so.
void ecr_finish(void);

#endif
