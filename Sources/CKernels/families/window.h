// A compressed matrix times one sample, on windows of columns: 16 rows at a time, one in each lane, so that
// a step serves up to 16 survivors and no sum runs across lanes. Inputs come by as many loads.
#include "window_ends.h"

ECK_KERNEL(void, window_vector)
(size_t first, size_t last, size_t rows, const int32_t *starts, const int32_t *windows,
 const uint8_t *places, const float *values, const int32_t *order, const float *bias, int relu,
 const float *x, float *z) {
  for (size_t block = first; block < last; block++) {
    float even[LANES] = {0}, odd[LANES] = {0};
    size_t begin = (size_t)starts[block], end = (size_t)starts[block + 1];
    for (size_t s = begin; s < end; s++) {
      float *sum = (s - begin) % 2 ? odd : even;
      const float *window = x + windows[s];
      for (size_t l = 0; l < LANES; l++)
        sum[l] += values[LANES * s + l] * window[places[LANES * s + l]];
    }
    for (size_t l = 0; l < LANES; l++) even[l] += odd[l];
    finish(block, rows, order, bias, relu, even, z);
  }
}
