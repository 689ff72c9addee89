// 32 registers of 16 floats, fused multiply-add.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_avx512_##NAME
// Features one by one: the name of a level (arch=x86-64-v4) would bring that level's tuning, which halves
// the registers of AVX-512.
#define ECK_TARGET \
  __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,f16c,bmi,bmi2,lzcnt," \
                        "movbe,popcnt,sahf,cx16,crc32,prfchw")))

// Sums of 16 floats that stay in registers, beside what is added to them.
#define ECK_SUMS 8

// Sums of 16 floats that all ports for arithmetic are busy with.
#define ECK_PEAK_SUMS 12

#endif
