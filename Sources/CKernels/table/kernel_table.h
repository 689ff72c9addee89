// One entry a kernel, and one table an instruction set.
#ifndef ECK_KERNEL_TABLE_H
#define ECK_KERNEL_TABLE_H

#include "ecpipe_kernels.h"

typedef struct {
#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) RESULT(*NAME) PARAMETERS;
#include "kernel_list.h"
} eck_kernels;

#define KERNEL(RESULT, NAME, PARAMETERS, ARGUMENTS) \
  RESULT eck_plain_##NAME PARAMETERS;               \
  RESULT eck_avx2_##NAME PARAMETERS;                \
  RESULT eck_avx512_##NAME PARAMETERS;              \
  RESULT eck_neon_##NAME PARAMETERS;
#include "kernel_list.h"

#endif
