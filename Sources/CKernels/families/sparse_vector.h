// A compressed matrix times one sample, row by row.
#include "lane_ends.h"

ECK_KERNEL(void, sparse_vector)
(size_t rows, const int32_t *starts, const int32_t *index, const float *values, const float *bias,
 const float *x, float *z) {
  for (size_t i = 0; i < rows; i++) {
    size_t p = (size_t)starts[i], end = (size_t)starts[i + 1];
    float sum[SUMS_OF_A_ROW] = {0};
    for (; p + SUMS_OF_A_ROW <= end; p += SUMS_OF_A_ROW)
      ECK_UNROLL for (size_t u = 0; u < SUMS_OF_A_ROW; u++) sum[u] += values[p + u] * x[index[p + u]];
    for (; p < end; p++) sum[0] += values[p] * x[index[p]];
    float even = (sum[0] + sum[4]) + (sum[2] + sum[6]);
    float odd = (sum[1] + sum[5]) + (sum[3] + sum[7]);
    z[i] = bias[i] + (even + odd);
  }
}
