// Dense products with few registers: operands are copied into panels that lie as tiles read them, in blocks
// that stay in the first-level cache, and a tile of the result stays in registers meanwhile.
#include <string.h>

#include "product_tile.h"

enum {
  ROWS = ECK_TILE_ROWS,
  // At least these, and a whole number of registers of 4.
  WIDE_ROWS = (ROWS + 3) / 4 * 4,
  // Inner steps of a block, at most: 19 KiB of B a strip of 16 columns.
  DEPTH = 304,
  // Rows and strips of columns of a block. Every strip of them reads the same rows of A again, from the
  // second-level cache; the next ones read A from where it lies.
  BLOCK_ROWS = 16 * ROWS,
  BLOCK_STRIPS = 8,
  // A copied tile of A, and a line more, so that tiles do not all begin in the same few cache sets.
  TILE_STEP = DEPTH * ROWS + LANES,
  // Steps from a request to a use.
  AHEAD = 8,
  // Fewer rows than these read B once or twice, which a copy would, too.
  FEW_ROWS = 4 * ROWS
};

// Whether rows of B, so far apart, fall on few sets of a cache: strips of it are copied then. Others are read
// where they lie; with 24 rows, copies would take a quarter of the time.
ECK_INLINE int shares_sets(size_t b_stride) { return b_stride % (2 * LANES) == 0; }

// An operand A, tile by tile.
typedef struct {
  const float *start;
  size_t tile_step, row_step, k_step;
} tiled_rows;

// What is asked for while a strip is computed.
typedef struct {
  // Of A, by the first tile, and how far on by each that follows.
  asked_lines rows;
  size_t tile_step;
  // Of B, by the last tile.
  asked_lines strip;
} asked_operands;

// c [m, 16] = a [m, k] b [k, 16].
ECK_INLINE void column_strip(size_t m, size_t k, const tiled_rows a, const float *b,
                             size_t b_stride, float *c, size_t c_stride, tile_ends ends,
                             asked_operands asked) {
  size_t i = 0;
  const float *from = a.start;
#define TILE_OF(COUNT, STEP)                                                                   \
  {                                                                                            \
    tile(COUNT, 1, k, from, a.row_step, a.k_step, b, b_stride, c + i * c_stride, c_stride,     \
         &ends, i + COUNT < m ? &asked.rows : &asked.strip);                                   \
    asked.rows.start += asked.tile_step;                                                       \
    from += STEP;                                                                              \
    i += COUNT;                                                                                \
    ends.bias = ends.bias ? ends.bias + COUNT : 0;                                             \
    ends.gate = ends.gate ? ends.gate + COUNT * c_stride : 0;                                  \
  }
  while (i + ROWS <= m) TILE_OF(ROWS, a.tile_step)
  if (m - i >= 4) TILE_OF(4, 4 * a.row_step)
  if (m - i >= 2) TILE_OF(2, 2 * a.row_step)
  if (m - i >= 1) TILE_OF(1, a.row_step)
#undef TILE_OF
}

// 16 columns of B.
ECK_INLINE void copy_strip(size_t k, const float *b, size_t stride, float *panel) {
  for (size_t p = 0; p < k; p++) ECK_STORE(panel + p * LANES, ECK_LOAD(b + p * stride));
}

// Rows of A that lie next to one another for every inner step.
ECK_INLINE void copy_rows(size_t m, size_t k, const float *a, size_t k_step, float *panel) {
  for (size_t p = 0; p < k; p++) {
    size_t i = 0;
    float *to = panel + p * ROWS;
    // Each step lies on another page, of which the processor foresees none.
    if (p + AHEAD < k)
      for (size_t l = 0; l < m; l += LANES) __builtin_prefetch(a + (p + AHEAD) * k_step + l);
    // Whole registers; what is too much gives way to the next step, or lies behind the tile.
    // The panel is larger than the first-level cache, whose lines it is written to in turn.
    for (; i + WIDE_ROWS <= m; i += ROWS, to += TILE_STEP) {
      __builtin_prefetch(to + 2 * LANES, 1);
      memcpy(to, a + p * k_step + i, sizeof(float) * WIDE_ROWS);
    }
    for (; i < m; i += ROWS, to += TILE_STEP)
      memcpy(to, a + p * k_step + i, sizeof(float) * smaller(m - i, ROWS));
  }
}

