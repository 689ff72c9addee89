// A tile of a dense product: it stays in registers while the inner dimension runs.
#ifndef ECK_PRODUCT_TILE_H
#define ECK_PRODUCT_TILE_H

#include "vectors.h"

// What happens to a tile beside the product.
typedef struct {
  const float *bias;  // of the tile's first row; NULL for none
  const float *gate;  // as the result, zero where this is not above 0; NULL for none
  int adds;           // the result's old value is added
  int relu;
} tile_ends;

// What later tiles will read, asked for into the second-level cache: a line a step, `step` floats apart.
typedef struct {
  const float *start;
  size_t step;
} asked_lines;

// c [R, 16 V] = a [R, k] b [k, 16 V]; element (r, p) of a is a[r * row_step + p * k_step]. `asked` may be
// NULL.
ECK_INLINE void tile(const int R, const int V, size_t k, const float *a, size_t row_step,
                     size_t k_step, const float *b, size_t b_stride, float *c, size_t c_stride,
                     const tile_ends *ends, const asked_lines *asked) {
  eck_floats sum[24] = {{0}};
  if (ends->adds) {
    ECK_UNROLL for (int r = 0; r < R; r++)
      ECK_UNROLL for (int v = 0; v < V; v++)
        sum[r * V + v] = ECK_LOAD(c + (size_t)r * c_stride + LANES * v);
  }
  for (size_t p = 0; p < k; p++) {
    eck_floats x[4];
    if (asked) __builtin_prefetch(asked->start + p * asked->step, 0, 2);
    ECK_UNROLL for (int v = 0; v < V; v++) x[v] = ECK_LOAD(b + p * b_stride + LANES * v);
    ECK_UNROLL for (int r = 0; r < R; r++) {
      float weight = a[(size_t)r * row_step + p * k_step];
      ECK_UNROLL for (int v = 0; v < V; v++) sum[r * V + v] += x[v] * weight;
    }
  }
  if (ends->bias) {
    ECK_UNROLL for (int r = 0; r < R; r++)
      ECK_UNROLL for (int v = 0; v < V; v++) sum[r * V + v] += ends->bias[r];
  }
  if (ends->relu) {
    ECK_UNROLL for (int i = 0; i < R * V; i++) sum[i] = ECK_WHERE(~(sum[i] < 0), sum[i]);
  }
  if (ends->gate) {
    ECK_UNROLL for (int r = 0; r < R; r++)
      ECK_UNROLL for (int v = 0; v < V; v++) {
        eck_floats gate = ECK_LOAD(ends->gate + (size_t)r * c_stride + LANES * v);
        sum[r * V + v] = ECK_WHERE(gate > 0, sum[r * V + v]);
      }
  }
  ECK_UNROLL for (int r = 0; r < R; r++)
    ECK_UNROLL for (int v = 0; v < V; v++)
      ECK_STORE(c + (size_t)r * c_stride + LANES * v, sum[r * V + v]);
}

#endif
