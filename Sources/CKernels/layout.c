// Between sample-major data and feature-major blocks, in 16 by 16 tiles.
#include "clones.h"
#include "ecpipe_kernels.h"

enum { TILE = 16 };

ECK_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

ECK_CLONES
void eck_gather(const float *data, size_t features, const int32_t *index, size_t count,
                size_t padded, size_t stride, size_t first_feature, size_t last_feature,
                float *out) {
  for (size_t s = 0; s < padded; s += TILE) {
    size_t samples = s >= count ? 0 : smaller(count - s, TILE);
    for (size_t f = first_feature; f < last_feature; f += TILE) {
      size_t width = smaller(last_feature - f, TILE);
      float tile[TILE][TILE] = {{0}};
      for (size_t i = 0; i < samples; i++) {
        const float *row = data + (size_t)index[s + i] * features + f;
        for (size_t j = 0; j < width; j++) tile[j][i] = row[j];
      }
      for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < TILE; i++) out[(f + j) * stride + s + i] = tile[j][i];
    }
  }
}

ECK_CLONES
void eck_scatter(const float *block, size_t features, size_t count, size_t stride, float *out) {
  for (size_t s = 0; s < count; s++)
    for (size_t f = 0; f < features; f++) out[s * features + f] = block[f * stride + s];
}
