// What a thread and a processor must have in common for results to be the same bits.
#include "ecpipe_kernels.h"

#if __has_include(<gnu/libc-version.h>)
#include <gnu/libc-version.h>

const char *eck_math_library(void) { return gnu_get_libc_version(); }
#else
const char *eck_math_library(void) { return ""; }
#endif

#if defined(__x86_64__)
#include <immintrin.h>

uint64_t eck_enter_floating_point_mode(void) {
  uint64_t former = _mm_getcsr();
  // All exceptions masked, round to nearest, flush to zero, denormals are zero.
  _mm_setcsr(0x9fc0u);
  return former;
}

void eck_leave_floating_point_mode(uint64_t former) { _mm_setcsr((unsigned)former); }

void eck_pause(void) { _mm_pause(); }
#elif defined(__aarch64__)
uint64_t eck_enter_floating_point_mode(void) {
  uint64_t former;
  __asm__ volatile("mrs %0, fpcr" : "=r"(former));
  uint64_t control = former | (uint64_t)1 << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
  return former;
}

void eck_leave_floating_point_mode(uint64_t former) {
  __asm__ volatile("msr fpcr, %0" : : "r"(former));
}

void eck_pause(void) { __asm__ volatile("yield"); }
#else
uint64_t eck_enter_floating_point_mode(void) { return 0; }

void eck_leave_floating_point_mode(uint64_t former) { (void)former; }

void eck_pause(void) {}
#endif

void eck_take_cycles(size_t count) {
  size_t sum = 0, term = count;
  for (size_t i = 0; i < count; i += 8) {
#define ADD                            \
  sum += term;                         \
  __asm__ volatile("" : "+r"(sum), "+r"(term));
    ADD ADD ADD ADD ADD ADD ADD ADD
#undef ADD
  }
}
