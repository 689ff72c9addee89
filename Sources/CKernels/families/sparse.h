// Products with a compressed matrix: row starts, indices and values of the survivors only. The batch
// is the vector dimension, so that every survivor costs whole registers and no gathers.
#include "sparse_columns.h"

// Rows side by side where there are few columns, so that no sum waits for itself: with AVX2 two of one register
// keep the processor busy, and fewer of their ends come unforeseen.
#define ROWS_ASIDE(V) ((V) == 0 ? 4 : (V) == 1 && ECK_SUMS < 8 ? 2 : 4 / (V))
// The same on the way up, where finding a survivor's value, by a place of its own, takes the time of half the sums.
#define ROWS_ASIDE_UP(V) ((V) == 0 ? 4 : (V) == 1 ? 2 : 4 / (V))

// Whether addresses are had by a shift: where rows of samples are a power of two apart. With AVX2 a
// multiplication takes the turn of one of samples; with AVX-512 it has a port beside these.
#define ECK_SHIFTS(STRIDE) (ECK_SUMS < 8 && ((STRIDE) & ((STRIDE)-1)) == 0)

ECK_INLINE size_t exponent(size_t power) { return (size_t)__builtin_ctzll(power); }

// Of G rows from `starts` on, sum [G, 16 V] over survivors p of weight(p) * x[index[p], 16 V], and with T the
// same of 8 columns behind them; each row's survivors in their order. With S the rows of x are 1 << x_stride
// apart, with C a survivor's value is values[source[p]].
ECK_INLINE void combine(const int G, const int V, const int T, const int S, const int C,
                        const int32_t *starts, const int32_t *index, const int32_t *source,
                        const float *values, const float *x, size_t x_stride, eck_floats *sum,
                        eck_half *rest) {
#define ADD(U, P)                                                                              \
  {                                                                                            \
    const size_t place = (uint32_t)index[P];                                                   \
    const float *row = x + (S ? place << x_stride : place * x_stride);                         \
    if (S) ECK_IN_REGISTER(row);                                                               \
    float weight = C ? values[source[P]] : values[P];                                          \
    ECK_UNROLL for (int v = 0; v < V; v++) sum[(U)*V + v] += ECK_LOAD(row + LANES * v) * weight; \
    if (T) rest[U] += ECK_HALF(row + LANES * V) * weight;                                      \
  }
  size_t first[4], common = (size_t)(starts[1] - starts[0]);
  ECK_UNROLL for (int u = 0; u < G; u++) {
    first[u] = (size_t)starts[u];
    common = smaller(common, (size_t)(starts[u + 1] - starts[u]));
  }
  ECK_UNROLL for (int i = 0; i < G * V; i++) sum[i] = (eck_floats){0};
  ECK_UNROLL for (int u = 0; u < G; u++) rest[u] = (eck_half){0};
  for (size_t p = 0; p < common; p++) ECK_UNROLL for (int u = 0; u < G; u++) ADD(u, first[u] + p)
  if (G > 1)
    ECK_UNROLL for (int u = 0; u < G; u++)
      for (size_t p = first[u] + common; p < (size_t)starts[u + 1]; p++) ADD(u, p)
#undef ADD
}

ECK_INLINE void forward_rows(const int G, const int V, const int T, const int S, size_t i,
                             const int32_t *starts, const int32_t *index, const float *values,
                             const float *bias, int relu, const float *x, size_t x_stride,
                             float *out, size_t out_stride) {
  eck_floats sum[4];
  eck_half rest[4];
  combine(G, V, T, S, 0, starts + i, index, 0, values, x, x_stride, sum, rest);
  ECK_UNROLL for (int u = 0; u < G; u++) {
    float *row = out + (i + (size_t)u) * out_stride;
    ECK_UNROLL for (int v = 0; v < V; v++) {
      eck_floats z = sum[u * V + v] + bias[i + (size_t)u];
      if (relu) z = ECK_WHERE(~(z < 0), z);
      ECK_STORE(row + LANES * v, z);
    }
    if (!T) continue;
    eck_half z = rest[u] + bias[i + (size_t)u];
    if (relu) z = ECK_HALF_WHERE(~(z < 0), z);
    ECK_STORE_HALF(row + LANES * V, z);
    ECK_STORE_HALF(row + LANES * V + HALF, (eck_half){0});
  }
}

