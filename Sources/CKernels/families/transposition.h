// 16 by 16 tiles of floats in registers, and their transposition.
#ifndef ECK_TRANSPOSITION_H
#define ECK_TRANSPOSITION_H

#include "vectors.h"

enum { TILE = 16 };

// Rows become columns: pairs of rows exchange single floats, then pairs, then groups of four.
ECK_INLINE void transpose(const eck_floats *in, eck_floats *out) {
  eck_floats a[TILE], b[TILE];
  ECK_UNROLL for (int i = 0; i < TILE; i += 2) {
    a[i] = ECK_LOW_SINGLES(in[i], in[i + 1]);
    a[i + 1] = ECK_HIGH_SINGLES(in[i], in[i + 1]);
  }
  ECK_UNROLL for (int i = 0; i < TILE; i += 4) {
    b[i] = ECK_LOW_PAIRS(a[i], a[i + 2]);
    b[i + 1] = ECK_HIGH_PAIRS(a[i], a[i + 2]);
    b[i + 2] = ECK_LOW_PAIRS(a[i + 1], a[i + 3]);
    b[i + 3] = ECK_HIGH_PAIRS(a[i + 1], a[i + 3]);
  }
  ECK_UNROLL for (int i = 0; i < 4; i++) {
    eck_floats even = ECK_EVEN_FOURS(b[i], b[4 + i]), odd = ECK_ODD_FOURS(b[i], b[4 + i]);
    eck_floats later_even = ECK_EVEN_FOURS(b[8 + i], b[12 + i]);
    eck_floats later_odd = ECK_ODD_FOURS(b[8 + i], b[12 + i]);
    out[i] = ECK_EVEN_FOURS(even, later_even);
    out[4 + i] = ECK_EVEN_FOURS(odd, later_odd);
    out[8 + i] = ECK_ODD_FOURS(even, later_even);
    out[12 + i] = ECK_ODD_FOURS(odd, later_odd);
  }
}

// The first `width` floats, then zeros: no byte behind them is read.
ECK_INLINE void load_partial(size_t width, const float *from, eck_floats *to) {
  if (width == TILE) {
    *to = ECK_LOAD(from);
    return;
  }
  float values[TILE] = {0};
  for (size_t j = 0; j < width; j++) values[j] = from[j];
  *to = ECK_LOAD(values);
}

#endif
