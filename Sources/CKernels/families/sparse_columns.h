// How products with compressed rows take the samples of a block: in pieces of whole registers, and half a
// register behind them.
#ifndef ECK_SPARSE_COLUMNS_H
#define ECK_SPARSE_COLUMNS_H

#include "vectors.h"

// The columns of a block: those in whole registers, and half a register behind them. With the registers of
// AVX-512 a half would cost the same: there it is the line of the cache that takes its time.
typedef struct {
  size_t whole;
  int has_half;
} block_columns;

ECK_INLINE block_columns divided(size_t width, size_t live) {
  const int has_half = ECK_SUMS < 8 && live % LANES > 0 && live % LANES <= HALF;
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

#endif
