// The kernels of every instruction set: KERNEL(result, name, parameters, arguments). Whoever includes this
// says what becomes of each; `ecpipe_kernels.h` makes it the declaration of eck_NAME.

// d[i] = f'(z[i]), with a[i] = f(z[i]) at hand. `slope` serves leaky_relu and prelu.
KERNEL(void, derivative,
       (int function, float slope, size_t n, const float *z, const float *a, float *d),
       (function, slope, n, z, a, d))
// Sum of g[i] * min(z[i], 0), the gradient of prelu's slope.
KERNEL(double, prelu_slope_gradient, (size_t n, const float *g, const float *z), (n, g, z))

// a = f(z) over rows of n, `stride` apart; z and a may be the same.
KERNEL(void, activate_rows,
       (int function, float slope, size_t rows, size_t n, size_t stride, const float *z, float *a),
       (function, slope, rows, n, stride, z, a))
// d *= f'(z), with a = f(z) at hand.
KERNEL(void, derive_rows,
       (int function, float slope, size_t rows, size_t n, size_t stride, const float *z,
        const float *a, float *d),
       (function, slope, rows, n, stride, z, a, d))

// Losses over feature-major outputs y [outputs, stride]: columns below `count` are samples, those up
// to `padded` get a zero gradient. Each returns the summed (not averaged) loss and writes
// d = scale * dloss/dy; d may be NULL.
KERNEL(double, cross_entropy,
       (size_t outputs, size_t count, size_t padded, size_t stride, const float *y,
        const int32_t *label, float smoothing, float scale, float *d),
       (outputs, count, padded, stride, y, label, smoothing, scale, d))
KERNEL(double, mean_squared,
       (size_t outputs, size_t count, size_t padded, size_t stride, const float *y,
        const float *target, float scale, float *d),
       (outputs, count, padded, stride, y, target, scale, d))
KERNEL(double, mean_absolute,
       (size_t outputs, size_t count, size_t padded, size_t stride, const float *y,
        const float *target, float scale, float *d),
       (outputs, count, padded, stride, y, target, scale, d))
KERNEL(double, huber,
       (size_t outputs, size_t count, size_t padded, size_t stride, const float *y,
        const float *target, float delta, float scale, float *d),
       (outputs, count, padded, stride, y, target, delta, scale, d))
KERNEL(double, binary_cross_entropy,
       (size_t outputs, size_t count, size_t padded, size_t stride, const float *y,
        const float *target, float scale, float *d),
       (outputs, count, padded, stride, y, target, scale, d))
// Class probabilities per column, and 1 - p summed from the others, so that it keeps its digits.
KERNEL(void, softmax,
       (size_t outputs, size_t padded, size_t stride, const float *y, float *p, float *q),
       (outputs, padded, stride, y, p, q))

// Optimizer steps. `mask` (one byte a weight, 1 = kept) may be NULL; a pruned weight, its gradient
// and its moments are 0 afterwards.
KERNEL(void, sgd,
       (size_t n, float *w, const float *g, const uint8_t *mask, float *m, float rate,
        float momentum, int nesterov, float decay),
       (n, w, g, mask, m, rate, momentum, nesterov, decay))
KERNEL(void, adam,
       (size_t n, float *w, const float *g, const uint8_t *mask, float *m, float *v, float step,
        float beta1, float beta2, float inverse_root, float epsilon, float coupled_decay,
        float shrink),
       (n, w, g, mask, m, v, step, beta1, beta2, inverse_root, epsilon, coupled_decay, shrink))

// Asks for the lines of x, n numbers that will be written soon, so that no other core keeps copies of them.
KERNEL(void, ask_to_write, (size_t n, const float *x), (n, x))

// Reductions in a fixed order, in double.
KERNEL(double, sum, (size_t n, const float *x), (n, x))
KERNEL(double, sum_squares, (size_t n, const float *x), (n, x))
// Row sums in float, n a multiple of 16: as exact as the products they stand beside.
KERNEL(void, block_row_sums,
       (size_t rows, size_t n, size_t stride, const float *x, float *sums),
       (rows, n, stride, x, sums))
