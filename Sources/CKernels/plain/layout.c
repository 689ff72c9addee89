#include "set.h"

#include "../families/layout.h"
