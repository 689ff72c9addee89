#include "set.h"

#include "../families/panel_product.h"
#include "../families/live_product.h"
#include "../families/product_rows.h"
