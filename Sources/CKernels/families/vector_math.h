// Branch-free float functions that vectorise inside a plain loop.
#ifndef ECK_VECTOR_MATH_H
#define ECK_VECTOR_MATH_H

#include <string.h>

#include "kernel.h"

ECK_INLINE float eck_bits_to_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

ECK_INLINE uint32_t eck_float_to_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// The square root without errno, which the C library's has to set and which keeps a loop scalar.
#if __has_builtin(__builtin_elementwise_sqrt)
ECK_INLINE float eck_sqrt(float x) { return __builtin_elementwise_sqrt(x); }
#else
ECK_INLINE float eck_sqrt(float x) { return __builtin_sqrtf(x); }
#endif

// e^x by range reduction x = n ln 2 + r and the Taylor-like minimax polynomial of degree 6 on |r| <=
// ln 2 / 2 (Cephes). Relative error below 2e-7 on [-87.3, 88]; clamped outside; NaN stays NaN.
ECK_INLINE float eck_exp(float x) {
  x = x < -87.33f ? -87.33f : x;
  x = x > 88.0f ? 88.0f : x;
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  float shifted = x * 1.44269504088896341f + magic;
  float n = shifted - magic;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  uint32_t exponent = (eck_float_to_bits(shifted) << 23) + 0x3f800000u;
  return p * eck_bits_to_float(exponent);
}

ECK_INLINE float eck_sigmoid(float x) { return 1.0f / (1.0f + eck_exp(-x)); }

// tanh: an odd polynomial below 0.625 (Cephes), else 1 - 2 / (e^2|x| + 1) with the sign of x.
ECK_INLINE float eck_tanh(float x) {
  float magnitude = x < 0 ? -x : x;
  float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  float small = p * s * x + x;
  float large = 1.0f - 2.0f / (eck_exp(2.0f * magnitude) + 1.0f);
  large = x < 0 ? -large : large;
  return magnitude < 0.625f ? small : large;
}

// log(1 + x) on [0, 1] by 2 artanh(x / (2 + x)); relative error below 3e-7.
ECK_INLINE float eck_log1p(float x) {
  float t = x / (2.0f + x);
  float s = t * t;
  float p = 0.06666667f;
  p = p * s + 0.07692308f;
  p = p * s + 0.09090909f;
  p = p * s + 0.11111111f;
  p = p * s + 0.14285714f;
  p = p * s + 0.2f;
  p = p * s + 0.33333333f;
  return 2.0f * (t + t * s * p);
}

// erfc(x) = t exp(-x^2 + P(t)) for x >= 0 with t = 1 / (1 + x / 2), and 2 - erfc(-x) below (Chebyshev
// fit of Press et al., Numerical Recipes, error 1.2e-7). x^2 is split so that its rounding does not
// grow in the exponential: relative error below 1e-6 for x up to 9.
ECK_INLINE float eck_erfc(float x) {
  float magnitude = x < 0 ? -x : x;
  magnitude = magnitude > 20.0f ? 20.0f : magnitude;
  float t = 1.0f / (1.0f + 0.5f * magnitude);
  float high = eck_bits_to_float(eck_float_to_bits(magnitude) & 0xfffff000u);
  float low = (magnitude - high) * (magnitude + high);
  float p = 0.17087277f;
  p = p * t - 0.82215223f;
  p = p * t + 1.48851587f;
  p = p * t - 1.13520398f;
  p = p * t + 0.27886807f;
  p = p * t - 0.18628806f;
  p = p * t + 0.09678418f;
  p = p * t + 0.37409196f;
  p = p * t + 1.00002368f;
  p = p * t - 1.26551223f;
  float tail = t * eck_exp(-high * high) * eck_exp(p - low);
  return x < 0 ? 2.0f - tail : tail;
}

#endif
