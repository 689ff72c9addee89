// Sums in a fixed order: 16 lanes, then the lanes in turn.
#include "vectors.h"

#define ECK_LANE_SUM(TERM)                                                 \
  double lanes[LANES] = {0};                                               \
  size_t whole = n & ~(size_t)(LANES - 1);                                 \
  for (size_t i = 0; i < whole; i += LANES)                                \
    for (size_t j = 0; j < LANES; j++) {                                   \
      double value = (double)x[i + j];                                     \
      lanes[j] += (TERM);                                                  \
    }                                                                      \
  double sum = 0;                                                          \
  for (size_t j = 0; j < LANES; j++) sum += lanes[j];                      \
  for (size_t i = whole; i < n; i++) {                                     \
    double value = (double)x[i];                                           \
    sum += (TERM);                                                         \
  }

ECK_KERNEL(double, sum)
(size_t n, const float *x) {
  ECK_LANE_SUM(value)
  return sum;
}

ECK_KERNEL(double, sum_squares)
(size_t n, const float *x) {
  ECK_LANE_SUM(value * value)
  return sum;
}

// 8 rows at a time, 16 lanes a row; the rows behind the last repeat it.
ECK_KERNEL(void, block_row_sums)
(size_t rows, size_t n, size_t stride, const float *matrix, float *sums) {
  for (size_t row = 0; row < rows; row += 8) {
    const float *x[8];
    eck_floats lanes[8] = {{0}};
    float total[8];
    ECK_UNROLL for (size_t r = 0; r < 8; r++)
      x[r] = matrix + (row + r < rows ? row + r : rows - 1) * stride;
    for (size_t i = 0; i < n; i += LANES)
      ECK_UNROLL for (int r = 0; r < 8; r++) lanes[r] += ECK_LOAD(x[r] + i);
    eck_lane_sums(lanes, total);
    for (size_t r = 0; r < 8 && row + r < rows; r++) sums[row + r] = total[r];
  }
}

ECK_KERNEL(int, all_finite)
(size_t n, const float *x) {
  uint32_t bad = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, sizeof bits);
    bad |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return !bad;
}