KERNEL(int, all_finite, (size_t n, const float *x), (n, x))

// Elementwise passes.
// y *= x
KERNEL(void, multiply, (size_t n, const float *x, float *y), (n, x, y))
// y += x * x
KERNEL(void, add_square, (size_t n, const float *x, float *y), (n, x, y))
// y += x
KERNEL(void, accumulate, (size_t n, const float *x, double *y), (n, x, y))
// y += x over rows of n, x_stride and y_stride apart.
KERNEL(void, add_rows,
       (size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride),
       (rows, n, x, x_stride, y, y_stride))
KERNEL(void, scale, (size_t n, float factor, float *x), (n, factor, x))
KERNEL(void, expand_mask, (size_t n, const uint64_t *bits, uint8_t *bytes), (n, bits, bytes))
KERNEL(void, apply_mask, (size_t n, const uint8_t *mask, float *x), (n, mask, x))

// out[f * stride + s] = data[index[s] * features + f]; columns from count to padded become 0.
KERNEL(void, gather,
       (const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
        size_t stride, size_t first_feature, size_t last_feature, float *out),
       (data, features, index, count, padded, stride, first_feature, last_feature, out))
// out[s * features + f] = block[f * stride + s].
KERNEL(void, scatter,
       (const float *block, size_t features, size_t count, size_t stride, float *out),
       (block, features, count, stride, out))

// eck_gather, and beside it the same samples as rows, `sample_stride` apart (samples may be NULL);
// these are written up to the next multiple of 16 features.
KERNEL(void, gather_both,
       (const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
        size_t stride, size_t first_feature, size_t last_feature, float *out, float *samples,
        size_t sample_stride),
       (data, features, index, count, padded, stride, first_feature, last_feature, out, samples,
        sample_stride))
// to[c, r] = from[r, c]; columns a multiple of 16, rows of `to` written up to a multiple of 16.
KERNEL(void, transpose,
       (size_t rows, size_t columns, const float *from, size_t from_stride, float *to,
        size_t to_stride),
       (rows, columns, from, from_stride, to, to_stride))

// Statistics of pruning. Blocks of a statistics pass are [rows, n], contiguous, n a multiple of 16.
// Inputs centred by their references lie twice: feature-major, and in strips of 32 features for products
// over samples. Strip q begins at strips + q * strip_stride and has a row of 32 values a sample, or of 16
// where it is the last of at most 16 features; 0 beyond the features.
// The samples data[index[s]] from row `at` of the strips on, and in `out` [features, padded]; samples
// from count to padded become 0.
KERNEL(void, gather_strips,
       (const float *data, size_t features, const int32_t *index, size_t count, size_t padded,
        const float *reference, float *out, float *strips, size_t strip_stride, size_t at),
       (data, features, index, count, padded, reference, out, strips, strip_stride, at))
// The same for values x [features, n] that a chain computed, which are centred in place.
KERNEL(void, center_strips,
       (size_t features, size_t n, const float *reference, float *x, float *strips,
        size_t strip_stride, size_t at),
       (features, n, reference, x, strips, strip_stride, at))
// sums[2 j] += the sum over samples of feature j of one strip, sums[2 j + 1] += that of its squares;
// `features` of a strip whose rows have `width` values.
KERNEL(void, sum_strip,
       (size_t samples, size_t width, size_t features, const float *strip, double *sums),
       (samples, width, features, strip, sums))
// Rows of a strip with the squares behind the values: out [samples, 2 width].
KERNEL(void, expand_strip,
       (size_t samples, size_t width, const float *strip, float *out),
       (samples, width, strip, out))
// out [m, 2 width] = h [m, k], rows `stride` apart, times the first k rows of a strip and their squares.
KERNEL(void, strip_product,
       (size_t m, size_t k, size_t width, const float *h, size_t stride, const float *strip,
        float *out),
       (m, k, width, h, stride, strip, out))
// sums[2 j] += products[j] and sums[2 j + 1] += products[width + j] for `features` of a strip, for rows of
// products [rows, 2 width] and rows of sums sum_stride apart.
KERNEL(void, accumulate_strip,
       (size_t rows, size_t width, size_t features, const float *products, double *sums,
        size_t sum_stride),
       (rows, width, features, products, sums, sum_stride))
