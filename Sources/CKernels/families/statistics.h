// Statistics of pruning: sums over samples of h, h a and h a^2, where h is the squared sensitivity of
// the outputs to a unit. Blocks are feature-major, so every loop runs along samples.
#include "vector_math.h"

ECK_KERNEL(void, seed_unit)
(size_t units, size_t n, const float *w, const float *d, const float *r, float *g) {
  for (size_t i = 0; i < units; i++) {
    float weight = w[i];
    const float *derivative = d + i * n;
    float *gradient = g + i * n;
    if (r)
      for (size_t s = 0; s < n; s++) gradient[s] = weight * derivative[s] * r[s];
    else
      for (size_t s = 0; s < n; s++) gradient[s] = weight * derivative[s];
  }
}

ECK_KERNEL(void, softmax_seed)
(size_t outputs, size_t n, size_t k, const float *p, const float *q, float *seed) {
  const float *own = p + k * n;
  for (size_t j = 0; j < outputs; j++)
    if (j == k)
      for (size_t s = 0; s < n; s++) seed[j * n + s] = eck_sqrt(own[s]) * q[j * n + s];
    else
      for (size_t s = 0; s < n; s++) seed[j * n + s] = -eck_sqrt(own[s]) * p[j * n + s];
}

ECK_KERNEL(void, flip_signs)
(size_t n, float scale, const uint64_t *bits, float *x) {
  for (size_t i = 0; i < n; i++) {
    float sign = (bits[i / 64] >> (i % 64)) & 1 ? -scale : scale;
    x[i] *= sign;
  }
}

// In double and with 1 - p at hand: where one class has nearly all probability, the seeds are small
// differences of large terms.
ECK_KERNEL(void, softmax_probe)
(size_t outputs, size_t n, const float *p, const float *q, float *seed) {
  for (size_t s = 0; s < n; s += LANES) {
    size_t width = smaller(n - s, LANES);
    double total[LANES] = {0};
    for (size_t k = 0; k < outputs; k++)
      for (size_t i = 0; i < width; i++) total[i] += (double)seed[k * n + s + i];
    for (size_t k = 0; k < outputs; k++) {
      size_t at = k * n + s;
      for (size_t i = 0; i < width; i++) {
        double own = (double)seed[at + i];
        seed[at + i] = (float)(own * (double)q[at + i] - (double)p[at + i] * (total[i] - own));
      }
    }
  }
}

// With e = exp(-|y|): p (1 - p) = e / (1 + e)^2, which cancels nowhere. Beyond 87, eck_exp is clamped.
ECK_KERNEL(void, logistic_variance)
(size_t n, const float *y, float *m) {
  for (size_t i = 0; i < n; i++) {
    float magnitude = y[i] < 0 ? -y[i] : y[i];
    float e = eck_exp(-magnitude), share = 1.0f / (1.0f + e);
    m[i] = magnitude > 87.0f ? 0.0f : e * share * share;
  }
}

ECK_KERNEL(void, square_root)
(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = eck_sqrt(x[i]);
}

ECK_KERNEL(void, drop_small)
(size_t n, float limit, float *x) {
  for (size_t i = 0; i < n; i++) x[i] = x[i] <= limit ? 0.0f : x[i];
}

ECK_KERNEL(void, gate_add_square)
(size_t n, const float *d, float *g, float *raw) {
  for (size_t i = 0; i < n; i++) {
    float gradient = g[i];
    raw[i] += gradient * gradient;
    g[i] = gradient * d[i];
  }
}

ECK_KERNEL(void, gated_squares)
(size_t rows, size_t n, size_t live, const float *raw, const float *d, size_t stride, float *h) {
  for (size_t row = 0; row < rows; row++) {
    const float *square = raw + row * n;
    float *target = h + row * stride;
    if (d) {
      const float *derivative = d + row * n;
      for (size_t s = 0; s < live; s++) target[s] = square[s] * derivative[s] * derivative[s];
    } else {
      for (size_t s = 0; s < live; s++) target[s] = square[s];
    }
    for (size_t s = live; s < n; s++) target[s] = 0;
  }
}

ECK_KERNEL(void, elimination)
(size_t n, double scale, double inverse, const double *pairs, const float *reference,
 const float *w, float *importance, float *shift) {
  for (size_t j = 0; j < n; j++) {
    double first = pairs[2 * j], second = pairs[2 * j + 1], weight = (double)w[j];
    double mean = first * inverse;
    double variance = second - first * mean;
    variance = variance > 0 ? variance : 0;
    importance[j] = (float)(weight * weight * variance * scale);
    shift[j] = (float)(weight * ((double)reference[j] + mean));
  }
}

ECK_KERNEL(int, all_finite_double)
(size_t n, const double *x) {
  uint64_t bad = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    __builtin_memcpy(&bits, x + i, sizeof bits);
    bad |= (bits & 0x7ff0000000000000u) == 0x7ff0000000000000u;
  }
  return !bad;
}
