#if defined(__x86_64__)
#include "set.h"

#include "../families/sparse.h"
#include "../families/sparse_gradient.h"
#include "../families/sparse_vector.h"
#endif
