#include "set.h"

#include "../families/sparse.h"
