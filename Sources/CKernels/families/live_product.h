// Products on blocks whose last columns are padding. Few columns beside whole registers would take as long
// as 16: there 16 rows of the result share a register instead. Every output is summed in the same order as
// in `product`, to the same bits.
#include "transposition.h"

enum {
  // Columns that are taken this way, at most, and where rows have to be turned for it.
  MOST_COLUMNS = 2 * ECK_SUMS < 8 ? 2 * ECK_SUMS : 8,
  MOST_TURNED = ECK_SUMS < 4 ? 1 : 4
};

// Where registers do not hold as many sums, half of the columns at a time.
#define HALVES(N, V) ((N) * (V) > ECK_SUMS ? 2 : 1)

// sum [N, V] = a [16 V, k] b [k, N], with the rows of a next to one another.
ECK_INLINE void sum_columns(const int N, const int V, size_t k, const float *a, size_t k_step,
                            const float *b, size_t b_stride, eck_floats *sum) {
  ECK_UNROLL for (int i = 0; i < N * V; i++) sum[i] = (eck_floats){0};
  for (size_t p = 0; p < k; p++) {
    eck_floats w[4];
    ECK_UNROLL for (int v = 0; v < V; v++) w[v] = ECK_LOAD(a + p * k_step + TILE * v);
    ECK_UNROLL for (int j = 0; j < N; j++) {
      float x = b[p * b_stride + (size_t)j];
      ECK_UNROLL for (int v = 0; v < V; v++) sum[j * V + v] += w[v] * x;
    }
  }
}

ECK_INLINE void all_columns(const int N, const int V, size_t k, const float *a, size_t k_step,
                            const float *b, size_t b_stride, eck_floats *sum) {
  const int part = N / HALVES(N, V);
  for (int j = 0; j < N; j += part)
    sum_columns(part, V, k, a, k_step, b + j, b_stride, sum + j * V);
}

// sum [N] = a [16, k] b [k, N], with the steps of a next to one another; rows behind the last repeat it.
ECK_INLINE void sum_rows(const int N, size_t rows, size_t k, const float *a, size_t row_step,
                         const float *b, size_t b_stride, eck_floats *sum) {
  eck_floats in[TILE], turned[TILE];
  ECK_UNROLL for (int j = 0; j < N; j++) sum[j] = (eck_floats){0};
  size_t p = 0;
  for (; p + TILE <= k; p += TILE) {
    ECK_UNROLL for (size_t i = 0; i < TILE; i++)
      in[i] = ECK_LOAD(a + smaller(i, rows - 1) * row_step + p);
    transpose(in, turned);
    ECK_UNROLL for (size_t q = 0; q < TILE; q++)
      ECK_UNROLL for (int j = 0; j < N; j++)
        sum[j] += turned[q] * b[(p + q) * b_stride + (size_t)j];
  }
  if (p == k) return;
  for (size_t i = 0; i < TILE; i++)
    load_partial(k - p, a + smaller(i, rows - 1) * row_step + p, &in[i]);
  transpose(in, turned);
  for (size_t q = 0; p + q < k; q++)
    ECK_UNROLL for (int j = 0; j < N; j++) sum[j] += turned[q] * b[(p + q) * b_stride + (size_t)j];
}

// Ends of 16 rows and `live` columns, each V sums apart; the columns behind them become 0.
ECK_INLINE void finish_columns(size_t live, const int V, size_t rows, const eck_floats *sum,
                               float *c, size_t c_stride, const float *bias, int relu,
                               const float *gate) {
  eck_floats in[TILE], turned[TILE], shift = {0};
  if (bias) load_partial(rows, bias, &shift);
  for (size_t j = 0; j < TILE; j++) {
    in[j] = (eck_floats){0};
    if (j >= live) continue;
    in[j] = sum[j * (size_t)V];
    if (bias) in[j] += shift;
    if (relu) in[j] = ECK_WHERE(~(in[j] < 0), in[j]);
  }
  transpose(in, turned);
  for (size_t r = 0; r < rows; r++) {
    eck_floats value = turned[r];
    if (gate) value = ECK_WHERE(ECK_LOAD(gate + r * c_stride) > 0, value);
    ECK_STORE(c + r * c_stride, value);
  }
}