// c [R, 8] = a [R, k] b [k, 8], with `adds` added to c; rows from ROWS on are those of the next tile of A.
ECK_INLINE void half_tile(const int R, size_t k, const tiled_rows a, const float *b,
                          size_t b_stride, float *c, size_t c_stride, int adds) {
  eck_half sum[2 * ROWS] = {{0}};
  const float *next = a.start + a.tile_step;
  if (adds) ECK_UNROLL for (int r = 0; r < R; r++) sum[r] = ECK_HALF(c + (size_t)r * c_stride);
  for (size_t p = 0; p < k; p++) {
    eck_half x = ECK_HALF(b + p * b_stride);
    ECK_UNROLL for (int r = 0; r < R; r++) {
      const float *row = r < ROWS ? a.start + (size_t)r * a.row_step
                                  : next + (size_t)(r - ROWS) * a.row_step;
      sum[r] += x * row[p * a.k_step];
    }
  }
  ECK_UNROLL for (int r = 0; r < R; r++) ECK_STORE_HALF(c + (size_t)r * c_stride, sum[r]);
}

// c [m, 8] = a [m, k] b [k, 8], with `adds` added to c. Two tiles of A at a time: one has too few sums to keep
// the processor busy.
ECK_INLINE void half_strip(size_t m, size_t k, tiled_rows a, const float *b, size_t b_stride,
                           float *c, size_t c_stride, int adds) {
#define TILE_OF(COUNT, STEP)                                   \
  {                                                            \
    half_tile(COUNT, k, a, b, b_stride, c, c_stride, adds);    \
    a.start += STEP;                                           \
    c += COUNT * c_stride;                                     \
    m -= COUNT;                                                \
  }
  while (m >= 2 * ROWS) TILE_OF(2 * ROWS, 2 * a.tile_step)
  if (ROWS > 4 && m >= ROWS + 4) TILE_OF((ROWS + 4), a.tile_step + 4 * a.row_step)
  if (m >= ROWS) TILE_OF(ROWS, a.tile_step)
  if (m >= 4) TILE_OF(4, 4 * a.row_step)
  if (m >= 2) TILE_OF(2, 2 * a.row_step)
  if (m >= 1) TILE_OF(1, a.row_step)
#undef TILE_OF
}

// Of 16 columns of B and c those from `first` to before `end`. The others are done already and get the same
// values again, or are not there: with `beside` they stay as they are. A call, which leaves `product` its
// registers for whole strips.
ECK_TARGET static __attribute__((noinline)) void narrow_strip(
    size_t m, size_t first, size_t end, size_t k, const tiled_rows a, const float *b,
    size_t b_stride, float *c, size_t c_stride, int adds, int beside) {
  float strip[BLOCK_ROWS * LANES];
  float *to = beside ? strip : c;
  const size_t stride = beside ? LANES : c_stride, bytes = sizeof(float) * (end - first);
  for (size_t i = 0; beside && adds && i < m; i++) {
    ECK_STORE(strip + i * LANES, (eck_floats){0});
    memcpy(strip + i * LANES + first, c + i * c_stride + first, bytes);
  }
  if (first >= HALF) {
    half_strip(m, k, a, b + HALF, b_stride, to + HALF, stride, adds);
  } else if (end <= HALF) {
    half_strip(m, k, a, b, b_stride, to, stride, adds);
  } else {
    const tile_ends ends = {0, 0, adds, 0};
    column_strip(m, k, a, b, b_stride, to, stride, ends, (asked_operands){{b, 0}, 0, {b, 0}});
  }
  for (size_t i = 0; beside && i < m; i++)
    memcpy(c + i * c_stride + first, strip + i * LANES + first, bytes);
}

