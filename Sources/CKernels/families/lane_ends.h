// What the ways to multiply rows by lanes have in common.
#ifndef ECK_LANE_ENDS_H
#define ECK_LANE_ENDS_H

#include "kernel.h"

enum { BLOCK_ROWS_BY_LANES = 8, SUMS_OF_A_ROW = 8 };

// z of the rows of one block, from the sums of its lanes.
ECK_INLINE void finish_lanes(size_t block, size_t rows, const int32_t *order, const float *bias,
                             int relu, const float *sums, float *z) {
  const int32_t *row = order + BLOCK_ROWS_BY_LANES * block;
  const size_t live = smaller(rows - BLOCK_ROWS_BY_LANES * block, BLOCK_ROWS_BY_LANES);
  for (size_t l = 0; l < live; l++) {
    size_t i = (size_t)(uint32_t)row[l];
    float value = bias[i] + sums[l];
    z[i] = relu && value < 0 ? 0 : value;
  }
}

#endif
