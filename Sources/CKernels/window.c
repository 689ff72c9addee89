// A compressed matrix times one sample, on windows of columns: 16 rows at a time, one in each lane of a
// register, so that a step serves up to 16 survivors and no sum runs across lanes. The 32 inputs of a
// window lie in two registers, from which one permutation picks an input for every lane: several times
// faster than as many loads.
#include "clones.h"
#include "ecpipe_kernels.h"
#include "vectors.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { LANES = 16 };

// z of the rows of one block, from the sums of its lanes.
ECK_INLINE void finish(size_t block, size_t rows, const int32_t *order, const float *bias, int relu,
                       const float *sums, float *z) {
  const int32_t *row = order + LANES * block;
  size_t live = rows - LANES * block < LANES ? rows - LANES * block : LANES;
  for (size_t l = 0; l < live; l++) {
    size_t i = (size_t)(uint32_t)row[l];
    float value = sums[l] + bias[i];
    z[i] = relu && value < 0 ? 0 : value;
  }
}

ECK_CLONES
static void select_by_loads(size_t first, size_t last, size_t rows, const int32_t *starts,
                            const int32_t *windows, const uint8_t *places, const float *values,
                            const int32_t *order, const float *bias, int relu, const float *x,
                            float *z) {
  for (size_t block = first; block < last; block++) {
    float even[LANES] = {0}, odd[LANES] = {0};
    size_t begin = (size_t)starts[block], end = (size_t)starts[block + 1];
    for (size_t s = begin; s < end; s++) {
      float *sum = (s - begin) % 2 ? odd : even;
      const float *window = x + windows[s];
      for (size_t l = 0; l < LANES; l++)
        sum[l] += values[LANES * s + l] * window[places[LANES * s + l]];
    }
    for (size_t l = 0; l < LANES; l++) even[l] += odd[l];
    finish(block, rows, order, bias, relu, even, z);
  }
}

#if defined(__x86_64__)
#define ECK_PERMUTES __attribute__((target("avx512f")))

ECK_PERMUTES ECK_INLINE __m512 step(size_t s, const int32_t *windows, const uint8_t *places,
                                    const float *values, const float *x, __m512 sum) {
  const float *window = x + windows[s];
  __m512i place = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(places + LANES * s)));
  __m512 input =
      _mm512_permutex2var_ps(_mm512_loadu_ps(window), place, _mm512_loadu_ps(window + LANES));
  return _mm512_fmadd_ps(_mm512_loadu_ps(values + LANES * s), input, sum);
}

// Two sums a lane, so that one step does not wait for the last.
ECK_PERMUTES
static void select_by_permutation(size_t first, size_t last, size_t rows, const int32_t *starts,
                                  const int32_t *windows, const uint8_t *places,
                                  const float *values, const int32_t *order, const float *bias,
                                  int relu, const float *x, float *z) {
  for (size_t block = first; block < last; block++) {
    __m512 even = _mm512_setzero_ps(), odd = _mm512_setzero_ps();
    size_t s = (size_t)starts[block], end = (size_t)starts[block + 1];
    for (; s + 2 <= end; s += 2) {
      even = step(s, windows, places, values, x, even);
      odd = step(s + 1, windows, places, values, x, odd);
    }
    if (s < end) even = step(s, windows, places, values, x, even);
    float sums[LANES];
    _mm512_storeu_ps(sums, _mm512_add_ps(even, odd));
    finish(block, rows, order, bias, relu, sums, z);
  }
}
#endif

void eck_window_vector(int permutes, size_t first, size_t last, size_t rows, const int32_t *starts,
                       const int32_t *windows, const uint8_t *places, const float *values,
                       const int32_t *order, const float *bias, int relu, const float *x,
                       float *z) {
#if defined(__x86_64__)
  if (permutes) {
    select_by_permutation(first, last, rows, starts, windows, places, values, order, bias, relu, x,
                          z);
    return;
  }
#else
  (void)permutes;
#endif
  select_by_loads(first, last, rows, starts, windows, places, values, order, bias, relu, x, z);
}
