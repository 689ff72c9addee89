// Lets a program see a smaller processor than the one it runs on, so that it chooses the kernels of that:
//
//   clang -shared -fPIC -nostdlib -O1 -fno-stack-protector [-DBASELINE] -o processor.so processor.c
//   LD_AUDIT=$PWD/processor.so program
//
// Without AVX-512, and with BASELINE without AVX, too. The loader calls an audit library before it
// relocates the program, which is when clones of kernels are chosen. From then on the instruction CPUID
// faults, and the handler answers it without those features. GLIBC_TUNABLES does not serve: it masks
// what the C library sees, and clones ask the processor. Where CPUID cannot be made to fault (that takes
// Linux and a processor, real or virtual, that knows how) the program sees the whole processor.
//
// There is no C library at this point, so system calls are made by hand.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum { SET_CPUID = 0x1012, RESTORER = 0x04000000 };

struct action {
  void *handler;
  unsigned long flags;
  void *restorer;
  unsigned long mask;
};

static long call(long number, long a, long b, long c, long d) {
  long result;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                   : "rcx", "r11", "memory");
  return result;
}

__attribute__((naked)) static void leave_handler(void) {
  __asm__("mov %0, %%eax\n syscall" : : "i"(SYS_rt_sigreturn));
}

static void handle(void *handler, unsigned long flags) {
  struct action action = {handler, flags | RESTORER, (void *)leave_handler, 0};
  call(SYS_rt_sigaction, SIGSEGV, (long)&action, 0, 8);
}

static uint32_t without(uint32_t bits, const int *places, int count) {
  for (int i = 0; i < count; i++) bits &= ~(UINT32_C(1) << places[i]);
  return bits;
}
#define WITHOUT(BITS, ...) \
  BITS = without(BITS, (const int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int))

static void answer(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)info;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const uint8_t *instruction = (const uint8_t *)registers[REG_RIP];
  if (instruction[0] != 0x0f || instruction[1] != 0xa2) {
    // A fault of the program's own: it happens again, and ends it.
    handle(SIG_DFL, 0);
    return;
  }
  uint32_t a = (uint32_t)registers[REG_RAX], c = (uint32_t)registers[REG_RCX], b, d;
  const uint32_t leaf = a, part = c;
  call(SYS_arch_prctl, SET_CPUID, 1, 0, 0);
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  call(SYS_arch_prctl, SET_CPUID, 0, 0, 0);
  if (leaf == 7 && part == 0) {
    WITHOUT(b, 16, 17, 21, 26, 27, 28, 30, 31);  // AVX-512 F DQ IFMA PF ER CD BW VL
    WITHOUT(c, 1, 6, 11, 12, 14);                // AVX-512 VBMI VBMI2 VNNI BITALG VPOPCNTDQ
    WITHOUT(d, 2, 3, 8, 23);                     // AVX-512 4VNNIW 4FMAPS VP2INTERSECT FP16
  }
  if (leaf == 7 && part == 1) WITHOUT(a, 5);  // AVX-512 BF16
#ifdef BASELINE
  if (leaf == 7 && part == 0) WITHOUT(b, 3, 5, 8);  // BMI1 AVX2 BMI2
  if (leaf == 7 && part == 1) WITHOUT(a, 4);        // AVX-VNNI
  if (leaf == 1) WITHOUT(c, 12, 22, 28, 29);        // FMA MOVBE AVX F16C
#endif
  registers[REG_RAX] = a;
  registers[REG_RBX] = b;
  registers[REG_RCX] = c;
  registers[REG_RDX] = d;
  registers[REG_RIP] += 2;
}

unsigned la_version(unsigned version) {
  if (call(SYS_arch_prctl, SET_CPUID, 0, 0, 0) == 0) handle(answer, SA_SIGINFO | SA_NODEFER);
  return version;
}
