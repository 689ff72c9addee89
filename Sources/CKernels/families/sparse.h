// Products with a compressed matrix: row starts, indices and values of the survivors only. The batch
// is the vector dimension, so that every survivor costs whole registers and no gathers.
#include "vectors.h"

enum { GROUP = 8 };

// Of G rows from `starts` on, sum [G, 16 V] over survivors p of weight(p) * x[index[p], 16 V]; each row's
// survivors in their order.
ECK_INLINE void combine(const int G, const int V, const int32_t *starts, const int32_t *index,
                        const int32_t *source, const float *values, const float *x,
                        size_t x_stride, eck_floats *sum) {
#define ADD(U, P)                                                                              \
  {                                                                                            \
    const float *row = x + (size_t)(uint32_t)index[P] * x_stride;                              \
    float weight = source ? values[source[P]] : values[P];                                     \
    ECK_UNROLL for (int v = 0; v < V; v++) sum[(U)*V + v] += ECK_LOAD(row + LANES * v) * weight; \
  }
  size_t first[4], common = (size_t)(starts[1] - starts[0]);
  ECK_UNROLL for (int u = 0; u < G; u++) {
    first[u] = (size_t)starts[u];
    common = smaller(common, (size_t)(starts[u + 1] - starts[u]));
  }
  ECK_UNROLL for (int i = 0; i < G * V; i++) sum[i] = (eck_floats){0};
  for (size_t p = 0; p < common; p++) ECK_UNROLL for (int u = 0; u < G; u++) ADD(u, first[u] + p)
  if (G > 1)
    ECK_UNROLL for (int u = 0; u < G; u++)
      for (size_t p = first[u] + common; p < (size_t)starts[u + 1]; p++) ADD(u, p)
#undef ADD
}

ECK_INLINE void forward_rows(const int G, const int V, size_t i, const int32_t *starts,
                             const int32_t *index, const float *values, const float *bias,
                             int relu, const float *x, size_t x_stride, float *out,
                             size_t out_stride) {
  eck_floats sum[4];
  combine(G, V, starts + i, index, 0, values, x, x_stride, sum);
  ECK_UNROLL for (int u = 0; u < G; u++)
    ECK_UNROLL for (int v = 0; v < V; v++) {
      eck_floats z = sum[u * V + v] + bias[i + (size_t)u];
      if (relu) z = ECK_WHERE(~(z < 0), z);
      ECK_STORE(out + (i + (size_t)u) * out_stride + LANES * v, z);
    }
}

ECK_INLINE void forward(const int V, size_t rows, const int32_t *starts, const int32_t *index,
                        const float *values, const float *bias, int relu, const float *x,
                        size_t x_stride, float *out, size_t out_stride) {
  // Rows side by side where there are few columns, so that no sum waits for itself.
  const int G = 4 / V > 0 ? 4 / V : 1;
  size_t i = 0;
  for (; i + (size_t)G <= rows; i += (size_t)G)
    forward_rows(G, V, i, starts, index, values, bias, relu, x, x_stride, out, out_stride);
  for (; i < rows; i++)
    forward_rows(1, V, i, starts, index, values, bias, relu, x, x_stride, out, out_stride);
}

ECK_KERNEL(void, sparse_forward)
(size_t rows, size_t width, const int32_t *starts, const int32_t *index, const float *values,
 const float *bias, int relu, const float *x, size_t x_stride, float *out, size_t out_stride) {
  size_t j = 0;
  for (; j + 64 <= width; j += 64)
    forward(4, rows, starts, index, values, bias, relu, x + j, x_stride, out + j, out_stride);
  if (width - j >= 48) {
    forward(3, rows, starts, index, values, bias, relu, x + j, x_stride, out + j, out_stride);
    j += 48;
  }
  if (width - j >= 32) {
    forward(2, rows, starts, index, values, bias, relu, x + j, x_stride, out + j, out_stride);
    j += 32;
  }
  if (width - j >= 16)
    forward(1, rows, starts, index, values, bias, relu, x + j, x_stride, out + j, out_stride);
}

