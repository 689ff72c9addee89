/*
 * A fully-connected network, written by ecpipe 0.1.0.
 */
#ifndef NET_H
#define NET_H

#include <stdint.h>

/* Numbers that the network takes. */
#define NET_INPUTS 3
/* Numbers that the network gives. */
#define NET_OUTPUTS 2
/* Floats of working memory. */
#define NET_SCRATCH 2
/* Classes that it tells apart. */
#define NET_CLASSES 2
/* Tells files of this export from those of others. */
#define NET_EXPORT 0x9b0a525cUL

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Computes NET_OUTPUTS outputs for NET_INPUTS inputs, both in the units of the data that the network
 * was trained on; outputs are logits. The working memory is the caller's, NET_SCRATCH floats; none of
 * the three may overlap.
 */
void net_run(const float *inputs, float *outputs, float *scratch);

/* The number of the class that outputs stand for, from 0. */
int net_argmax(const float *outputs);

/* The names of the classes. */
extern const char *const net_classes[NET_CLASSES];

#ifdef NET_SELF_TEST
/* How many outputs for rows that the source holds differ from what ecpipe computed; 0 is right. */
int net_self_test(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
