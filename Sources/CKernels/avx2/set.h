// 16 registers of 8 floats, fused multiply-add.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_avx2_##NAME
// Without prfchw the processor does nothing where lines are asked for to be written.
#define ECK_TARGET \
  __attribute__((target("avx2,fma,f16c,bmi,bmi2,lzcnt,movbe,popcnt,sahf,cx16,crc32,prfchw")))

// Sums of 16 floats that stay in registers, beside what is added to them.
#define ECK_SUMS 4

// Columns of a strip whose sums of 6 rows, and of squares, stay in registers.
#define ECK_STRIP_COLUMNS 8

// Sums of 16 floats that all ports for arithmetic are busy with.
#define ECK_PEAK_SUMS 6

// Rows of a tile of the dense product, of 16 columns.
#define ECK_TILE_ROWS 6

// Registers do not hold 16 by 16 floats: they are turned 8 by 8.
#define ECK_TURNS_EIGHTS

#endif
