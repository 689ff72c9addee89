// What the bodies of kernels share. A file of a set's folder includes the set's `set.h`, which says how the
// set's kernels are called and compiled, and then the body of a family.
#ifndef ECK_KERNEL_H
#define ECK_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "../table/kernel_table.h"

// a * b + c in one statement is one rounding where the set has that instruction, and two elsewhere.
#pragma STDC FP_CONTRACT ON

#define ECK_INLINE static inline __attribute__((always_inline))

// Keeps `pointer` in a register of its own, so that loads take it alone: x86-64 splits a multiplication that
// loads by two registers.
#define ECK_IN_REGISTER(pointer) __asm__("" : "+r"(pointer))

#define ECK_UNROLL _Pragma("clang loop unroll(full)")

// The head of a kernel, without its parameters.
#define ECK_KERNEL(RESULT, NAME) ECK_TARGET RESULT ECK_NAME(NAME)

// Floats that are taken together; a set with narrower registers takes as many of them.
enum { LANES = 16 };

ECK_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

#endif
