// A tile of 16 by 16 floats turned on its way from memory to memory.
#ifndef ECK_TURNED_TILE_H
#define ECK_TURNED_TILE_H

#include "transposition.h"

// A row of a tile that has nothing there.
static const float eck_zero_row[TILE] __attribute__((aligned(64))) = {0};

#ifdef ECK_TURNS_EIGHTS

typedef float eck_four __attribute__((vector_size(16), aligned(4)));
typedef float eck_eight __attribute__((vector_size(32), aligned(4)));

// 8 by 8 floats. Rows i and i + 4 are loaded into the halves of one register, so that what is left are
// exchanges within halves.
ECK_INLINE void turn_eights(const float *const *rows, size_t at, float *to, size_t to_stride) {
#define LOAD(ROW) (*(const eck_four *)(rows[ROW] + at + 4 * half))
#define STORE(COLUMN, ...) \
  *(eck_eight *)(to + (4 * half + (COLUMN)) * to_stride) = ECK_MIX(__VA_ARGS__)
  ECK_UNROLL for (size_t half = 0; half < 2; half++) {
    eck_eight in[4], a[4];
    ECK_UNROLL for (int i = 0; i < 4; i++)
      in[i] = ECK_MIX(LOAD(i), LOAD(i + 4), 0, 1, 2, 3, 4, 5, 6, 7);
    ECK_UNROLL for (int i = 0; i < 4; i += 2) {
      a[i] = ECK_MIX(in[i], in[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
      a[i + 1] = ECK_MIX(in[i], in[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    ECK_UNROLL for (size_t i = 0; i < 2; i++) {
      STORE(2 * i, a[i], a[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      STORE(2 * i + 1, a[i], a[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#undef STORE
#undef LOAD
}

// to[j, i] = rows[i][j], rows of `to` to_stride apart. A quarter at a time, which registers hold.
ECK_INLINE void turn_tile(const float *const *rows, float *to, size_t to_stride) {
  for (size_t j = 0; j < TILE; j += 8)
    for (size_t i = 0; i < TILE; i += 8)
      turn_eights(rows + i, j, to + j * to_stride + i, to_stride);
}

#else

// to[j, i] = rows[i][j], rows of `to` to_stride apart.
ECK_INLINE void turn_tile(const float *const *rows, float *to, size_t to_stride) {
  eck_floats in[TILE], turned[TILE];
  ECK_UNROLL for (size_t i = 0; i < TILE; i++) in[i] = ECK_LOAD(rows[i]);
  transpose(in, turned);
  ECK_UNROLL for (size_t j = 0; j < TILE; j++) ECK_STORE(to + j * to_stride, turned[j]);
}

#endif

#endif
