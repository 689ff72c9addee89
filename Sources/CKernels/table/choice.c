// Which instruction set's kernels run: chosen once, before the program begins.
#include <stdlib.h>
#include <string.h>

#include "kernel_table.h"

static const eck_kernels plain_kernels = {
#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) eck_plain_##NAME,
#include "kernel_list.h"
};

#if defined(__x86_64__)
static const eck_kernels avx2_kernels = {
#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) eck_avx2_##NAME,
#include "kernel_list.h"
};

static const eck_kernels avx512_kernels = {
#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) eck_avx512_##NAME,
#include "kernel_list.h"
};
#elif defined(__aarch64__)
static const eck_kernels neon_kernels = {
#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) eck_neon_##NAME,
#include "kernel_list.h"
};
#endif

// By the numbers of the sets; NULL for those of other architectures.
static const eck_kernels *const tables[ECK_INSTRUCTION_SETS] = {
    [ECK_PLAIN] = &plain_kernels,
#if defined(__x86_64__)
    [ECK_AVX2] = &avx2_kernels,
    [ECK_AVX512] = &avx512_kernels,
#elif defined(__aarch64__)
    [ECK_NEON] = &neon_kernels,
#endif
};

static const char *const names[ECK_INSTRUCTION_SETS] = {
    [ECK_PLAIN] = "plain", [ECK_AVX2] = "avx2", [ECK_AVX512] = "avx512", [ECK_NEON] = "neon"};

static int chosen = ECK_PLAIN;
static const eck_kernels *kernels = &plain_kernels;

const char *eck_instructions_name(int set) { return names[set]; }

int eck_has_instructions(int set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (set) {
    case ECK_AVX2: return __builtin_cpu_supports("x86-64-v3") != 0;
    case ECK_AVX512: return __builtin_cpu_supports("x86-64-v4") != 0;
  }
#endif
  return tables[set] != NULL;
}

int eck_instructions(void) { return chosen; }

// The set that the environment names where it is there, or else the largest. A name that is refused is for
// the program to tell.
__attribute__((constructor)) static void choose(void) {
  const char *wanted = getenv(ECK_INSTRUCTIONS_VARIABLE);
  for (int set = 0; set < ECK_INSTRUCTION_SETS; set++) {
    if (!eck_has_instructions(set)) continue;
    chosen = set;
    if (wanted && strcmp(wanted, names[set]) == 0) break;
  }
  kernels = tables[chosen];
}

#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) \
  RESULT eck_##NAME PARAMETERS { return kernels->NAME ARGUMENTS; }
#include "kernel_list.h"
