// Dense products of a training step on the batch as the vector dimension, without copies of the
// operands: a tile of the result stays in registers while the inner dimension runs.
#include <string.h>

#include "product_tile.h"

enum {
  // Inner steps of one sweep: 64 columns of B for so many steps stay in the second-level cache.
  SWEEP = 1024,
  // Rows and inner steps of A that are copied together.
  PANEL = 48,
  PANEL_LENGTH = 256,
  // Columns of B that are taken together, and how many inner steps of them are copied together, at most: 48 KiB,
  // about as much as a first-level cache has.
  WIDE = 4 * LANES,
  WIDE_LENGTH = 192
};

// All rows of one strip of 16 V columns, R rows at a time, then the rest in powers of two.
ECK_INLINE void strip(const int R, const int V, size_t m, size_t k, const float *a,
                      size_t row_step, size_t k_step, const float *b, size_t b_stride, float *c,
                      size_t c_stride, tile_ends ends) {
  size_t i = 0;
#define ROWS(COUNT)                                                                            \
  {                                                                                            \
    tile(COUNT, V, k, a + i * row_step, row_step, k_step, b, b_stride, c + i * c_stride,       \
         c_stride, &ends, 0);                                                                  \
    i += COUNT;                                                                                \
    ends.bias = ends.bias ? ends.bias + COUNT : 0;                                             \
    ends.gate = ends.gate ? ends.gate + COUNT * c_stride : 0;                                  \
  }
  // The last ten rows of two registers are taken six and four at a time: two would wait for their own sums.
  const size_t last = R == 8 && V == 2 && m >= 10 && m % 8 == 2 ? 10 : 0;
  while (i + R + last <= m) ROWS(R)
  if (last) ROWS(6)
  if (m - i >= 4) ROWS(4)
  if (m - i >= 2) ROWS(2)
  if (m - i >= 1) ROWS(1)
#undef ROWS
}

// Fewer columns than a register has, by way of a strip beside the result.
ECK_INLINE void narrow(size_t m, size_t n, size_t k, const float *a, size_t row_step,
                       size_t k_step, const float *b, size_t b_stride, float *c, size_t c_stride) {
  float beside[PANEL * LANES] __attribute__((aligned(64)));
  const tile_ends none = {0, 0, 0, 0};
  for (size_t i = 0; i < m; i += PANEL) {
    const size_t rows = smaller(m - i, PANEL);
    strip(8, 1, rows, k, a + i * row_step, row_step, k_step, b, b_stride, beside, LANES, none);
    for (size_t r = 0; r < rows; r++)
      memcpy(c + (i + r) * c_stride, beside + r * LANES, sizeof(float) * n);
  }
}

// The strips of WIDE columns, each copied first. Returns how many columns they have. A call, because few
// products need it.
ECK_TARGET static __attribute__((noinline)) size_t
copied_strips(size_t m, size_t n, size_t k, const float *a, size_t row_step, size_t k_step,
              const float *b, size_t b_stride, float *c, size_t c_stride, tile_ends ends) {
  float columns[WIDE * WIDE_LENGTH] __attribute__((aligned(64)));
  const float *gate = ends.gate;
  size_t j = 0;
  for (; j + WIDE <= n; j += WIDE) {
    for (size_t p = 0; p < k; p++)
      ECK_UNROLL for (size_t v = 0; v < WIDE; v += LANES)
        ECK_STORE(columns + p * WIDE + v, ECK_LOAD(b + p * b_stride + j + v));
    ends.gate = gate ? gate + j : 0;
    strip(6, WIDE / LANES, m, k, a, row_step, k_step, columns, WIDE, c + j, c_stride, ends);
  }
  return j;
}

