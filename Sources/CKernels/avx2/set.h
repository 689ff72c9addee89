// 16 registers of 8 floats, fused multiply-add.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_avx2_##NAME
#define ECK_TARGET \
  __attribute__((target("avx2,fma,f16c,bmi,bmi2,lzcnt,movbe,popcnt,sahf,cx16,crc32")))

#endif
