// Activation functions and their derivatives, one loop a function so that each vectorises.
#include <math.h>

#include "clones.h"
#include "ecpipe_kernels.h"
#include "vector_math.h"

static const float inverse_root_two = 0.70710678118654752f;
static const float inverse_root_two_pi = 0.39894228040143268f;

// Phi(x), the normal distribution function: gelu(x) = x Phi(x), exact by erf.
ECK_INLINE float normal_distribution(float x) {
  return 0.5f * erfcf(-x * inverse_root_two);
}

ECK_INLINE float softplus(float x) {
  float magnitude = x < 0 ? -x : x;
  return (x > 0 ? x : 0) + log1pf(eck_exp(-magnitude));
}

// The function and its derivative stand side by side; `a` is the function's value at `z`. Each keeps
// a NaN a NaN, so that the check of the loss sees it.
#define ECK_EACH_ACTIVATION(DO)                                                            \
  DO(ECK_IDENTITY, z, 1.0f)                                                                \
  DO(ECK_RELU, z < 0 ? 0.0f : z, z > 0 ? 1.0f : 0.0f)                                      \
  DO(ECK_LEAKY_RELU, z > 0 ? z : slope * z, z > 0 ? 1.0f : slope)                          \
  DO(ECK_PRELU, z > 0 ? z : slope * z, z > 0 ? 1.0f : slope)                               \
  DO(ECK_TANH, eck_tanh(z), 1.0f - a * a)                                                  \
  DO(ECK_SIGMOID, eck_sigmoid(z), a * (1.0f - a))                                          \
  DO(ECK_GELU, z * normal_distribution(z),                                                 \
     normal_distribution(z) + z * inverse_root_two_pi * eck_exp(-0.5f * z * z))            \
  DO(ECK_SILU, z * eck_sigmoid(z), eck_sigmoid(z) * (1.0f + z * (1.0f - eck_sigmoid(z))))  \
  DO(ECK_SOFTPLUS, softplus(z), eck_sigmoid(z))

ECK_CLONES
void eck_bias_activate(int function, float slope, float shift, size_t n, float *zs, float *as) {
  (void)slope;
#define FORWARD(CODE, VALUE, DERIVATIVE)  \
  case CODE:                              \
    for (size_t i = 0; i < n; i++) {      \
      float z = zs[i] + shift;            \
      zs[i] = z;                          \
      as[i] = (VALUE);                    \
    }                                     \
    break;
  switch (function) { ECK_EACH_ACTIVATION(FORWARD) }
#undef FORWARD
}

ECK_CLONES
void eck_derivative(int function, float slope, size_t n, const float *zs, const float *as,
                    float *ds) {
  (void)slope;
#define DERIVE(CODE, VALUE, DERIVATIVE)   \
  case CODE:                              \
    for (size_t i = 0; i < n; i++) {      \
      float z = zs[i], a = as[i];         \
      (void)z;                            \
      (void)a;                            \
      ds[i] = (DERIVATIVE);               \
    }                                     \
    break;
  switch (function) { ECK_EACH_ACTIVATION(DERIVE) }
#undef DERIVE
}

ECK_CLONES
void eck_backward(int function, float slope, size_t n, const float *gs, float *zs,
                  const float *as) {
  (void)slope;
#define BACKWARD(CODE, VALUE, DERIVATIVE) \
  case CODE:                              \
    for (size_t i = 0; i < n; i++) {      \
      float z = zs[i], a = as[i];         \
      (void)z;                            \
      (void)a;                            \
      zs[i] = gs[i] * (DERIVATIVE);       \
    }                                     \
    break;
  switch (function) { ECK_EACH_ACTIVATION(BACKWARD) }
#undef BACKWARD
}

ECK_CLONES
double eck_prelu_slope_gradient(size_t n, const float *g, const float *z) {
  double lanes[16] = {0};
  for (size_t i = 0; i + 16 <= n; i += 16)
    for (size_t j = 0; j < 16; j++) {
      float below = z[i + j] > 0 ? 0 : z[i + j];
      lanes[j] += (double)(g[i + j] * below);
    }
  double sum = 0;
  for (size_t j = 0; j < 16; j++) sum += lanes[j];
  for (size_t i = n & ~(size_t)15; i < n; i++) sum += (double)(g[i] * (z[i] > 0 ? 0 : z[i]));
  return sum;
}
