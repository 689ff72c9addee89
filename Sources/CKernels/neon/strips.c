#if defined(__aarch64__)
#include "set.h"

#include "../families/strips.h"
#endif
