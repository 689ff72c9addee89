#include <cblas.h>

// LAPACK as OpenBLAS exports it, column-major, by Fortran's calling convention: Debian's package has the
// routines but no lapacke.h. The last argument is the hidden length of `uplo`.
void dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info,
             size_t uplo_length);
void dpotrs_(const char *uplo, const blasint *n, const blasint *nrhs, const double *a,
             const blasint *lda, double *b, const blasint *ldb, blasint *info, size_t uplo_length);