// c [m, 16] with `live` columns, up to N, of which the others become 0.
ECK_INLINE void few_columns(const int N, const int V, size_t live, size_t m, size_t k,
                            const float *a, size_t row_step, size_t k_step, const float *b,
                            size_t b_stride, float *c, size_t c_stride, const float *bias,
                            int relu, const float *gate) {
  size_t i = 0;
  eck_floats sum[8];
#define FINISH(OFFSET, ROWS)                                                                    \
  finish_columns(live, V_OF_SUMS, ROWS, sum + (OFFSET), c + i * c_stride, c_stride,             \
                 bias ? bias + i : 0, relu, gate ? gate + i * c_stride : 0)
  if (row_step == 1) {
#define V_OF_SUMS V
    while (i + (size_t)(TILE * V) <= m) {
      all_columns(N, V, k, a + i, k_step, b, b_stride, sum);
      for (int v = 0; v < V; v++, i += TILE) FINISH(v, TILE);
    }
#undef V_OF_SUMS
#define V_OF_SUMS 1
    while (i + TILE <= m) {
      all_columns(N, 1, k, a + i, k_step, b, b_stride, sum);
      FINISH(0, TILE);
      i += TILE;
    }
    if (i == m) return;
    if (m >= TILE) {
      // Over rows that are done already: they get the same values again.
      i = m - TILE;
      all_columns(N, 1, k, a + i, k_step, b, b_stride, sum);
      FINISH(0, TILE);
      return;
    }
  }
  for (; i < m; i += TILE) {
    const size_t rows = smaller(m - i, TILE);
    if (row_step == 1) {
      float beside[TILE * TILE];
      // A few rows: each step's, with what lies behind them left out.
      ECK_UNROLL for (int j = 0; j < N; j++) sum[j] = (eck_floats){0};
      for (size_t p = 0; p < k; p++) {
        load_partial(rows, a + p * k_step, (eck_floats *)beside);
        ECK_UNROLL for (int j = 0; j < N; j++)
          sum[j] += ECK_LOAD(beside) * b[p * b_stride + (size_t)j];
      }
    } else {
      sum_rows(N, rows, k, a + i * row_step, row_step, b, b_stride, sum);
    }
    FINISH(0, rows);
  }
#undef V_OF_SUMS
#undef FINISH
}

ECK_KERNEL(void, live_product)
(size_t m, size_t n, size_t live, size_t k, const float *a, size_t row_step, size_t k_step,
 const float *b, size_t b_stride, float *c, size_t c_stride, const float *bias, int relu,
 const float *gate) {
  const size_t rest = live % TILE, whole = live - rest;
  if (rest == 0 || rest > (row_step == 1 ? MOST_COLUMNS : MOST_TURNED)) {
    ECK_NAME(product)
    (m, n, k, a, row_step, k_step, b, b_stride, c, c_stride, bias, relu, gate);
    return;
  }
  if (whole)
    ECK_NAME(product)
    (m, whole, k, a, row_step, k_step, b, b_stride, c, c_stride, bias, relu, gate);
  b += whole;
  c += whole;
  if (gate) gate += whole;
#define FEW(N, V)                                                                               \
  few_columns(N, V, rest, m, k, a, row_step, k_step, b, b_stride, c, c_stride, bias, relu, gate)
  if (rest == 1) FEW(1, 4 < ECK_SUMS ? 4 : ECK_SUMS);
  else if (rest == 2) FEW(2, ECK_SUMS >= 8 ? 4 : ECK_SUMS / 2);
  else if (rest <= 4) FEW(4, ECK_SUMS >= 4 ? ECK_SUMS / 4 : 1);
  else FEW(8, 1);
#undef FEW
}
