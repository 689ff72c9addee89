#include "set.h"

#include "../families/window.h"
