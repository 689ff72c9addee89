// What the compiler takes for granted; on x86-64, 16 registers of 4 floats.
#ifndef ECK_SET_H
#define ECK_SET_H

#define ECK_NAME(NAME) eck_plain_##NAME
#define ECK_TARGET

#endif