// g[i, s] = w[i] * d[i, s], times r[s] unless r is NULL.
KERNEL(void, seed_unit,
       (size_t units, size_t n, const float *w, const float *d, const float *r, float *g),
       (units, n, w, d, r, g))
// seed[j, s] = sqrt(p[k, s]) * (delta_jk - p[j, s]), with q = 1 - p at hand.
KERNEL(void, softmax_seed,
       (size_t outputs, size_t n, size_t k, const float *p, const float *q, float *seed),
       (outputs, n, k, p, q, seed))
// x[i] *= scale, with the opposite sign where bit i of `bits` (64 a word, lowest first) is set.
KERNEL(void, flip_signs,
       (size_t n, float scale, const uint64_t *bits, float *x),
       (n, scale, bits, x))
// A random combination of the softmax seeds: seed[k, s] comes in as v_k sqrt(p[k, s]) with signs v_k,
// and goes out as sum over k of v_k sqrt(p[k, s]) (delta_jk - p[j, s]) in row j.
KERNEL(void, softmax_probe,
       (size_t outputs, size_t n, const float *p, const float *q, float *seed),
       (outputs, n, p, q, seed))
// m = p (1 - p) of the logistic function p of y; 0 where p or 1 - p underflows.
KERNEL(void, logistic_variance, (size_t n, const float *y, float *m), (n, y, m))
KERNEL(void, square_root, (size_t n, const float *x, float *y), (n, x, y))
// x[i] = 0 where x[i] <= limit.
KERNEL(void, drop_small, (size_t n, float limit, float *x), (n, limit, x))
// raw += g * g, then g *= d.
KERNEL(void, gate_add_square, (size_t n, const float *d, float *g, float *raw), (n, d, g, raw))
// h[i, s] = raw[i, s] * d[i, s]^2 (d may be NULL for 1), 0 from column `live` on; rows of h are
// `stride` apart.
KERNEL(void, gated_squares,
       (size_t rows, size_t n, size_t live, const float *raw, const float *d, size_t stride,
        float *h),
       (rows, n, live, raw, d, stride, h))
// From pairs (S1, S2) of h-weighted sums of centred inputs: with m = S1 * inverse,
// importance = w^2 max(0, S2 - S1 m) * scale and shift = w (reference + m).
KERNEL(void, elimination,
       (size_t n, double scale, double inverse, const double *pairs, const float *reference,
        const float *w, float *importance, float *shift),
       (n, scale, inverse, pairs, reference, w, importance, shift))
KERNEL(int, all_finite_double, (size_t n, const double *x), (n, x))

// Dense products on blocks. c [m, n] = a b, with element (r, p) of a at a[r * row_step + p * k_step]
// and b [k, n] in rows b_stride apart; n is a multiple of 16, or rows of b are readable up to the
// next one below 16. Then, where given: c += bias, c = max(c, 0), c = 0 where gate (as c) is not
// above 0; these need n a multiple of 16.
KERNEL(void, product,
       (size_t m, size_t n, size_t k, const float *a, size_t row_step, size_t k_step,
        const float *b, size_t b_stride, float *c, size_t c_stride, const float *bias, int relu,
        const float *gate),
       (m, n, k, a, row_step, k_step, b, b_stride, c, c_stride, bias, relu, gate))
// The same where only the first `live` columns, more than n - 16 of n, count, and n is a multiple of 16: the
// others become whatever is finite where b is.
KERNEL(void, live_product,
       (size_t m, size_t n, size_t live, size_t k, const float *a, size_t row_step, size_t k_step,
        const float *b, size_t b_stride, float *c, size_t c_stride, const float *bias, int relu,
        const float *gate),
       (m, n, live, k, a, row_step, k_step, b, b_stride, c, c_stride, bias, relu, gate))
// The same ends on a product c [m, n] that another library made.
KERNEL(void, finish_rows,
       (size_t m, size_t n, float *c, size_t stride, const float *bias, int relu, const float *gate),
       (m, n, c, stride, bias, relu, gate))
