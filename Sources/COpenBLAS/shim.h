#include <cblas.h>
// mallopt, which no module of the C library has.
#include <malloc.h>

// LAPACK as OpenBLAS exports it, column-major, by Fortran's calling convention: Debian's package has the
// routines but no lapacke.h. The last argument is the hidden length of `uplo`.
void dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info,
             size_t uplo_length);
void dpotrs_(const char *uplo, const blasint *n, const blasint *nrhs, const double *a,
             const blasint *lda, double *b, const blasint *ldb, blasint *info, size_t uplo_length);

// What every product takes and gives back: OpenBLAS keeps the buffers it once had. It exports these, and
// no header of it has them.
void *blas_memory_alloc(int position);
void blas_memory_free(void *buffer);
