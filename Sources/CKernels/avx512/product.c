#if defined(__x86_64__)
#include "set.h"

#include "../families/product.h"
#include "../families/live_product.h"
#include "../families/product_rows.h"
#endif
