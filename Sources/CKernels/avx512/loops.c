#if defined(__x86_64__)
#include "set.h"

#include "../families/activation.h"
#include "../families/elementwise.h"
#include "../families/loss.h"
#include "../families/optimizer.h"
#include "../families/peak.h"
#include "../families/read_rows.h"
#include "../families/reduction.h"
#include "../families/statistics.h"
#endif
