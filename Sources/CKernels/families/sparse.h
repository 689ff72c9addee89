// Products with a compressed matrix: row starts, indices and values of the survivors only. The batch
// is the vector dimension, so that every survivor costs whole registers and no gathers.
#include "vectors.h"

enum {
  GROUP = 8,
  // Samples behind the last whole register that are taken as half of one where registers hold no more.
  HALF = 8
};

typedef float eck_half __attribute__((vector_size(4 * HALF), aligned(4)));

typedef int32_t eck_half_masks __attribute__((vector_size(4 * HALF), aligned(4)));

#define ECK_HALF(address) (*(const eck_half *)(address))
#define ECK_STORE_HALF(address, value) (*(eck_half *)(address) = (value))
#define ECK_HALF_WHERE(comparison, x) ((eck_half)((eck_half_masks)(x) & (eck_half_masks)(comparison)))

// The columns of a block: those in whole registers, and half a register behind them. With the registers of
// AVX-512 a half would cost the same: there it is the line of the cache that takes its time.
typedef struct {
  size_t whole;
  int has_half;
} block_columns;

ECK_INLINE block_columns divided(size_t width, size_t live) {
  const int has_half = ECK_SUMS < GROUP && live % LANES > 0 && live % LANES <= HALF;
  return (block_columns){has_half ? width - LANES : width, has_half};
}

// What happens in pieces of whole registers, and with the last of them to the half: PIECE(V, T) for V
// registers and T halves.
#define EACH_PIECE(COLUMNS)                                          \
  size_t j = 0;                                                      \
  for (; (COLUMNS).whole - j > 4 * LANES; j += 4 * LANES) PIECE(4, 0) \
  switch ((COLUMNS).whole - j) {                                     \
    case 4 * LANES: LAST_PIECE(COLUMNS, 4)                           \
    case 3 * LANES: LAST_PIECE(COLUMNS, 3)                           \
    case 2 * LANES: LAST_PIECE(COLUMNS, 2)                           \
    case LANES: LAST_PIECE(COLUMNS, 1)                               \
    default:                                                         \
      if ((COLUMNS).has_half) PIECE(0, 1)                            \
  }
#define LAST_PIECE(COLUMNS, V)   \
  if ((COLUMNS).has_half)        \
    PIECE(V, 1)                  \
  else                           \
    PIECE(V, 0)                  \
  break;

// Rows side by side where there are few columns, so that no sum waits for itself.
#define ROWS_ASIDE(V) ((V) == 0 ? 4 : 4 / (V))
// The same on the way up, where every survivor has its value by a place of its own: that takes registers.
#define ROWS_ASIDE_UP(V) (ECK_SUMS >= GROUP || (V) == 0 ? ROWS_ASIDE(V) : 1)

