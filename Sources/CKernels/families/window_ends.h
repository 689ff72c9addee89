// What the ways to multiply windowed rows have in common.
#ifndef ECK_WINDOW_ENDS_H
#define ECK_WINDOW_ENDS_H

#include "kernel.h"

// z of the rows of one block, from the sums of its lanes.
ECK_INLINE void finish(size_t block, size_t rows, const int32_t *order, const float *bias, int relu,
                       const float *sums, float *z) {
  const int32_t *row = order + LANES * block;
  size_t live = rows - LANES * block < LANES ? rows - LANES * block : LANES;
  for (size_t l = 0; l < live; l++) {
    size_t i = (size_t)(uint32_t)row[l];
    float value = sums[l] + bias[i];
    z[i] = relu && value < 0 ? 0 : value;
  }
}

#endif
