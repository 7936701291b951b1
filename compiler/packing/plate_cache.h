/* Private to packing/: what was packed, in a file each. Anything may be taken away at any time. */
#ifndef FLOW_PACKING_PLATE_CACHE_H
#define FLOW_PACKING_PLATE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/* The key: 64 hex digits. Fills count numbers; false where there is no such file, or it is not whole. */
bool plate_cache_get(const char *key, uint32_t *numbers, uint32_t count);
/* What cannot be written is not kept, and nobody is told. */
void plate_cache_put(const char *key, const uint32_t *numbers, uint32_t count);

#endif
