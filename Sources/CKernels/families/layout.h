// Between sample-major data and feature-major blocks, in 16 by 16 tiles.
#include "turned_tile.h"

enum { AHEAD = 64 };

// The features f ..< f + width, fewer than a tile has, of 16 samples, of which the first `live` are there.
ECK_INLINE void gather_partial(const float *data, size_t features, const int32_t *index, size_t live,
                               size_t f, size_t width, float *out, size_t stride, float *samples,
                               size_t sample_stride) {
  eck_floats in[TILE], turned[TILE];
  for (size_t i = 0; i < TILE; i++) {
    size_t present = i < live ? width : 0;
    size_t sample = present ? (size_t)index[i] : 0;
    load_partial(present, data + sample * features + f, &in[i]);
  }
  if (samples)
    ECK_UNROLL for (size_t i = 0; i < TILE; i++) ECK_STORE(samples + i * sample_stride + f, in[i]);
  transpose(in, turned);
  for (size_t j = 0; j < width; j++) ECK_STORE(out + (f + j) * stride, turned[j]);
}

ECK_KERNEL(void, gather_both)
(const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
 size_t stride, size_t first_feature, size_t last_feature, float *out, float *samples,
 size_t sample_stride) {
  for (size_t s = 0; s < padded; s += TILE) {
    const size_t live = s >= count ? 0 : smaller(count - s, TILE);
    float *own = samples ? samples + s * sample_stride : 0;
    for (size_t f = first_feature; f < last_feature; f += TILE) {
      if (last_feature - f < TILE) {
        gather_partial(data, features, index + s, live, f, last_feature - f, out + s, stride, own,
                       sample_stride);
        continue;
      }
      const float *rows[TILE];
      ECK_UNROLL for (size_t i = 0; i < TILE; i++) {
        rows[i] = i < live ? data + (size_t)index[s + i] * features + f : eck_zero_row;
        if (i < live) __builtin_prefetch(rows[i] + AHEAD);
      }
      turn_tile(rows, out + f * stride + s, stride);
      if (own)
        ECK_UNROLL for (size_t i = 0; i < TILE; i++)
          ECK_STORE(own + i * sample_stride + f, ECK_LOAD(rows[i]));
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
      const size_t height = smaller(rows - r, TILE);
      const float *lines[TILE];
      ECK_UNROLL for (size_t i = 0; i < TILE; i++)
        lines[i] = i < height ? from + (r + i) * from_stride + c : eck_zero_row;
      turn_tile(lines, to + c * to_stride + r, to_stride);
    }
}

ECK_KERNEL(void, scatter)
(const float *block, size_t features, size_t count, size_t stride, float *out) {
  for (size_t s = 0; s < count; s += TILE) {
    size_t live = smaller(count - s, TILE);
    for (size_t f = 0; f < features; f += TILE) {
      size_t width = smaller(features - f, TILE);
      if (width == TILE && live == TILE) {
        const float *lines[TILE];
        ECK_UNROLL for (size_t j = 0; j < TILE; j++) lines[j] = block + (f + j) * stride + s;
        turn_tile(lines, out + s * features + f, features);
        continue;
      }
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
