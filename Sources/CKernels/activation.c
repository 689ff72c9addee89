// Activation functions and their derivatives, one loop a function so that each vectorises.
#include "activation_functions.h"
#include "clones.h"
#include "ecpipe_kernels.h"

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
