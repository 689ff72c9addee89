// What goes with dense products, row by row.
#include "vectors.h"

ECK_KERNEL(void, finish_rows)
(size_t m, size_t n, float *c, size_t stride, const float *bias, int relu, const float *gate) {
  for (size_t i = 0; i < m; i++) {
    float *row = c + i * stride, shift = bias ? bias[i] : 0;
    const float *open = gate ? gate + i * stride : 0;
    for (size_t j = 0; j < n; j++) {
      float value = row[j] + shift;
      value = relu && value < 0 ? 0 : value;
      row[j] = open && !(open[j] > 0) ? 0 : value;
    }
  }
}

// Eight rows at a time, 16 lanes each; the rows behind the last repeat it.
ECK_KERNEL(void, dense_vector)
(size_t rows, size_t columns, const float *w, const float *bias, const float *x, float *z) {
  for (size_t i = 0; i < rows; i += 8) {
    const float *row[8];
    eck_floats sum[8] = {{0}};
    float total[8];
    size_t j = 0;
    ECK_UNROLL for (size_t r = 0; r < 8; r++)
      row[r] = w + (i + r < rows ? i + r : rows - 1) * columns;
    for (; j + LANES <= columns; j += LANES)
      ECK_UNROLL for (int r = 0; r < 8; r++) sum[r] += ECK_LOAD(row[r] + j) * ECK_LOAD(x + j);
    eck_lane_sums(sum, total);
    for (size_t r = 0; r < 8 && i + r < rows; r++) {
      for (size_t l = j; l < columns; l++) total[r] += row[r][l] * x[l];
      z[i + r] = bias[i + r] + total[r];
    }
  }
}
