#if defined(__x86_64__)
#include "set.h"

#include "../families/strips.h"
#include "../families/strip_product.h"
#endif
