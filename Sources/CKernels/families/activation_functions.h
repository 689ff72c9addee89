// The activation functions and their derivatives, each written once for all loops that use them.
#ifndef ECK_ACTIVATION_FUNCTIONS_H
#define ECK_ACTIVATION_FUNCTIONS_H

#include "vector_math.h"

static const float eck_inverse_root_two = 0.70710678118654752f;
static const float eck_inverse_root_two_pi = 0.39894228040143268f;

// Phi(x), the normal distribution function: gelu(x) = x Phi(x), exact by erfc.
ECK_INLINE float eck_normal_distribution(float x) {
  return 0.5f * eck_erfc(-x * eck_inverse_root_two);
}

ECK_INLINE float eck_softplus(float x) {
  float magnitude = x < 0 ? -x : x;
  return (x > 0 ? x : 0) + eck_log1p(eck_exp(-magnitude));
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
  DO(ECK_GELU, z * eck_normal_distribution(z),                                             \
     eck_normal_distribution(z) + z * eck_inverse_root_two_pi * eck_exp(-0.5f * z * z))    \
  DO(ECK_SILU, z * eck_sigmoid(z), eck_sigmoid(z) * (1.0f + z * (1.0f - eck_sigmoid(z))))  \
  DO(ECK_SOFTPLUS, eck_softplus(z), eck_sigmoid(z))

#endif
