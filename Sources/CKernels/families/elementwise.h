// Elementwise passes over contiguous arrays.

ECK_KERNEL(void, multiply)
(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] *= x[i];
}

ECK_KERNEL(void, add_square)
(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] += x[i] * x[i];
}

ECK_KERNEL(void, accumulate)
(size_t n, const float *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] += (double)x[i];
}

ECK_KERNEL(void, add_rows)
(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < n; i++) y[row * y_stride + i] += x[row * x_stride + i];
}

ECK_KERNEL(void, scale)
(size_t n, float factor, float *x) {
  for (size_t i = 0; i < n; i++) x[i] *= factor;
}

ECK_KERNEL(void, expand_mask)
(size_t n, const uint64_t *bits, uint8_t *bytes) {
  for (size_t i = 0; i < n; i++) bytes[i] = (bits[i >> 6] >> (i & 63)) & 1;
}

ECK_KERNEL(void, apply_mask)
(size_t n, const uint8_t *mask, float *x) {
  for (size_t i = 0; i < n; i++) x[i] = mask[i] ? x[i] : 0;
}
