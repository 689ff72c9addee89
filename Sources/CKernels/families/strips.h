// Inputs of layers as the statistics of pruning take them: centred, and turned so that products over
// samples find the samples of 32 features side by side. Squares are taken where they are used: they
// cost less than their way through memory.
#include "transposition.h"

enum { STRIP = 32 };

// Features of the strip that begins at feature `first`, as stored.
ECK_INLINE size_t strip_width(size_t features, size_t first) {
  return features - first > TILE ? STRIP : TILE;
}

// The place of feature f, a multiple of 16, of sample s, and the distance to the next sample.
ECK_INLINE float *strip_place(float *strips, size_t strip_stride, size_t features, size_t f,
                              size_t s, size_t *width) {
  size_t first = f / STRIP * STRIP;
  *width = strip_width(features, first);
  return strips + f / STRIP * strip_stride + s * *width + (f - first);
}

ECK_KERNEL(void, gather_strips)
(const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
 const float *reference, float *out, float *strips, size_t strip_stride, size_t at) {
  for (size_t s = 0; s < padded; s += TILE) {
    size_t live = s >= count ? 0 : smaller(count - s, TILE);
    for (size_t f = 0; f < features; f += TILE) {
      size_t present = smaller(features - f, TILE), width;
      eck_floats in[TILE], turned[TILE], centre;
      load_partial(present, reference + f, &centre);
      if (live == TILE && present == TILE) {
        ECK_UNROLL for (size_t i = 0; i < TILE; i++)
          in[i] = ECK_LOAD(data + (size_t)index[s + i] * features + f) - centre;
      } else {
        for (size_t i = 0; i < TILE; i++) {
          in[i] = (eck_floats){0};
          if (i >= live) continue;
          load_partial(present, data + (size_t)index[s + i] * features + f, &in[i]);
          in[i] -= centre;
        }
      }
      float *place = strip_place(strips, strip_stride, features, f, at + s, &width);
      ECK_UNROLL for (size_t i = 0; i < TILE; i++) ECK_STORE(place + i * width, in[i]);
      transpose(in, turned);
      if (present == TILE) {
        ECK_UNROLL for (size_t j = 0; j < TILE; j++)
          ECK_STORE(out + (f + j) * padded + s, turned[j]);
      } else {
        for (size_t j = 0; j < present; j++) ECK_STORE(out + (f + j) * padded + s, turned[j]);
      }
    }
  }
}

ECK_KERNEL(void, center_strips)
(size_t features, size_t n, const float *reference, float *x, float *strips, size_t strip_stride,
 size_t at) {
  for (size_t f = 0; f < features; f += TILE) {
    size_t present = smaller(features - f, TILE), width;
    for (size_t s = 0; s < n; s += TILE) {
      eck_floats in[TILE], turned[TILE];
      for (size_t j = 0; j < TILE; j++) {
        in[j] = (eck_floats){0};
        if (j >= present) continue;
        float *row = x + (f + j) * n + s;
        in[j] = ECK_LOAD(row) - reference[f + j];
        ECK_STORE(row, in[j]);
      }
      transpose(in, turned);
      float *place = strip_place(strips, strip_stride, features, f, at + s, &width);
      ECK_UNROLL for (size_t i = 0; i < TILE; i++) ECK_STORE(place + i * width, turned[i]);
    }
  }
}

ECK_KERNEL(void, sum_strip)
(size_t samples, size_t width, size_t features, const float *strip, double *sums) {
  double total[2 * STRIP] = {0};
  for (size_t s = 0; s < samples; s++) {
    const float *row = strip + s * width;
    for (size_t j = 0; j < width; j++) {
      total[j] += (double)row[j];
      total[STRIP + j] += (double)(row[j] * row[j]);
    }
  }
  for (size_t j = 0; j < features; j++) {
    sums[2 * j] += total[j];
    sums[2 * j + 1] += total[STRIP + j];
  }
}

ECK_KERNEL(void, expand_strip)
(size_t samples, size_t width, const float *strip, float *out) {
  for (size_t s = 0; s < samples; s++) {
    const float *row = strip + s * width;
    float *target = out + s * 2 * width;
    for (size_t j = 0; j < width; j++) {
      target[j] = row[j];
      target[width + j] = row[j] * row[j];
    }
  }
}

ECK_KERNEL(void, accumulate_strip)
(size_t rows, size_t width, size_t features, const float *products, double *sums,
 size_t sum_stride) {
  for (size_t row = 0; row < rows; row++) {
    const float *product = products + row * 2 * width;
    double *sum = sums + row * sum_stride;
    for (size_t j = 0; j < features; j++) {
      sum[2 * j] += (double)product[j];
      sum[2 * j + 1] += (double)product[width + j];
    }
  }
}
