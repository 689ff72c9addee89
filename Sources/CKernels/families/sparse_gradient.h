// Gradients of a compressed matrix's survivors: for each the product of two rows of samples.
#include "sparse_columns.h"

// Survivors whose gradients are summed side by side.
enum { GROUP = ECK_SUMS >= 8 ? 8 : 4 };

// sum [ECK_SUMS] += over 16 columns; of them the first 8 where registers hold no more and the others are 0.
ECK_INLINE void add_half(const float *const *row, const float *delta, eck_floats *sum) {
  const eck_half dz = ECK_HALF(delta);
  ECK_UNROLL for (int u = 0; u < ECK_SUMS; u++) {
    eck_half low = ECK_MIX(sum[u], sum[u], 0, 1, 2, 3, 4, 5, 6, 7);
    eck_half high = ECK_MIX(sum[u], sum[u], 8, 9, 10, 11, 12, 13, 14, 15);
    low += ECK_HALF(row[u]) * dz;
    sum[u] = ECK_MIX(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
}

// sum [ECK_SUMS, 16] += the products of 16 V columns of `delta` with those of as many rows.
ECK_INLINE void add_products(const int V, const float *delta, const float *const *row,
                             eck_floats *sum) {
  if (ECK_SUMS >= 8) {
    // Where registers hold all of d as well, each row's lines are read in their order.
    eck_floats dz[4];
    ECK_UNROLL for (int v = 0; v < V; v++) dz[v] = ECK_LOAD(delta + LANES * v);
    ECK_UNROLL for (int u = 0; u < ECK_SUMS; u++)
      ECK_UNROLL for (int v = 0; v < V; v++) sum[u] += ECK_LOAD(row[u] + LANES * v) * dz[v];
  } else {
    ECK_UNROLL for (int v = 0; v < V; v++) {
      const eck_floats dz = ECK_LOAD(delta + LANES * v);
      ECK_UNROLL for (int u = 0; u < ECK_SUMS; u++) sum[u] += ECK_LOAD(row[u] + LANES * v) * dz;
    }
  }
}

// sum [ECK_SUMS, 16] = the products of `delta` with as many rows, over `whole` columns, and with H over half
// a register behind them. With V there are 16 V whole columns, which lie in `dz` too: then no address is
// counted up.
ECK_INLINE void products(const int V, const int H, size_t whole, const float *delta,
                         const eck_floats *dz, const float *const *rows, eck_floats *sum) {
  const float *row[ECK_SUMS];
  ECK_UNROLL for (int u = 0; u < ECK_SUMS; u++) {
    row[u] = rows[u];
    sum[u] = (eck_floats){0};
    ECK_UNROLL for (int v = 0; v < V; v++) sum[u] += ECK_LOAD(row[u] + LANES * v) * dz[v];
    row[u] += V * LANES;
  }
  delta += V * LANES;
#define PIECE(COUNT)                                \
  {                                                 \
    add_products(COUNT, delta, row, sum);           \
    delta += (COUNT)*LANES;                         \
    ECK_IN_REGISTER(delta);                         \
    ECK_UNROLL for (int u = 0; u < ECK_SUMS; u++) { \
      row[u] += (COUNT)*LANES;                      \
      ECK_IN_REGISTER(row[u]);                      \
    }                                               \
  }
  if (V == 0) {
    for (; whole >= 4 * LANES; whole -= 4 * LANES) PIECE(4)
    for (; whole > 0; whole -= LANES) PIECE(1)
  }
#undef PIECE
  if (H) add_half(row, delta, sum);
}

// The gradients of GROUP survivors of the row with `delta`.
ECK_INLINE void group_gradients(const int V, const int H, size_t whole, const float *delta,
                                const eck_floats *dz, const int32_t *index, const float *x,
                                size_t x_stride, float *g) {
  const float *row[GROUP];
  ECK_UNROLL for (int u = 0; u < GROUP; u++) {
    row[u] = x + (size_t)(uint32_t)index[u] * x_stride;
    if (V) ECK_IN_REGISTER(row[u]);
  }
  eck_floats sum[GROUP];
  ECK_UNROLL for (int u = 0; u < GROUP; u += ECK_SUMS)
    products(V, H, whole, delta, dz, row + u, sum + u);
  if (GROUP == 8)
    eck_lane_sums(sum, g);
  else
    eck_four_lane_sums(sum, g);
}

// Gradients over `whole` columns, 16 V where V is not 0, and with H over half a register behind them.
ECK_INLINE void gradients(const int V, const int H, size_t rows, size_t whole,
                          const int32_t *starts, const int32_t *index, const float *d,
                          size_t d_stride, const float *x, size_t x_stride, float *g) {
  const size_t origin = rows ? (size_t)starts[0] : 0, end = rows ? (size_t)starts[rows] : 0;
  for (size_t i = 0; i < rows; i++) {
    const float *delta = d + i * d_stride;
    eck_floats dz[4];
    ECK_UNROLL for (int v = 0; v < V; v++) dz[v] = ECK_LOAD(delta + LANES * v);
    size_t p = (size_t)starts[i];
    const size_t last = (size_t)starts[i + 1];
    // A row's last group may reach into the rows behind it, whose gradients come later: a place more than
    // the row has costs less than a branch that nobody foresees.
    for (; p < last && p + GROUP <= end; p += GROUP)
      group_gradients(V, H, whole, delta, dz, index + p, x, x_stride, g + (p - origin));
    if (p >= last) continue;
    int32_t present[GROUP] = {0};
    float sums[GROUP];
    for (size_t u = 0; p + u < last; u++) present[u] = index[p + u];
    group_gradients(V, H, whole, delta, dz, present, x, x_stride, sums);
    for (size_t u = 0; p + u < last; u++) g[p - origin + u] = sums[u];
  }
}

ECK_KERNEL(void, sparse_gradient)
(size_t rows, size_t width, size_t live, const int32_t *starts, const int32_t *index,
 const float *d, size_t d_stride, const float *x, size_t x_stride, float *g) {
  const block_columns parts = divided(width, live);
#define GRADIENTS(V, H) \
  gradients(V, H, rows, parts.whole, starts, index, d, d_stride, x, x_stride, g)
#define COLUMNS(V)                 \
  case (V)*LANES:                  \
    if (parts.has_half)            \
      GRADIENTS(V, 1);             \
    else                           \
      GRADIENTS(V, 0);             \
    break;
  switch (parts.whole) {
    COLUMNS(1)
    COLUMNS(2)
    COLUMNS(3)
    COLUMNS(4)
    default:
      if (parts.has_half)
        GRADIENTS(0, 1);
      else
        GRADIENTS(0, 0);
  }
#undef COLUMNS
#undef GRADIENTS
}
