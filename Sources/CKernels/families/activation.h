// Activation functions and their derivatives, one loop a function so that each vectorises; blocks
// [rows, n] of pre-activations have rows `stride` apart.
#include "activation_functions.h"

// z and a may be the same block: each element depends on itself alone.
#define EACH_ELEMENT                                 \
  for (size_t row = 0; row < rows; row++)            \
    _Pragma("clang loop vectorize(assume_safety)")   \
    for (size_t i = row * stride; i < row * stride + n; i++)

ECK_KERNEL(void, activate_rows)
(int function, float slope, size_t rows, size_t n, size_t stride, const float *zs, float *as) {
  (void)slope;
#define FORWARD(CODE, VALUE, DERIVATIVE)   \
  case CODE:                               \
    EACH_ELEMENT {                         \
      float z = zs[i];                     \
      as[i] = (VALUE);                     \
    }                                      \
    break;
  switch (function) { ECK_EACH_ACTIVATION(FORWARD) }
#undef FORWARD
}

ECK_KERNEL(void, derive_rows)
(int function, float slope, size_t rows, size_t n, size_t stride, const float *zs, const float *as,
 float *ds) {
  (void)slope;
#define BACKWARD(CODE, VALUE, DERIVATIVE)  \
  case CODE:                               \
    EACH_ELEMENT {                         \
      float z = zs[i], a = as[i];          \
      (void)z;                             \
      (void)a;                             \
      ds[i] *= (DERIVATIVE);               \
    }                                      \
    break;
  switch (function) { ECK_EACH_ACTIVATION(BACKWARD) }
#undef BACKWARD
}

ECK_KERNEL(void, derivative)
(int function, float slope, size_t n, const float *zs, const float *as, float *ds) {
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

ECK_KERNEL(double, prelu_slope_gradient)
(size_t n, const float *g, const float *z) {
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
