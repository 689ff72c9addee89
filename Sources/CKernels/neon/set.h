// 32 registers of 4 floats, fused multiply-add: what every 64-bit Arm has.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_neon_##NAME
#define ECK_TARGET

// Sums of 16 floats that stay in registers, beside what is added to them.
#define ECK_SUMS 4

// Columns of a strip whose sums of 6 rows, and of squares, stay in registers.
#define ECK_STRIP_COLUMNS 8

// Sums of 16 floats that all ports for arithmetic are busy with.
#define ECK_PEAK_SUMS 6

// Rows of a tile of the dense product, of 16 columns.
#define ECK_TILE_ROWS 6

#endif
