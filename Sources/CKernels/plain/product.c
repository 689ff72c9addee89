#include "set.h"

#include "../families/product.h"
#include "../families/product_rows.h"