// One run over the inner dimension for all strips of columns; m is at most PANEL where old values are
// added and n is no multiple of LANES; k is at most WIDE_LENGTH where columns are copied.
ECK_INLINE void sweep(size_t m, size_t n, size_t k, const float *a, size_t row_step, size_t k_step,
                      const float *b, size_t b_stride, float *c, size_t c_stride, tile_ends ends,
                      int copies_columns) {
  size_t j = 0;
  const float *gate = ends.gate;
  if (copies_columns)
    j = copied_strips(m, n, k, a, row_step, k_step, b, b_stride, c, c_stride, ends);
#define COLUMNS(R, V)                                                                          \
  {                                                                                            \
    ends.gate = gate ? gate + j : 0;                                                           \
    strip(R, V, m, k, a, row_step, k_step, b + j, b_stride, c + j, c_stride, ends);            \
    j += LANES * V;                                                                            \
  }
  while (j + WIDE <= n) COLUMNS(6, 4)
  if (n - j >= 32) COLUMNS(8, 2)
  if (n - j >= 16) COLUMNS(8, 1)
  if (j < n) {
    // Over columns that are done already: they get the same values again, but for old values that are
    // added, which would count twice.
    size_t done = LANES - (n - j);
    float kept[PANEL * LANES];
    j = n - LANES;
    if (ends.adds)
      for (size_t i = 0; i < m; i++)
        memcpy(kept + i * LANES, c + i * c_stride + j, sizeof(float) * done);
    COLUMNS(8, 1)
    if (ends.adds)
      for (size_t i = 0; i < m; i++)
        memcpy(c + i * c_stride + n - LANES, kept + i * LANES, sizeof(float) * done);
  }
#undef COLUMNS
}

ECK_KERNEL(void, product)
(size_t m, size_t n, size_t k, const float *a, size_t row_step, size_t k_step, const float *b,
 size_t b_stride, float *c, size_t c_stride, const float *bias, int relu, const float *gate) {
  if (n < LANES) {
    narrow(m, n, k, a, row_step, k_step, b, b_stride, c, c_stride);
    return;
  }
  // Columns of A a multiple of 1 KiB apart fall on few sets of a cache: panels of them are copied.
  int copies = k_step > 1 && k_step % 256 == 0;
  // So do rows of B a multiple of 2 KiB apart, and there is a page for every one or two of them.
  const int copies_columns = !copies && m >= PANEL && n % LANES == 0 && b_stride % 512 == 0;
  size_t length = copies ? PANEL_LENGTH : n % LANES ? k : SWEEP;
  if (copies_columns && k > 0) {
    const size_t blocks = (k + WIDE_LENGTH - 1) / WIDE_LENGTH;
    length = (k + blocks - 1) / blocks;
  }
  float panel[PANEL * PANEL_LENGTH] __attribute__((aligned(64)));
  size_t p = 0;
  do {
    size_t steps = k - p < length ? k - p : length;
    int last = p + steps == k;
    tile_ends ends = {last ? bias : 0, last ? gate : 0, p > 0, last && relu};
    const float *from = a + p * k_step;
    if (!copies) {
      sweep(m, n, steps, from, row_step, k_step, b + p * b_stride, b_stride, c, c_stride, ends,
            copies_columns);
    } else {
      for (size_t i = 0; i < m; i += PANEL) {
        size_t rows = m - i < PANEL ? m - i : PANEL;
        for (size_t q = 0; q < steps; q++) {
          const float *line = from + q * k_step + i;
          if (rows == PANEL) {
            ECK_UNROLL for (size_t r = 0; r < PANEL; r += LANES)
              ECK_STORE(panel + q * PANEL + r, ECK_LOAD(line + r));
          } else {
            memcpy(panel + q * PANEL, line, sizeof(float) * rows);
          }
        }
        tile_ends part = ends;
        if (part.bias) part.bias += i;
        if (part.gate) part.gate += i * c_stride;
        sweep(rows, n, steps, panel, 1, PANEL, b + p * b_stride, b_stride, c + i * c_stride,
              c_stride, part, 0);
      }
    }
    p += steps;
  } while (p < k);
}
