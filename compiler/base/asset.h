/* A file that is in the program: cmake/embed.cmake writes tables of them. */
#ifndef FLOW_BASE_ASSET_H
#define FLOW_BASE_ASSET_H

#include <stddef.h>

/* Tables end with one that has no address. */
struct asset {
    const char *address, *type;
    const unsigned char *bytes;
    size_t length;
    const unsigned char *packed; /* by gzip */
    size_t packed_length;
    const char *mark; /* of its bytes: an ETag */
};

#endif
