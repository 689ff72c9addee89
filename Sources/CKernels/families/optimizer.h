// Optimizer steps as single passes over a block of weights. A NaN in a pruned place is dropped, not
// multiplied: the mask selects.
#include "vector_math.h"

#define KEPT(i) (!mask || mask[i])

ECK_INLINE void sgd(size_t n, float *restrict w, const float *restrict g,
                    const uint8_t *restrict mask, float *restrict m, float rate, float momentum,
                    int nesterov, float decay) {
  for (size_t i = 0; i < n; i++) {
    float gradient = g[i] + decay * w[i];
    float velocity = momentum * m[i] + gradient;
    float direction = nesterov ? gradient + momentum * velocity : velocity;
    float weight = w[i] - rate * direction;
    m[i] = KEPT(i) ? velocity : 0;
    w[i] = KEPT(i) ? weight : 0;
  }
}

ECK_INLINE void plain_sgd(size_t n, float *restrict w, const float *restrict g,
                          const uint8_t *restrict mask, float rate, float decay) {
  for (size_t i = 0; i < n; i++) {
    float weight = w[i] - rate * (g[i] + decay * w[i]);
    w[i] = KEPT(i) ? weight : 0;
  }
}

// With and without a mask each by itself: AVX2 has no loads on a condition that pay.
ECK_KERNEL(void, sgd)
(size_t n, float *w, const float *g, const uint8_t *mask, float *m, float rate, float momentum,
 int nesterov, float decay) {
  if (!m) {
    if (mask)
      plain_sgd(n, w, g, mask, rate, decay);
    else
      plain_sgd(n, w, g, 0, rate, decay);
  } else if (mask) {
    sgd(n, w, g, mask, m, rate, momentum, nesterov, decay);
  } else {
    sgd(n, w, g, 0, m, rate, momentum, nesterov, decay);
  }
}

ECK_INLINE void adam(size_t n, float *restrict w, const float *restrict g,
                     const uint8_t *restrict mask, float *restrict m, float *restrict v,
                     float step, float beta1, float beta2, float inverse_root, float epsilon,
                     float coupled_decay, float shrink) {
  for (size_t i = 0; i < n; i++) {
    float gradient = g[i] + coupled_decay * w[i];
    float first = beta1 * m[i] + (1.0f - beta1) * gradient;
    float second = beta2 * v[i] + (1.0f - beta2) * gradient * gradient;
    float weight = w[i] * shrink - step * first / (eck_sqrt(second) * inverse_root + epsilon);
    m[i] = KEPT(i) ? first : 0;
    v[i] = KEPT(i) ? second : 0;
    w[i] = KEPT(i) ? weight : 0;
  }
}

ECK_KERNEL(void, adam)
(size_t n, float *w, const float *g, const uint8_t *mask, float *m, float *v, float step,
 float beta1, float beta2, float inverse_root, float epsilon, float coupled_decay, float shrink) {
  if (mask)
    adam(n, w, g, mask, m, v, step, beta1, beta2, inverse_root, epsilon, coupled_decay, shrink);
  else
    adam(n, w, g, 0, m, v, step, beta1, beta2, inverse_root, epsilon, coupled_decay, shrink);
}

ECK_KERNEL(void, ask_to_write)
(size_t n, const float *x) {
  for (size_t i = 0; i < n; i += LANES) __builtin_prefetch(x + i, 1, 2);
}
