// Run-time dispatch: one source, one clone an instruction set, chosen by the loader.
#ifndef ECK_CLONES_H
#define ECK_CLONES_H

#if defined(__x86_64__) && defined(__linux__)
#define ECK_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ECK_CLONES
#endif

#define ECK_INLINE static inline __attribute__((always_inline))

#endif
