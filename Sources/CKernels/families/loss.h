// Losses over feature-major outputs: the batch is the vector dimension, 16 samples at a time.
#include <math.h>

#include "vector_math.h"
#include "vectors.h"

// Largest output of each of 16 columns.
ECK_INLINE void column_maxima(size_t outputs, size_t stride, const float *y, float *top) {
  for (size_t j = 0; j < LANES; j++) top[j] = y[j];
  for (size_t k = 1; k < outputs; k++)
    for (size_t j = 0; j < LANES; j++)
      top[j] = y[k * stride + j] > top[j] ? y[k * stride + j] : top[j];
}

// e[j] = e^(y[j] - top[j]) of 16 columns.
ECK_INLINE void exponentials(const float *y, const float *top, float *e) {
  for (size_t j = 0; j < LANES; j++) e[j] = eck_exp(y[j] - top[j]);
}

// With m the largest logit: loss = (1 - s)(lse - y_label) + s (lse - mean y). The sum leaves the
// first largest term out, so that log1p keeps the digits of a confident prediction.
//
// Sums are registers by their type: compilers leave arrays of them in memory, where every row waits for
// the one before.
ECK_KERNEL(double, cross_entropy)
(size_t outputs, size_t count, size_t padded, size_t stride, const float *y, const int32_t *label,
 float smoothing, float scale, float *d) {
  double loss = 0;
  const float share = smoothing / (float)outputs;
  for (size_t start = 0; start < padded; start += LANES) {
    float top[LANES], rest[LANES], mean[LANES], inverse[LANES], shares[LANES];
    column_maxima(outputs, stride, y + start, top);
    const eck_floats tops = ECK_LOAD(top);
    eck_floats rests = {0}, means = {0};
    eck_masks found = {0};
    for (size_t k = 0; k < outputs; k++) {
      const float *row = y + k * stride + start;
      float e[LANES];
      exponentials(row, top, e);
      const eck_floats values = ECK_LOAD(row);
      const eck_masks is_first = (values == tops) & ~found;
      found |= is_first;
      rests += ECK_WHERE(~is_first, ECK_LOAD(e));
      means += values - tops;
      if (d) ECK_STORE(d + k * stride + start, ECK_LOAD(e));
    }
    ECK_STORE(rest, rests);
    ECK_STORE(mean, means);
    size_t live = start >= count ? 0 : (count - start < LANES ? count - start : LANES);
    for (size_t j = 0; j < LANES; j++) {
      inverse[j] = j < live ? scale / (1.0f + rest[j]) : 0.0f;
      shares[j] = j < live ? scale * share : 0.0f;
    }
    for (size_t j = 0; j < live; j++) {
      size_t k = (size_t)label[start + j];
      double lse = log1p((double)rest[j]);
      double own = (double)(y[k * stride + start + j] - top[j]);
      loss += lse - (1.0 - (double)smoothing) * own -
              (double)smoothing * (double)mean[j] / (double)outputs;
    }
    if (!d) continue;
    for (size_t k = 0; k < outputs; k++) {
      float *slot = d + k * stride + start;
      ECK_STORE(slot, ECK_LOAD(slot) * ECK_LOAD(inverse) - ECK_LOAD(shares));
    }
    for (size_t j = 0; j < live; j++) {
      size_t k = (size_t)label[start + j];
      d[k * stride + start + j] -= scale * (1.0f - smoothing);
    }
  }
  return loss;
}

ECK_KERNEL(void, softmax)
(size_t outputs, size_t padded, size_t stride, const float *y, float *p, float *q) {
  for (size_t start = 0; start < padded; start += LANES) {
    float top[LANES], sum[LANES];
    column_maxima(outputs, stride, y + start, top);
    for (size_t j = 0; j < LANES; j++) sum[j] = 0;
    for (size_t k = 0; k < outputs; k++)
      for (size_t j = 0; j < LANES; j++) {
        float e = eck_exp(y[k * stride + start + j] - top[j]);
        p[k * stride + start + j] = e;
        q[k * stride + start + j] = sum[j];  // terms before k
        sum[j] += e;
      }
    float after[LANES];
    for (size_t j = 0; j < LANES; j++) after[j] = 0;
    for (size_t k = outputs; k-- > 0;)
      for (size_t j = 0; j < LANES; j++) {
        size_t at = k * stride + start + j;
        float e = p[at];
        q[at] = (q[at] + after[j]) / sum[j];
        p[at] = e / sum[j];
        after[j] += e;
      }
  }
}

// Elementwise losses share one loop: value and slope of the loss at difference e = y - t.
#define ECK_ELEMENTWISE_LOSS(VALUE, SLOPE)                                                    \
  double loss = 0;                                                                            \
  for (size_t k = 0; k < outputs; k++) {                                                      \
    for (size_t j = 0; j < count; j++) {                                                      \
      float v = y[k * stride + j], t = target[k * stride + j], e = v - t;                     \
      (void)e;                                                                                \
      loss += (double)(VALUE);                                                                \
      if (d) d[k * stride + j] = scale * (SLOPE);                                             \
    }                                                                                         \
    if (d)                                                                                    \
      for (size_t j = count; j < padded; j++) d[k * stride + j] = 0;                          \
  }                                                                                           \
  return loss;

ECK_KERNEL(double, mean_squared)
(size_t outputs, size_t count, size_t padded, size_t stride, const float *y, const float *target,
 float scale, float *d) {
  ECK_ELEMENTWISE_LOSS(e * e, 2.0f * e)
}

ECK_KERNEL(double, mean_absolute)
(size_t outputs, size_t count, size_t padded, size_t stride, const float *y, const float *target,
 float scale, float *d) {
  ECK_ELEMENTWISE_LOSS(e < 0 ? -e : e, e > 0 ? 1.0f : (e < 0 ? -1.0f : 0.0f))
}

ECK_KERNEL(double, huber)
(size_t outputs, size_t count, size_t padded, size_t stride, const float *y, const float *target,
 float delta, float scale, float *d) {
  ECK_ELEMENTWISE_LOSS(
      (e < 0 ? -e : e) < delta ? 0.5f * e * e : delta * ((e < 0 ? -e : e) - 0.5f * delta),
      (e < 0 ? -e : e) < delta ? e : (e > 0 ? delta : -delta))
}

// From logits: max(v, 0) - v t + log(1 + e^-|v|).
ECK_KERNEL(double, binary_cross_entropy)
(size_t outputs, size_t count, size_t padded, size_t stride, const float *y, const float *target,
 float scale, float *d) {
  ECK_ELEMENTWISE_LOSS((v > 0 ? v : 0) - v * t + log1pf(eck_exp(v < 0 ? v : -v)),
                       eck_sigmoid(v) - t)
}
