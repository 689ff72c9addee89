#include "set.h"

#include "../families/strips.h"
