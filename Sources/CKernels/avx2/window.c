#if defined(__x86_64__)
#include "set.h"

#include "../families/window.h"
#endif
