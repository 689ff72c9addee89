// 32 registers of 4 floats, fused multiply-add: what every 64-bit Arm has.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_neon_##NAME
#define ECK_TARGET

#endif
