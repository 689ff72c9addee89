// What the files of this target share.
#ifndef ECPIPE_RANKS_SHARED_H
#define ECPIPE_RANKS_SHARED_H

#include <mpi.h>

// Ends the process with 75 and says why.
_Noreturn void ecr_lost(const char *what);

// Ends the process where a call of MPI has failed.
void ecr_check(int status);

void ecr_begin_watch(MPI_Comm everyone, int rank, int size, int seconds);
void ecr_end_watch(void);

#endif
