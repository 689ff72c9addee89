// A compressed matrix times one sample, 8 rows at a time, one in each lane. Each row is summed as in
// `sparse_vector`: 8 sums in turn, what is left over to the first of them.
#include "lane_ends.h"

ECK_KERNEL(void, lane_vector)
(size_t first, size_t last, size_t rows, const int32_t *starts, const int32_t *tails,
 const int32_t *index, const float *values, const int32_t *order, const float *bias, int relu,
 const float *x, float *z) {
  for (size_t block = first; block < last; block++) {
    float sum[SUMS_OF_A_ROW][BLOCK_ROWS_BY_LANES] = {{0}}, total[BLOCK_ROWS_BY_LANES];
    const size_t begin = (size_t)starts[block], tail = (size_t)tails[block];
    for (size_t s = begin; s < (size_t)starts[block + 1]; s++) {
      float *to = sum[s < tail ? (s - begin) % SUMS_OF_A_ROW : 0];
      for (size_t l = 0; l < BLOCK_ROWS_BY_LANES; l++)
        to[l] += values[BLOCK_ROWS_BY_LANES * s + l] * x[index[BLOCK_ROWS_BY_LANES * s + l]];
    }
    for (size_t l = 0; l < BLOCK_ROWS_BY_LANES; l++) {
      float even = (sum[0][l] + sum[4][l]) + (sum[2][l] + sum[6][l]);
      float odd = (sum[1][l] + sum[5][l]) + (sum[3][l] + sum[7][l]);
      total[l] = even + odd;
    }
    finish_lanes(block, rows, order, bias, relu, total, z);
  }
}
