// What the registers of a set can do at most.
#include "vectors.h"

ECK_KERNEL(double, peak)
(size_t rounds, float *kept) {
  // Bounded whatever the number of rounds.
  eck_floats sum[ECK_PEAK_SUMS], factor = ECK_LOAD(kept), term = factor;
  ECK_UNROLL for (int i = 0; i < ECK_PEAK_SUMS; i++) sum[i] = factor + (float)i;
  for (size_t round = 0; round < rounds; round++)
    ECK_UNROLL for (int i = 0; i < ECK_PEAK_SUMS; i++) sum[i] = sum[i] * factor + term;
  ECK_UNROLL for (int i = 0; i < ECK_PEAK_SUMS; i++) factor += sum[i];
  ECK_STORE(kept, factor);
  return 2.0 * LANES * ECK_PEAK_SUMS * (double)rounds;
}
