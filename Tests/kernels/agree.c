// Kernels of one instruction set against those of the plain set, on random numbers and many shapes. What is
// compiled in for SET is what the processor, real or emulated, runs:
//
//   clang -DSET=neon -I Sources/CKernels/include Tests/kernels/agree.c Sources/CKernels/*/*.c -lm
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Sources/CKernels/table/kernel_table.h"

#define PASTE(A, B, C) A##B##C
#define NAMED(SET, NAME) PASTE(eck_, SET, _##NAME)
#define OWN(NAME) NAMED(SET, NAME)

enum { SIZE = 1 << 17 };
static float one[SIZE], two[SIZE], three[SIZE], four[SIZE], own[SIZE], plain[SIZE];
static double own_sums[SIZE], plain_sums[SIZE];
static int32_t starts[1024], indices[SIZE], sources[SIZE], labels[1024], order[1024], windows[SIZE];
static uint8_t mask[SIZE], own_bytes[SIZE], plain_bytes[SIZE];
static uint64_t bits[SIZE / 64];
static int checks, failures;

static uint32_t draw(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33);
}

static void fill(float *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = (float)(draw() % 20001) / 10000 - 1;
}

static void agree(const char *kernel, size_t shape, double a, double b, double tolerance) {
  checks++;
  if (fabs(a - b) <= tolerance * (1 + fabs(b)) || (isnan(a) && isnan(b))) return;
  if (failures++ < 20) printf("%s, shape %zu: %.9g, plain %.9g\n", kernel, shape, a, b);
}

// Runs CALL with `own` and `plain` in turn as OUT, both full of the same numbers before.
#define BOTH(NAME, SHAPE, TOLERANCE, ...)                                                    \
  {                                                                                          \
    fill(own, SIZE);                                                                         \
    memcpy(plain, own, sizeof own);                                                          \
    float *out = own;                                                                        \
    OWN(NAME)(__VA_ARGS__);                                                                  \
    out = plain;                                                                             \
    eck_plain_##NAME(__VA_ARGS__);                                                           \
    for (size_t i = 0; i < SIZE; i++) agree(#NAME, SHAPE, own[i], plain[i], TOLERANCE);      \
  }
#define VALUE(NAME, SHAPE, TOLERANCE, ...)                                                   \
  agree(#NAME, SHAPE, OWN(NAME)(__VA_ARGS__), eck_plain_##NAME(__VA_ARGS__), TOLERANCE);

static void products(void) {
  static const size_t shapes[][3] = {{1, 16, 1},   {7, 48, 33},  {6, 64, 5},    {13, 112, 17},
                                     {53, 80, 256}, {3, 16, 700}, {97, 32, 300}, {5, 7, 9},
                                     {26, 33, 20},  {100, 20, 7}, {1, 5, 260}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    size_t m = shapes[s][0], n = shapes[s][1], k = shapes[s][2], stride = (n + 15) / 16 * 16;
    BOTH(product, s, 2e-5, m, n, k, one, k, 1, two, stride, out, n, 0, 0, 0)
    BOTH(product, s, 2e-5, m, n, k, one, 1, m, two, stride, out, n, 0, 0, 0)
    if (n % 16 == 0) {
      BOTH(product, s, 2e-5, m, n, k, one, k, 1, two, stride, out, n, three, 1, 0)
      BOTH(product, s, 2e-5, m, n, k, one, 1, m, two, stride, out, n, 0, 0, four)
      BOTH(finish_rows, s, 0, m, n, out, n, three, 1, four)
    }
    BOTH(dense_vector, s, 2e-5, m, k, one, two, three, out)
    BOTH(strip_product, s, 2e-5, m, k, 32, one, k, two, out)
    BOTH(strip_product, s, 2e-5, m, k, 16, one, k, two, out)
    BOTH(transpose, s, 0, m, n / 16 * 16, one, n, out, (m + 15) / 16 * 16)
    BOTH(block_row_sums, s, 2e-5, m, n / 16 * 16, n, one, out)
  }
  // Columns of A a multiple of 1 KiB apart.
  BOTH(product, 99, 2e-5, 256, 50, 300, one, 1, 256, two, 64, out, 50, 0, 0, 0)
}

// Columns that count are the same bits, however many do.
static void live_columns(size_t m, size_t live, size_t k) {
  const size_t n = (live + 15) / 16 * 16;
  for (int turned = 0; turned < 2; turned++) {
    const size_t row_step = turned ? 1 : k, k_step = turned ? m : 1;
    OWN(product)(m, n, k, one, row_step, k_step, two, n, plain, n, three, 1, four);
    OWN(live_product)(m, n, live, k, one, row_step, k_step, two, n, own, n, three, 1, four);
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < n; j++) {
        const int agrees = j < live ? own[i * n + j] == plain[i * n + j] : isfinite(own[i * n + j]);
        agree("live_product", live, agrees, 1, 0);
      }
  }
}

// Samples that count are close to those of the plain set; what the others become is left to each.
static void agree_live(const char *kernel, size_t rows, size_t width, size_t live) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < live; j++)
      agree(kernel, live, own[i * width + j], plain[i * width + j], 2e-5);
}

