#if defined(__x86_64__)
#include "set.h"

#include "../families/strips.h"
#include "../families/narrow_strip_product.h"
#endif
