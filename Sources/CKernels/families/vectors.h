// Registers of 16 floats in plain C: the compiler splits them where the processor has narrower ones.
#ifndef ECK_VECTORS_H
#define ECK_VECTORS_H

#include "kernel.h"

// Aligned to a float only, so that a load may start anywhere.
typedef float eck_floats __attribute__((vector_size(64), aligned(4)));

typedef int32_t eck_masks __attribute__((vector_size(64), aligned(4)));

#define ECK_LOAD(address) (*(const eck_floats *)(address))
#define ECK_STORE(address, value) (*(eck_floats *)(address) = (value))
// x where the comparison holds (all bits of a lane set), else 0.
#define ECK_WHERE(comparison, x) ((eck_floats)((eck_masks)(x) & (eck_masks)(comparison)))

// The same of half as many, for a few columns behind the last whole register.
enum { HALF = LANES / 2 };

typedef float eck_half __attribute__((vector_size(4 * HALF), aligned(4)));

typedef int32_t eck_half_masks __attribute__((vector_size(4 * HALF), aligned(4)));

#define ECK_HALF(address) (*(const eck_half *)(address))
#define ECK_STORE_HALF(address, value) (*(eck_half *)(address) = (value))
#define ECK_HALF_WHERE(comparison, x) ((eck_half)((eck_half_masks)(x) & (eck_half_masks)(comparison)))

// One stage of a 16 by 16 transposition: pairs of vectors exchange halves of their groups.
#define ECK_MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define ECK_LOW_SINGLES(a, b) \
  ECK_MIX(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define ECK_HIGH_SINGLES(a, b) \
  ECK_MIX(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define ECK_LOW_PAIRS(a, b) \
  ECK_MIX(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define ECK_HIGH_PAIRS(a, b) \
  ECK_MIX(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define ECK_EVEN_FOURS(a, b) \
  ECK_MIX(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define ECK_ODD_FOURS(a, b) \
  ECK_MIX(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)

// The sums over the lanes of 8 vectors, in a fixed tree.
ECK_INLINE void eck_lane_sums(const eck_floats *s, float *out) {
  eck_floats pairs[4], fours[2], both;
  ECK_UNROLL for (int i = 0; i < 4; i++)
    pairs[i] = ECK_LOW_SINGLES(s[2 * i], s[2 * i + 1]) + ECK_HIGH_SINGLES(s[2 * i], s[2 * i + 1]);
  ECK_UNROLL for (int i = 0; i < 2; i++)
    fours[i] = ECK_LOW_PAIRS(pairs[2 * i], pairs[2 * i + 1]) +
               ECK_HIGH_PAIRS(pairs[2 * i], pairs[2 * i + 1]);
  both = ECK_EVEN_FOURS(fours[0], fours[1]) + ECK_ODD_FOURS(fours[0], fours[1]);
  // Groups of four now hold: first half, second half of sums 0-3; the same of sums 4-7.
  ECK_UNROLL for (int i = 0; i < 4; i++) {
    out[i] = both[i] + both[4 + i];
    out[4 + i] = both[8 + i] + both[12 + i];
  }
}

// The same of 4 vectors, in the same tree.
ECK_INLINE void eck_four_lane_sums(const eck_floats *s, float *out) {
  eck_floats low = ECK_LOW_SINGLES(s[0], s[1]) + ECK_HIGH_SINGLES(s[0], s[1]);
  eck_floats high = ECK_LOW_SINGLES(s[2], s[3]) + ECK_HIGH_SINGLES(s[2], s[3]);
  eck_floats fours = ECK_LOW_PAIRS(low, high) + ECK_HIGH_PAIRS(low, high);
  ECK_UNROLL for (int i = 0; i < 4; i++)
    out[i] = (fours[i] + fours[4 + i]) + (fours[8 + i] + fours[12 + i]);
}

#endif