// z = w x + bias for one sample, w [rows, columns].
KERNEL(void, dense_vector,
       (size_t rows, size_t columns, const float *w, const float *bias, const float *x, float *z),
       (rows, columns, w, bias, x, z))

// Products with a compressed matrix: row i has the survivors starts[i] ..< starts[i + 1], each an
// index and a value. `width` is a multiple of 16 samples, of which the first `live`, more than
// width - 16, count: what the others become is finite where x is, and 0 without bias where d is 0.
// out[i] = sum of value * x[index] + bias[i], clipped below at 0 if relu.
KERNEL(void, sparse_forward,
       (size_t rows, size_t width, size_t live, const int32_t *starts,
        const int32_t *index, const float *values, const float *bias, int relu, const float *x,
        size_t x_stride, float *out, size_t out_stride),
       (rows, width, live, starts, index, values, bias, relu, x, x_stride, out, out_stride))
// out[i] = sum of values[source] * d[index], 0 where gate (as out, may be NULL) is not above 0.
KERNEL(void, sparse_backward,
       (size_t rows, size_t width, size_t live, const int32_t *starts,
        const int32_t *index, const int32_t *source, const float *values, const float *d,
        size_t d_stride, const float *gate, float *out, size_t out_stride),
       (rows, width, live, starts, index, source, values, d, d_stride, gate, out,
        out_stride))
// g[p - starts[0]] = sum over samples of d[i] * x[index[p]], for every survivor p of row i; d is 0 behind
// the samples that count.
KERNEL(void, sparse_gradient,
       (size_t rows, size_t width, size_t live, const int32_t *starts, const int32_t *index,
        const float *d, size_t d_stride, const float *x, size_t x_stride, float *g),
       (rows, width, live, starts, index, d, d_stride, x, x_stride, g))
// z[i] = bias[i] + sum of value * x[index] for one sample.
KERNEL(void, sparse_vector,
       (size_t rows, const int32_t *starts, const int32_t *index, const float *values,
        const float *bias, const float *x, float *z),
       (rows, starts, index, values, bias, x, z))
// The same for the blocks first ..< last of 16 rows each, in the order that `order` has them (the last
// block may have fewer). A block has the steps starts[b] ..< starts[b + 1]; a step has 16 values, one
// a row, 0 where it serves none, which multiply x[windows[s] + place] with its 16 places, all below
// 32; so many floats of x are readable there. z = max(z, 0) if relu.
KERNEL(void, window_vector,
       (size_t first, size_t last, size_t rows, const int32_t *starts,
        const int32_t *windows, const uint8_t *places, const float *values, const int32_t *order,
        const float *bias, int relu, const float *x, float *z),
       (first, last, rows, starts, windows, places, values, order, bias, relu, x, z))
// The same bits as sparse_vector, for the blocks first ..< last of 8 rows each, in the order that `order` has them
// (the last block may have fewer). A block has the steps starts[b] ..< starts[b + 1], which from tails[b] on
// go to the first sum; a step has 8 values, one a row, 0 where it serves none. z = max(z, 0) if relu.
KERNEL(void, lane_vector,
       (size_t first, size_t last, size_t rows, const int32_t *starts, const int32_t *tails,
        const int32_t *index, const float *values, const int32_t *order, const float *bias,
        int relu, const float *x, float *z),
       (first, last, rows, starts, tails, index, values, order, bias, relu, x, z))

// Multiplications and additions on registers alone, `rounds` of them on each; `kept` has 16 floats between
// 0 and 1 and changes. Returns how many there were.
KERNEL(double, peak, (size_t rounds, float *kept), (rounds, kept))
// Loads alone of the rows index[p] of x, each of `width` floats (16, 32 or 64) and next to one another; `kept`
// [width] gets what keeps the compiler from leaving them out. Up to 7 rows at the end are left.
KERNEL(void, read_rows,
       (size_t count, const int32_t *index, size_t width, const float *x, float *kept),
       (count, index, width, x, kept))

#undef KERNEL
