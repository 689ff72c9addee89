// Products with a strip and its squares where registers hold a few of its columns at a time.
#include "kernel.h"

typedef float eck_part __attribute__((vector_size(4 * ECK_STRIP_COLUMNS), aligned(4)));

// Rows i ..< i + R of a product with some columns of centred values and their squares.
ECK_INLINE void strip_tile(const int R, size_t k, size_t width, const float *h, size_t stride,
                           const float *strip, float *out) {
  eck_part sum[12] = {{0}};
  for (size_t p = 0; p < k; p++) {
    eck_part x = *(const eck_part *)(strip + p * width), square = x * x;
    ECK_UNROLL for (int r = 0; r < R; r++) {
      float weight = h[(size_t)r * stride + p];
      sum[2 * r] += x * weight;
      sum[2 * r + 1] += square * weight;
    }
  }
  ECK_UNROLL for (int r = 0; r < R; r++) {
    float *row = out + (size_t)r * 2 * width;
    *(eck_part *)row = sum[2 * r];
    *(eck_part *)(row + width) = sum[2 * r + 1];
  }
}

ECK_KERNEL(void, strip_product)
(size_t m, size_t k, size_t width, const float *h, size_t stride, const float *strip, float *out) {
  for (size_t j = 0; j < width; j += ECK_STRIP_COLUMNS) {
    size_t i = 0;
#define ROWS(COUNT)                                                                            \
  {                                                                                            \
    strip_tile(COUNT, k, width, h + i * stride, stride, strip + j, out + i * 2 * width + j);    \
    i += COUNT;                                                                                \
  }
    while (i + 6 <= m) ROWS(6)
    if (m - i >= 4) ROWS(4)
    if (m - i >= 2) ROWS(2)
    if (m - i >= 1) ROWS(1)
#undef ROWS
  }
}
