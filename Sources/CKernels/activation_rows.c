// Activation functions over blocks [rows, n] of pre-activations, rows `stride` apart.
#include "activation_functions.h"
#include "clones.h"
#include "ecpipe_kernels.h"

// z and a may be the same block: each element depends on itself alone.
#define EACH_ELEMENT                                 \
  for (size_t row = 0; row < rows; row++)            \
    _Pragma("clang loop vectorize(assume_safety)")   \
    for (size_t i = row * stride; i < row * stride + n; i++)

ECK_CLONES
void eck_activate_rows(int function, float slope, size_t rows, size_t n, size_t stride,
                       const float *zs, float *as) {
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

ECK_CLONES
void eck_derive_rows(int function, float slope, size_t rows, size_t n, size_t stride,
                     const float *zs, const float *as, float *ds) {
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
