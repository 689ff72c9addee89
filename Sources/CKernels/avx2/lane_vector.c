// A step's 8 inputs come by one instruction.
#if defined(__x86_64__)
#include <immintrin.h>

#include "set.h"

#include "../families/lane_ends.h"

ECK_TARGET ECK_INLINE __m256 step(size_t s, const int32_t *index, const float *values,
                                  const float *x, __m256 sum) {
  __m256i places = _mm256_loadu_si256((const __m256i *)(index + BLOCK_ROWS_BY_LANES * s));
  __m256 inputs = _mm256_i32gather_ps(x, places, sizeof(float));
  return _mm256_fmadd_ps(_mm256_loadu_ps(values + BLOCK_ROWS_BY_LANES * s), inputs, sum);
}

ECK_KERNEL(void, lane_vector)
(size_t first, size_t last, size_t rows, const int32_t *starts, const int32_t *tails,
 const int32_t *index, const float *values, const int32_t *order, const float *bias, int relu,
 const float *x, float *z) {
  for (size_t block = first; block < last; block++) {
    __m256 sum[SUMS_OF_A_ROW];
    ECK_UNROLL for (int u = 0; u < SUMS_OF_A_ROW; u++) sum[u] = _mm256_setzero_ps();
    size_t s = (size_t)starts[block], tail = (size_t)tails[block];
    for (; s < tail; s += SUMS_OF_A_ROW)
      ECK_UNROLL for (size_t u = 0; u < SUMS_OF_A_ROW; u++)
        sum[u] = step(s + u, index, values, x, sum[u]);
    for (; s < (size_t)starts[block + 1]; s++) sum[0] = step(s, index, values, x, sum[0]);
    __m256 even = _mm256_add_ps(_mm256_add_ps(sum[0], sum[4]), _mm256_add_ps(sum[2], sum[6]));
    __m256 odd = _mm256_add_ps(_mm256_add_ps(sum[1], sum[5]), _mm256_add_ps(sum[3], sum[7]));
    float total[BLOCK_ROWS_BY_LANES];
    _mm256_storeu_ps(total, _mm256_add_ps(even, odd));
    finish_lanes(block, rows, order, bias, relu, total, z);
  }
}
#endif
