// Products with a strip and its squares where registers hold all of its columns.
#include "transposition.h"

// Rows i ..< i + R of a product with V registers of centred values and V of their squares.
ECK_INLINE void strip_tile(const int R, const int V, size_t k, const float *h, size_t stride,
                           const float *strip, float *out) {
  eck_floats sum[24] = {{0}};
  for (size_t p = 0; p < k; p++) {
    eck_floats x[4];
    ECK_UNROLL for (int v = 0; v < V; v++) {
      x[v] = ECK_LOAD(strip + (p * (size_t)V + (size_t)v) * TILE);
      x[V + v] = x[v] * x[v];
    }
    ECK_UNROLL for (int r = 0; r < R; r++) {
      float weight = h[(size_t)r * stride + p];
      ECK_UNROLL for (int v = 0; v < 2 * V; v++) sum[r * 2 * V + v] += x[v] * weight;
    }
  }
  ECK_UNROLL for (int i = 0; i < R * 2 * V; i++) ECK_STORE(out + TILE * i, sum[i]);
}

ECK_INLINE void strip_rows(const int R, const int V, size_t m, size_t k, const float *h,
                           size_t stride, const float *strip, float *out) {
  size_t i = 0;
  const size_t width = 2 * TILE * (size_t)V;
  for (; i + (size_t)R <= m; i += (size_t)R)
    strip_tile(R, V, k, h + i * stride, stride, strip, out + i * width);
  for (; i + 4 <= m; i += 4) strip_tile(4, V, k, h + i * stride, stride, strip, out + i * width);
  for (; i < m; i++) strip_tile(1, V, k, h + i * stride, stride, strip, out + i * width);
}

ECK_KERNEL(void, strip_product)
(size_t m, size_t k, size_t width, const float *h, size_t stride, const float *strip, float *out) {
  if (width == STRIP)
    strip_rows(6, 2, m, k, h, stride, strip, out);
  else
    strip_rows(8, 1, m, k, h, stride, strip, out);
}
