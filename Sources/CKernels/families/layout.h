// Between sample-major data and feature-major blocks, in 16 by 16 tiles.
#include "transposition.h"

enum { AHEAD = 64 };

ECK_KERNEL(void, gather_both)
(const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
 size_t stride, size_t first_feature, size_t last_feature, float *out, float *samples,
 size_t sample_stride) {
  for (size_t s = 0; s < padded; s += TILE) {
    size_t live = s >= count ? 0 : smaller(count - s, TILE);
    for (size_t f = first_feature; f < last_feature; f += TILE) {
      size_t width = smaller(last_feature - f, TILE);
      eck_floats in[TILE], turned[TILE];
      if (live == TILE && width == TILE) {
        ECK_UNROLL for (size_t i = 0; i < TILE; i++) {
          const float *row = data + (size_t)index[s + i] * features + f;
          __builtin_prefetch(row + AHEAD);
          in[i] = ECK_LOAD(row);
        }
      } else {
        for (size_t i = 0; i < TILE; i++) {
          size_t present = i < live ? width : 0;
          size_t sample = present ? (size_t)index[s + i] : 0;
          load_partial(present, data + sample * features + f, &in[i]);
        }
      }
      if (samples)
        ECK_UNROLL for (size_t i = 0; i < TILE; i++)
          ECK_STORE(samples + (s + i) * sample_stride + f, in[i]);
      transpose(in, turned);
      if (width == TILE) {
        ECK_UNROLL for (size_t j = 0; j < TILE; j++)
          ECK_STORE(out + (f + j) * stride + s, turned[j]);
      } else {
        for (size_t j = 0; j < width; j++) ECK_STORE(out + (f + j) * stride + s, turned[j]);
      }
    }
  }
}

ECK_KERNEL(void, gather)
(const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
 size_t stride, size_t first_feature, size_t last_feature, float *out) {
  ECK_NAME(gather_both)
  (data, features, index, count, padded, stride, first_feature, last_feature, out, 0, 0);
}

ECK_KERNEL(void, transpose)
(size_t rows, size_t columns, const float *from, size_t from_stride, float *to, size_t to_stride) {
  for (size_t c = 0; c < columns; c += TILE)
    for (size_t r = 0; r < rows; r += TILE) {
      size_t height = smaller(rows - r, TILE);
      eck_floats in[TILE], turned[TILE];
      for (size_t i = 0; i < TILE; i++)
        in[i] = i < height ? ECK_LOAD(from + (r + i) * from_stride + c) : (eck_floats){0};
      transpose(in, turned);
      ECK_UNROLL for (size_t j = 0; j < TILE; j++)
        ECK_STORE(to + (c + j) * to_stride + r, turned[j]);
    }
}

ECK_KERNEL(void, scatter)
(const float *block, size_t features, size_t count, size_t stride, float *out) {
  for (size_t s = 0; s < count; s += TILE) {
    size_t live = smaller(count - s, TILE);
    for (size_t f = 0; f < features; f += TILE) {
      size_t width = smaller(features - f, TILE);
      eck_floats in[TILE], turned[TILE];
      for (size_t j = 0; j < TILE; j++)
        load_partial(j < width ? live : 0, block + (j < width ? (f + j) * stride + s : 0), &in[j]);
      transpose(in, turned);
      for (size_t i = 0; i < live; i++) {
        float *row = out + (s + i) * features + f;
        if (width == TILE) {
          ECK_STORE(row, turned[i]);
        } else {
          for (size_t j = 0; j < width; j++) row[j] = turned[i][j];
        }
      }
    }
  }
}
