#ifndef ECPIPE_KERNELS_H
#define ECPIPE_KERNELS_H
#endif
