// What loads alone take: rows of a block in the order of survivors, as products with compressed rows read them,
// with as many sums as registers hold.
#include "vectors.h"

ECK_INLINE void read_some(const int V, size_t count, const int32_t *index, const float *x,
                          float *kept) {
  const int G = ECK_SUMS > V ? ECK_SUMS / V : 1;
  eck_floats sum[8];
  ECK_UNROLL for (int i = 0; i < G * V; i++) sum[i] = (eck_floats){0};
  for (size_t p = 0; p + (size_t)G <= count; p += (size_t)G)
    ECK_UNROLL for (int u = 0; u < G; u++) {
      const float *row = x + (size_t)(uint32_t)index[p + (size_t)u] * (size_t)(LANES * V);
      ECK_UNROLL for (int v = 0; v < V; v++) sum[u * V + v] += ECK_LOAD(row + LANES * v);
    }
  ECK_UNROLL for (int u = 1; u < G; u++)
    ECK_UNROLL for (int v = 0; v < V; v++) sum[v] += sum[u * V + v];
  ECK_UNROLL for (int v = 0; v < V; v++) ECK_STORE(kept + LANES * v, sum[v]);
}

ECK_KERNEL(void, read_rows)
(size_t count, const int32_t *index, size_t width, const float *x, float *kept) {
  if (width == 4 * LANES)
    read_some(4, count, index, x, kept);
  else if (width == 2 * LANES)
    read_some(2, count, index, x, kept);
  else
    read_some(1, count, index, x, kept);
}
