// What the compiler takes for granted; on x86-64, 16 registers of 4 floats.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_plain_##NAME
#define ECK_TARGET

// Sums of 16 floats that stay in registers, beside what is added to them.
#define ECK_SUMS 2

// Columns of a strip whose sums of 6 rows, and of squares, stay in registers.
#define ECK_STRIP_COLUMNS 4

// Sums of 16 floats that all ports for arithmetic are busy with.
#define ECK_PEAK_SUMS 3

// Rows of a tile of the dense product, of 16 columns.
#define ECK_TILE_ROWS 2

#endif