static void live_samples(size_t rows, size_t width, size_t live) {
  OWN(sparse_forward)(rows, width, live, starts, indices, one, two, 1, three, width, own, width);
  eck_plain_sparse_forward(rows, width, live, starts, indices, one, two, 1, three, width, plain, width);
  agree_live("sparse_forward", rows, width, live);
  OWN(sparse_backward)(rows, width, live, starts, indices, sources, one, three, width, four, own, width);
  eck_plain_sparse_backward(rows, width, live, starts, indices, sources, one, three, width, four, plain,
                            width);
  agree_live("sparse_backward", rows, width, live);
  // Deltas behind the samples are 0.
  static float deltas[SIZE];
  memcpy(deltas, three, sizeof deltas);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = live; j < width; j++) deltas[i * width + j] = 0;
  BOTH(sparse_gradient, live, 2e-5, rows, width, live, starts, indices, deltas, width, four, width, out)
}

static void sparse(size_t rows, size_t columns, unsigned density) {
  size_t count = 0;
  for (size_t i = 0; i < rows; i++) {
    starts[i] = (int32_t)count;
    for (size_t j = 0; j < columns; j++)
      if (draw() % 100 < density) indices[count++] = (int32_t)j;
  }
  starts[rows] = (int32_t)count;
  for (size_t i = 0; i < count; i++) sources[i] = (int32_t)(count - 1 - i);
  for (size_t width = 16; width <= 112; width += 16) {
    BOTH(sparse_forward, width, 2e-5, rows, width, width, starts, indices, one, two, 1, three, width,
         out, width)
    BOTH(sparse_backward, width, 2e-5, rows, width, width, starts, indices, sources, one, three,
         width, four, out, width)
    BOTH(sparse_gradient, width, 2e-5, rows, width, width, starts, indices, three, width, four,
         width, out)
    // The last register with half of its lanes and less, and with more.
    live_samples(rows, width, width - 11);
    live_samples(rows, width, width - 3);
  }
  BOTH(sparse_vector, rows, 2e-5, rows, starts, indices, one, two, three, out)
  // Places anywhere in windows anywhere.
  size_t blocks = (rows + 15) / 16, steps = 0;
  for (size_t b = 0; b <= blocks; b++) {
    starts[b] = (int32_t)steps;
    if (b < blocks) steps += 1 + draw() % 5;
  }
  for (size_t s = 0; s < steps; s++) windows[s] = (int32_t)(16 * (draw() % 8));
  for (size_t i = 0; i < 16 * steps; i++) mask[i] = draw() % 32;
  for (size_t i = 0; i < rows; i++) order[i] = (int32_t)(rows - 1 - i);
  BOTH(window_vector, rows, 2e-5, 0, blocks, rows, starts, windows, mask, one, order, two, 1, three,
       out)
  // Blocks of 8 rows, with steps that are left over behind whole rounds of sums.
  blocks = (rows + 7) / 8;
  steps = 0;
  for (size_t b = 0; b <= blocks; b++) {
    starts[b] = (int32_t)steps;
    if (b == blocks) break;
    windows[b] = (int32_t)(steps += 8 * (draw() % 4));
    steps += draw() % 8;
  }
  for (size_t i = 0; i < 8 * steps; i++) indices[i] = (int32_t)(draw() % columns);
  BOTH(lane_vector, rows, 2e-5, 0, blocks, rows, starts, windows, indices, one, order, two, 1, three,
       out)
}

static void loops(size_t n) {
  for (int f = ECK_IDENTITY; f <= ECK_SOFTPLUS; f++) {
    BOTH(activate_rows, n, 2e-6, f, 0.1f, 3, n, n + 5, one, out)
    BOTH(derive_rows, n, 2e-6, f, 0.1f, 3, n, n + 5, one, two, out)
    BOTH(derivative, n, 2e-6, f, 0.1f, n, one, two, out)
  }
  VALUE(prelu_slope_gradient, n, 1e-6, n, one, two)
  VALUE(sum, n, 1e-12, n, one)
  VALUE(sum_squares, n, 1e-12, n, one)
  VALUE(all_finite, n, 0, n, one)
  BOTH(multiply, n, 0, n, one, out)
  BOTH(add_square, n, 1e-6, n, one, out)
  BOTH(add_rows, n, 0, 3, n, one, n + 1, out, n + 2)
  BOTH(scale, n, 0, n, 0.3f, out)
  BOTH(apply_mask, n, 0, n, mask, out)
  BOTH(flip_signs, n, 0, n, 0.5f, bits, out)
  BOTH(logistic_variance, n, 2e-6, n, one, out)
  BOTH(square_root, n, 0, n, three, out)
  BOTH(drop_small, n, 0, n, 0.2f, out)
  BOTH(gate_add_square, n, 1e-6, n, one, out, out + n)
  BOTH(gated_squares, n, 1e-6, 2, n, n / 2, one, two, n + 3, out)
  BOTH(seed_unit, n, 1e-6, 3, n, one, two, three, out)
  BOTH(sgd, n, 1e-6, n, out, one, mask, out + n, 0.1f, 0.9f, 1, 0.01f)
  // Second moments below 0 have no root, with either set.
  BOTH(adam, n, 1e-5, n, out, one, mask, out + n, out + 2 * n, 0.1f, 0.9f, 0.999f, 1.1f, 1e-3f,
       0.01f, 0.9f)
  OWN(expand_mask)(n, bits, own_bytes);
  eck_plain_expand_mask(n, bits, plain_bytes);
  for (size_t i = 0; i < n; i++) agree("expand_mask", n, own_bytes[i], plain_bytes[i], 0);
  memset(own_sums, 0, sizeof own_sums);
  memset(plain_sums, 0, sizeof plain_sums);
  OWN(accumulate)(n, one, own_sums);
  eck_plain_accumulate(n, one, plain_sums);
  for (size_t i = 0; i < n; i++) agree("accumulate", n, own_sums[i], plain_sums[i], 0);
  BOTH(elimination, n, 1e-5, n, 0.1, 0.2, plain_sums, one, two, out, out + n)
  VALUE(all_finite_double, n, 0, n, plain_sums)
}

