#if defined(__aarch64__)
#include "set.h"

#include "../families/lane_vector.h"
#include "../families/sparse.h"
#include "../families/sparse_gradient.h"
#include "../families/sparse_vector.h"
#endif
