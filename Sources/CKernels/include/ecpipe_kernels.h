// Vector kernels of ecpipe: loops over contiguous Float32 arrays, compiled for several instruction sets, of
// which one is chosen as the program starts. None allocates, locks, or depends on a thread count.
#ifndef ECPIPE_KERNELS_H
#define ECPIPE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Activation functions; the numbers are those of `Activation.code` in Engine.
enum {
  ECK_IDENTITY = 0,
  ECK_RELU = 1,
  ECK_LEAKY_RELU = 2,
  ECK_PRELU = 3,
  ECK_TANH = 4,
  ECK_SIGMOID = 5,
  ECK_GELU = 6,
  ECK_SILU = 7,
  ECK_SOFTPLUS = 8
};

#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) RESULT eck_##NAME PARAMETERS;
#include "../table/kernel_list.h"

// Flush-to-zero and denormals-are-zero, round to nearest: the same for every task of a loop, on every
// thread. Returns the thread's former mode, which `leave` takes.
uint64_t eck_enter_floating_point_mode(void);
void eck_leave_floating_point_mode(uint64_t former);
// Takes `count` cycles of the processor: as many additions, each of which waits for the last.
void eck_take_cycles(size_t count);
// One pause of a spinning processor.
void eck_pause(void);
// Instruction sets that kernels are compiled for; of those that one processor has, a later one is faster.
enum { ECK_PLAIN = 0, ECK_AVX2 = 1, ECK_AVX512 = 2, ECK_NEON = 3, ECK_INSTRUCTION_SETS = 4 };

// The variable of the environment that names one.
#define ECK_INSTRUCTIONS_VARIABLE "ECPIPE_INSTRUCTIONS"

// The set whose kernels run in this process.
int eck_instructions(void);
int eck_has_instructions(int set);
// The set's name in the environment.
const char *eck_instructions_name(int set);

// The version of glibc, from which logarithms, powers and cosines come; empty for other C libraries.
const char *eck_math_library(void);

#endif
