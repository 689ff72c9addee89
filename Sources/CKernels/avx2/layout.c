#if defined(__x86_64__)
#include "set.h"

#include "../families/layout.h"
#endif