ECK_INLINE void backward(const int V, size_t rows, const int32_t *starts, const int32_t *index,
                         const int32_t *source, const float *values, const float *d,
                         size_t d_stride, const float *gate, float *out, size_t out_stride) {
  for (size_t i = 0; i < rows; i++) {
    eck_floats sum[4];
    combine(1, V, starts + i, index, source, values, d, d_stride, sum);
    ECK_UNROLL for (int v = 0; v < V; v++) {
      size_t at = i * out_stride + (size_t)(LANES * v);
      if (gate) sum[v] = ECK_WHERE(ECK_LOAD(gate + at) > 0, sum[v]);
      ECK_STORE(out + at, sum[v]);
    }
  }
}

ECK_KERNEL(void, sparse_backward)
(size_t rows, size_t width, const int32_t *starts, const int32_t *index, const int32_t *source,
 const float *values, const float *d, size_t d_stride, const float *gate, float *out,
 size_t out_stride) {
  size_t j = 0;
#define PIECE(V)                                                                                \
  {                                                                                             \
    backward(V, rows, starts, index, source, values, d + j, d_stride, gate ? gate + j : 0,      \
             out + j, out_stride);                                                              \
    j += LANES * V;                                                                             \
  }
  while (j + 64 <= width) PIECE(4)
  if (width - j >= 48) PIECE(3)
  if (width - j >= 32) PIECE(2)
  if (width - j >= 16) PIECE(1)
#undef PIECE
}

ECK_KERNEL(void, sparse_gradient)
(size_t rows, size_t width, const int32_t *starts, const int32_t *index, const float *d,
 size_t d_stride, const float *x, size_t x_stride, float *g) {
  const size_t origin = rows ? (size_t)starts[0] : 0;
  for (size_t i = 0; i < rows; i++) {
    const float *delta = d + i * d_stride;
    for (size_t p = (size_t)starts[i]; p < (size_t)starts[i + 1]; p += GROUP) {
      size_t live = (size_t)starts[i + 1] - p;
      const float *row[GROUP];
      ECK_UNROLL for (size_t u = 0; u < GROUP; u++)
        row[u] = x + (size_t)(uint32_t)index[p + (u < live ? u : 0)] * x_stride;
      eck_floats sum[GROUP] = {{0}};
      ECK_UNROLL for (int first = 0; first < GROUP; first += ECK_SUMS)
        for (size_t s = 0; s < width; s += LANES) {
          eck_floats dz = ECK_LOAD(delta + s);
          ECK_UNROLL for (int u = first; u < first + ECK_SUMS; u++)
            sum[u] += ECK_LOAD(row[u] + s) * dz;
        }
      if (live >= GROUP) {
        eck_lane_sums(sum, g + (p - origin));
      } else {
        float sums[GROUP];
        eck_lane_sums(sum, sums);
        for (size_t u = 0; u < live; u++) g[p - origin + u] = sums[u];
      }
    }
  }
}

ECK_KERNEL(void, sparse_vector)
(size_t rows, const int32_t *starts, const int32_t *index, const float *values, const float *bias,
 const float *x, float *z) {
  for (size_t i = 0; i < rows; i++) {
    size_t p = (size_t)starts[i], end = (size_t)starts[i + 1];
    float sum[GROUP] = {0};
    for (; p + GROUP <= end; p += GROUP)
      ECK_UNROLL for (size_t u = 0; u < GROUP; u++) sum[u] += values[p + u] * x[index[p + u]];
    for (; p < end; p++) sum[0] += values[p] * x[index[p]];
    float even = (sum[0] + sum[4]) + (sum[2] + sum[6]);
    float odd = (sum[1] + sum[5]) + (sum[3] + sum[7]);
    z[i] = bias[i] + (even + odd);
  }
}
