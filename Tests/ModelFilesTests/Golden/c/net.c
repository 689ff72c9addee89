/*
 * net.c, written by ecpipe 0.1.0. Do not edit it.
 *
 * 3 inputs, 2 outputs, float. Layers:
 *   hidden1: 3 to 2, leaky_relu, 6 of 6 weights, dense, 32 bytes
 *   output: 2 to 2, identity, 3 of 4 weights, compressed by a bit a weight, 22 bytes
 *
 * Flash       54 bytes of constants, and the code
 * RAM         8 bytes of working memory; the caller has 12 of inputs and 8 of outputs
 * Multiply-adds 9
 * At export   accuracy 50.00 % on two * / rows
 * Made from   a model with the SHA-256 00ff
 */
#include "net.h"
#if NET_EXPORT != 0x9b0a525cUL
#error "net.c and net.h are of different exports; export the network again"
#endif

#include <float.h>
#include <stddef.h>

#if defined(__FAST_MATH__)
#error "compile this without -ffast-math, which changes results"
#endif
#if defined(FLT_EVAL_METHOD)
#if FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD == 1 || FLT_EVAL_METHOD == 2
#error "float is computed more exactly here, which changes results; on x86 say -mfpmath=sse -msse2"
#endif
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

static const float net_hidden1_weights[6] = {
    0.5f, -1.0f, 1e-05f, 0.1f, 2.0f, 3.0f};
static const float net_hidden1_bias[2] = {
    0.25f, -0.125f};

static const float net_output_weights[3] = {
    1.0f, -3.0f, 16777216.0f};
static const uint8_t net_output_mask[2] = {
    1, 3};
static const float net_output_bias[2] = {
    0.0f, 1.0f};

const char *const net_classes[NET_CLASSES] = {
    "gr\303\266\303\237er",
    "a\"\?\\\012"
};

/* out = W x + b. Each sum goes from the left to the right, and the bias comes last. */
static void net_dense(const float *weights, const float *bias, size_t rows, size_t columns,
                   const float *x, float *out)
{
    for (size_t row = 0; row < rows; row++) {
        float sum = 0.0f;
        for (size_t column = 0; column < columns; column++) {
            sum += *weights++ * x[column];
        }
        out[row] = sum + bias[row];
    }
}

/* The same where a bit says for each place, lowest first, whether a weight is stored. */
static void net_masked(const float *weights, const uint8_t *mask, const float *bias,
                    size_t rows, size_t columns, const float *x, float *out)
{
    for (size_t row = 0; row < rows; row++) {
        float sum = 0.0f;
        for (size_t column = 0; column < columns; column += 8) {
            const float *at = x + column;
            for (unsigned bits = *mask++; bits != 0u; bits >>= 1) {
                if ((bits & 1u) != 0u) {
                    sum += *weights++ * *at;
                }
                at++;
            }
        }
        out[row] = sum + bias[row];
    }
}

static void net_each_with_slope(float *values, size_t units, float slope)
{
    for (size_t unit = 0; unit < units; unit++) {
        const float z = values[unit];
        values[unit] = z > 0.0f ? z : slope * z;
    }
}

void net_run(const float *inputs, float *outputs, float *scratch)
{
    net_dense(net_hidden1_weights, net_hidden1_bias, 2, 3, inputs, scratch);
    net_each_with_slope(scratch, 2, 0.01f);
    net_masked(net_output_weights, net_output_mask, net_output_bias, 2, 2, scratch, outputs);
}

int net_argmax(const float *outputs)
{
    int best = 0;
    for (int output = 1; output < NET_OUTPUTS; output++) {
        if (outputs[output] > outputs[best]) {
            best = output;
        }
    }
    return best;
}

#ifdef NET_SELF_TEST
int net_self_test(void)
{
    static const float inputs[3][NET_INPUTS] = {
        {
            -0.5f, -0.0625f, 0.375f
        },
        {
            0.1875f, 0.625f, -0.5f
        },
        {
            0.875f, -0.25f, 0.1875f
        }
    };
    static const float expected[3][NET_OUTPUTS] = {
        {
            0.062503755f, 13841204.0f
        },
        {
            -0.00281255f, -59767.832f
        },
        {
            0.93750185f, 419428.7f
        }
    };
    static float scratch[NET_SCRATCH];
    static float outputs[NET_OUTPUTS];
    int wrong = 0;
    for (int row = 0; row < 3; row++) {
        net_run(inputs[row], outputs, scratch);
        for (int output = 0; output < NET_OUTPUTS; output++) {
            wrong += outputs[output] == expected[row][output] ? 0 : 1;
        }
    }
    return wrong;
}
#endif
