// Branch-free float functions that vectorise inside a plain loop.
#ifndef ECK_VECTOR_MATH_H
#define ECK_VECTOR_MATH_H

#include <stdint.h>
#include <string.h>

#include "clones.h"

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
ECK_INLINE float eck_sqrt(float x) { return __builtin_elementwise_sqrt(x); }

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

#endif
