#if defined(__x86_64__)
#include "set.h"

#include "../families/panel_product.h"
#include "../families/live_product.h"
#include "../families/product_rows.h"
#endif
