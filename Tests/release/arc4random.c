// The C library has this function from 2.36 on, and libstdc++, as Debian 12 builds it, asks for it. With one of
// its own the program runs where the C library is older, such as on Ubuntu 22.04.
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

uint32_t arc4random(void) {
  uint32_t drawn;
  // Up to 256 bytes come wholly or not at all.
  if (getrandom(&drawn, sizeof drawn, 0) != sizeof drawn) abort();
  return drawn;
}