// Of G rows from `starts` on, sum [G, 16 V] over survivors p of weight(p) * x[index[p], 16 V], and with T the
// same of 8 columns behind them; each row's survivors in their order.
ECK_INLINE void combine(const int G, const int V, const int T, const int32_t *starts,
                        const int32_t *index, const int32_t *source, const float *values,
                        const float *x, size_t x_stride, eck_floats *sum, eck_half *rest) {
#define ADD(U, P)                                                                              \
  {                                                                                            \
    const float *row = x + (size_t)(uint32_t)index[P] * x_stride;                              \
    float weight = source ? values[source[P]] : values[P];                                     \
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

ECK_INLINE void forward_rows(const int G, const int V, const int T, size_t i,
                             const int32_t *starts, const int32_t *index, const float *values,
                             const float *bias, int relu, const float *x, size_t x_stride,
                             float *out, size_t out_stride) {
  eck_floats sum[4];
  eck_half rest[4];
  combine(G, V, T, starts + i, index, 0, values, x, x_stride, sum, rest);
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

ECK_INLINE void forward(const int V, const int T, size_t rows, const int32_t *starts,
                        const int32_t *index, const float *values, const float *bias, int relu,
                        const float *x, size_t x_stride, float *out,
                        size_t out_stride) {
  const int G = ROWS_ASIDE(V);
  size_t i = 0;
#define ROWS(COUNT)                                                                             \
  forward_rows(COUNT, V, T, i, starts, index, values, bias, relu, x, x_stride, out, out_stride)
  for (; i + (size_t)G <= rows; i += (size_t)G) ROWS(G);
  for (; i < rows; i++) ROWS(1);
#undef ROWS
}

ECK_KERNEL(void, sparse_forward)
(size_t rows, size_t width, size_t live, const int32_t *starts,
 const int32_t *index, const float *values, const float *bias, int relu, const float *x,
 size_t x_stride, float *out, size_t out_stride) {
  const block_columns parts = divided(width, live);
#define PIECE(V, T)                                                                             \
  forward(V, T, rows, starts, index, values, bias, relu, x + j, x_stride, out + j, out_stride);
  EACH_PIECE(parts)
#undef PIECE
}

ECK_INLINE void backward_rows(const int G, const int V, const int T, size_t i,
                              const int32_t *starts, const int32_t *index, const int32_t *source,
                              const float *values, const float *d, size_t d_stride,
                              const float *gate, float *out,
                              size_t out_stride) {
  eck_floats sum[4];
  eck_half rest[4];
  combine(G, V, T, starts + i, index, source, values, d, d_stride, sum, rest);
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

// sum [GROUP] += over 16 columns; of them the first 8 where registers hold no more and the others are 0.
ECK_INLINE void add_half(const int first, const float *const *row, size_t s, const float *delta,
                         eck_floats *sum) {
  const eck_half dz = ECK_HALF(delta + s);
  ECK_UNROLL for (int u = first; u < first + ECK_SUMS; u++) {
    eck_half low = ECK_MIX(sum[u], sum[u], 0, 1, 2, 3, 4, 5, 6, 7);
    eck_half high = ECK_MIX(sum[u], sum[u], 8, 9, 10, 11, 12, 13, 14, 15);
    low += ECK_HALF(row[u] + s) * dz;
    sum[u] = ECK_MIX(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
}

// Gradients over `whole` columns, and with H over half a register behind them.
ECK_INLINE void gradients(const int H, size_t rows, size_t whole, const int32_t *starts,
                          const int32_t *index, const float *d, size_t d_stride, const float *x,
                          size_t x_stride, float *g) {
  const size_t origin = rows ? (size_t)starts[0] : 0;
  for (size_t i = 0; i < rows; i++) {
    const float *delta = d + i * d_stride;
    for (size_t p = (size_t)starts[i]; p < (size_t)starts[i + 1]; p += GROUP) {
      size_t present = (size_t)starts[i + 1] - p;
      const float *row[GROUP];
      ECK_UNROLL for (size_t u = 0; u < GROUP; u++)
        row[u] = x + (size_t)(uint32_t)index[p + (u < present ? u : 0)] * x_stride;
      eck_floats sum[GROUP] = {{0}};
      ECK_UNROLL for (int first = 0; first < GROUP; first += ECK_SUMS) {
        size_t done = 0;
        // Where registers hold four of d as well, each row's lines are read in their order.
        if (ECK_SUMS >= GROUP)
          for (; done + 4 * LANES <= whole; done += 4 * LANES) {
            eck_floats dz[4];
            ECK_UNROLL for (int v = 0; v < 4; v++) dz[v] = ECK_LOAD(delta + done + LANES * v);
            ECK_UNROLL for (int u = first; u < first + ECK_SUMS; u++)
              ECK_UNROLL for (int v = 0; v < 4; v++)
                sum[u] += ECK_LOAD(row[u] + done + LANES * v) * dz[v];
          }
        for (size_t s = done; s < whole; s += LANES) {
          eck_floats dz = ECK_LOAD(delta + s);
          ECK_UNROLL for (int u = first; u < first + ECK_SUMS; u++)
            sum[u] += ECK_LOAD(row[u] + s) * dz;
        }
        if (H) add_half(first, row, whole, delta, sum);
      }
      if (present >= GROUP) {
        eck_lane_sums(sum, g + (p - origin));
      } else {
        float sums[GROUP];
        eck_lane_sums(sum, sums);
        for (size_t u = 0; u < present; u++) g[p - origin + u] = sums[u];
      }
    }
  }
}

ECK_KERNEL(void, sparse_gradient)
(size_t rows, size_t width, size_t live, const int32_t *starts, const int32_t *index,
 const float *d, size_t d_stride, const float *x, size_t x_stride, float *g) {
  const block_columns parts = divided(width, live);
  if (parts.has_half)
    gradients(1, rows, parts.whole, starts, index, d, d_stride, x, x_stride, g);
  else
    gradients(0, rows, parts.whole, starts, index, d, d_stride, x, x_stride, g);
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