ECK_INLINE void forward(const int V, const int T, const int S, size_t rows, const int32_t *starts,
                        const int32_t *index, const float *values, const float *bias, int relu,
                        const float *x, size_t x_stride, float *out,
                        size_t out_stride) {
  const int G = ROWS_ASIDE(V);
  size_t i = 0;
#define ROWS(COUNT)                                                                             \
  forward_rows(COUNT, V, T, S, i, starts, index, values, bias, relu, x, x_stride, out, out_stride)
  for (; i + (size_t)G <= rows; i += (size_t)G) ROWS(G);
  for (; i < rows; i++) ROWS(1);
#undef ROWS
}

ECK_INLINE void forward_pieces(const int S, size_t rows, block_columns parts,
                               const int32_t *starts, const int32_t *index, const float *values,
                               const float *bias, int relu, const float *x, size_t x_stride,
                               float *out, size_t out_stride) {
#define PIECE(V, T)                                                                                \
  forward(V, T, S, rows, starts, index, values, bias, relu, x + j, x_stride, out + j, out_stride);
  EACH_PIECE(parts)
#undef PIECE
}

ECK_KERNEL(void, sparse_forward)
(size_t rows, size_t width, size_t live, const int32_t *starts,
 const int32_t *index, const float *values, const float *bias, int relu, const float *x,
 size_t x_stride, float *out, size_t out_stride) {
  const block_columns parts = divided(width, live);
  if (ECK_SHIFTS(x_stride))
    forward_pieces(1, rows, parts, starts, index, values, bias, relu, x, exponent(x_stride), out,
                   out_stride);
  else
    forward_pieces(0, rows, parts, starts, index, values, bias, relu, x, x_stride, out, out_stride);
}

ECK_INLINE void backward_rows(const int G, const int V, const int T, size_t i,
                              const int32_t *starts, const int32_t *index, const int32_t *source,
                              const float *values, const float *d, size_t d_stride,
                              const float *gate, float *out,
                              size_t out_stride) {
  eck_floats sum[4];
  eck_half rest[4];
  combine(G, V, T, 0, 1, starts + i, index, source, values, d, d_stride, sum, rest);
  ECK_UNROLL for (int u = 0; u < G; u++) {
    const size_t at = (i + (size_t)u) * out_stride;
    ECK_UNROLL for (int v = 0; v < V; v++) {
      eck_floats value = sum[u * V + v];
      if (gate) value = ECK_WHERE(ECK_LOAD(gate + at + LANES * v) > 0, value);
      ECK_STORE(out + at + LANES * v, value);
    }
    if (!T) continue;
    eck_half value = rest[u];
    if (gate) value = ECK_HALF_WHERE(ECK_HALF(gate + at + LANES * V) > 0, value);
    ECK_STORE_HALF(out + at + LANES * V, value);
    ECK_STORE_HALF(out + at + LANES * V + HALF, (eck_half){0});
  }
}

ECK_INLINE void backward(const int V, const int T, size_t rows, const int32_t *starts,
                         const int32_t *index, const int32_t *source, const float *values,
                         const float *d, size_t d_stride, const float *gate,
                         float *out, size_t out_stride) {
  const int G = ROWS_ASIDE_UP(V);
  size_t i = 0;
#define ROWS(COUNT)                                                                             \
  backward_rows(COUNT, V, T, i, starts, index, source, values, d, d_stride, gate, out,    \
                out_stride)
  for (; i + (size_t)G <= rows; i += (size_t)G) ROWS(G);
  for (; i < rows; i++) ROWS(1);
#undef ROWS
}

ECK_KERNEL(void, sparse_backward)
(size_t rows, size_t width, size_t live, const int32_t *starts,
 const int32_t *index, const int32_t *source, const float *values, const float *d,
 size_t d_stride, const float *gate, float *out, size_t out_stride) {
  const block_columns parts = divided(width, live);
#define PIECE(V, T)                                                                             \
  backward(V, T, rows, starts, index, source, values, d + j, d_stride, gate ? gate + j : 0, \
           out + j, out_stride);
  EACH_PIECE(parts)
#undef PIECE
}