static void batches(size_t outputs, size_t count) {
  size_t padded = (count + 15) / 16 * 16, n = padded;
  for (size_t i = 0; i < count; i++) labels[i] = (int32_t)(draw() % outputs);
  BOTH(cross_entropy, count, 2e-6, outputs, count, padded, n, one, labels, 0.1f, 0.5f, out)
  BOTH(mean_squared, count, 2e-6, outputs, count, padded, n, one, two, 0.5f, out)
  BOTH(mean_absolute, count, 2e-6, outputs, count, padded, n, one, two, 0.5f, out)
  BOTH(huber, count, 2e-6, outputs, count, padded, n, one, two, 0.3f, 0.5f, out)
  BOTH(binary_cross_entropy, count, 2e-6, outputs, count, padded, n, one, three, 0.5f, out)
  VALUE(cross_entropy, count, 2e-6, outputs, count, padded, n, one, labels, 0.1f, 0.5f, 0)
  BOTH(softmax, count, 2e-6, outputs, padded, n, one, out, out + outputs * n)
  BOTH(softmax_seed, count, 2e-6, outputs, n, outputs / 2, three, four, out)
  BOTH(softmax_probe, count, 2e-6, outputs, n, one, two, out)
  for (size_t i = 0; i < count; i++) indices[i] = (int32_t)(draw() % 40);
  BOTH(gather, count, 0, one, outputs, indices, count, padded, n, 0, outputs, out)
  BOTH(scatter, count, 0, one, outputs, count, n, out)
  BOTH(gather_both, count, 0, one, outputs, indices, count, padded, n, 0, outputs, out,
       out + outputs * n, (outputs + 15) / 16 * 16)
  size_t strip = 32 * padded;
  BOTH(gather_strips, count, 0, one, outputs, indices, count, padded, two, out,
       out + outputs * padded, strip, 0)
  BOTH(center_strips, count, 0, outputs, padded, two, out, out + outputs * padded, strip, 0)
  BOTH(expand_strip, count, 0, count, 32, one, out)
  memset(own_sums, 0, sizeof own_sums);
  memset(plain_sums, 0, sizeof plain_sums);
  OWN(sum_strip)(count, 16, 11, one, own_sums);
  eck_plain_sum_strip(count, 16, 11, one, plain_sums);
  OWN(accumulate_strip)(count, 16, 11, one, own_sums + 64, 24);
  eck_plain_accumulate_strip(count, 16, 11, one, plain_sums + 64, 24);
  for (size_t i = 0; i < SIZE; i++) agree("sums of strips", count, own_sums[i], plain_sums[i], 1e-12);
}

int main(void) {
  fill(one, SIZE);
  fill(two, SIZE);
  fill(four, SIZE);
  for (size_t i = 0; i < SIZE; i++) three[i] = (float)(1 + draw() % 1000) / 1001;
  for (size_t i = 0; i < SIZE; i++) mask[i] = draw() % 2;
  for (size_t i = 0; i < SIZE / 64; i++) bits[i] = (uint64_t)draw() << 33 | draw();
  products();
  for (size_t count = 1; count < 40; count++) {
    live_columns(1, count, 5);
    live_columns(37, count, 33);
    live_columns(130, count, 256);
  }
  for (size_t n = 0; n < 70; n += 1 + n / 5) loops(n);
  static const size_t counts[] = {1, 15, 16, 17, 40, 64};
  for (size_t i = 0; i < 6; i++) {
    batches(1, counts[i]);
    batches(10, counts[i]);
    batches(37, counts[i]);
  }
  sparse(37, 120, 20);
  sparse(16, 150, 3);
  sparse(5, 130, 90);
  printf("%d values, %d differ\n", checks, failures);
  return failures > 0;
}