// What is asked for while strip `number` of a block is computed: the rows of A in the block that comes
// `next`, one of each tile, and the next strip of B. What has been copied is near already.
ECK_INLINE asked_operands later_operands(size_t number, const tiled_rows a, const float *next,
                                         const float *b, size_t b_stride, int b_is_copied) {
  asked_operands asked = {{a.start, 0}, 0, {b, 0}};
  if (a.k_step == 1) {
    asked.rows = (asked_lines){next + smaller(number, ROWS - 1) * a.row_step, 1};
    asked.tile_step = a.tile_step;
  }
  if (!b_is_copied) asked.strip = (asked_lines){b + LANES, b_stride};
  return asked;
}

// Where the strip of 16 columns begins that has `column` and those behind it: the last one of a result whose
// columns are no multiple of 16 begins in the one before.
ECK_INLINE size_t strip_start(size_t column, size_t n) {
  return n < LANES ? 0 : smaller(column, n - LANES);
}

ECK_KERNEL(void, product)
(size_t m, size_t n, size_t k, const float *a, size_t row_step, size_t k_step, const float *b,
 size_t b_stride, float *c, size_t c_stride, const float *bias, int relu, const float *gate) {
  // On lines of the cache: registers that lie across two of them take two loads.
  float columns[BLOCK_STRIPS * DEPTH * LANES] __attribute__((aligned(64)));
  float rows[BLOCK_ROWS / ROWS * TILE_STEP] __attribute__((aligned(64)));
  // Columns of A a multiple of 1 KiB apart fall on few sets of a cache.
  const int copies_rows = k_step > 1 && k_step % 256 == 0 && n > LANES;
  const int copies_columns = m >= FEW_ROWS && shares_sets(b_stride);
  const size_t block_columns = LANES * BLOCK_STRIPS;
  // Blocks of about the same depth: few steps take longer each.
  const size_t blocks = k > DEPTH ? (k + DEPTH - 1) / DEPTH : 1;
  const size_t even_depth = (k + blocks - 1) / blocks;
  size_t p = 0;
  do {
    const size_t depth = smaller(k - p, even_depth);
    const int last = p + depth == k;
    for (size_t j = 0; j < n; j += block_columns) {
      const size_t width = smaller(n - j, block_columns);
      for (size_t s = 0; copies_columns && s < width; s += LANES)
        copy_strip(depth, b + p * b_stride + strip_start(j + s, n), b_stride, columns + s * DEPTH);
      const size_t strip_stride = copies_columns ? LANES : b_stride;
      for (size_t i = 0; i < m; i += BLOCK_ROWS) {
        const size_t height = smaller(m - i, BLOCK_ROWS);
        tiled_rows from = {a + p * k_step + i * row_step, ROWS * row_step, row_step, k_step};
        const float *next = i + height < m ? from.start + height * row_step
                            : j + width < n ? a + p * k_step
                                            : a + (p + depth) * k_step;
        if (copies_rows) {
          copy_rows(height, depth, from.start, k_step, rows);
          from = (tiled_rows){rows, TILE_STEP, 1, ROWS};
        }
        for (size_t s = 0; s < width; s += LANES) {
          const size_t start = strip_start(j + s, n);
          const float *strip = copies_columns ? columns + s * DEPTH : b + p * b_stride + start;
          float *target = c + i * c_stride + start;
          const tile_ends ends = {last && bias ? bias + i : 0,
                                  last && gate ? gate + i * c_stride + j + s : 0, p > 0,
                                  last && relu};
          if (width - s < LANES)
            narrow_strip(height, j + s - start, n - start, depth, from, strip, strip_stride, target,
                         c_stride, p > 0, p > 0 || n < LANES);
          else
            column_strip(height, depth, from, strip, strip_stride, target, c_stride, ends,
                         later_operands(s / LANES, from, next, strip, strip_stride, copies_columns));
        }
      }
    }
    p += depth;
  } while (p < k);
}
