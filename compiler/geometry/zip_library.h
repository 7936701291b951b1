/* For geometry/: libzip, loaded when the first package is met: it brings three other libraries along, and most starts of
   flowc read none. */
#ifndef FLOW_GEOMETRY_ZIP_LIBRARY_H
#define FLOW_GEOMETRY_ZIP_LIBRARY_H

#include <stdbool.h>
#include <zip.h>

/* False where there is no libzip. Until then the functions must not be called. */
bool zip_library_load(void);

extern struct zip_library {
    zip_source_t *(*buffer)(const void *, zip_uint64_t, int, zip_error_t *);
    void (*free)(zip_source_t *);
    zip_t *(*open)(zip_source_t *, int, zip_error_t *);
    zip_int64_t (*locate)(zip_t *, const char *, zip_flags_t);
    zip_int64_t (*count)(zip_t *, zip_flags_t);
    int (*stat)(zip_t *, zip_uint64_t, zip_flags_t, zip_stat_t *);
    zip_file_t *(*open_part)(zip_t *, zip_uint64_t, zip_flags_t);
    zip_int64_t (*read)(zip_file_t *, void *, zip_uint64_t);
    const char *(*part_error)(zip_file_t *);
    const char *(*error)(zip_t *);
    int (*close_part)(zip_file_t *);
    void (*discard)(zip_t *);
    /* writing */
    void (*keep)(zip_source_t *);
    zip_int64_t (*add)(zip_t *, const char *, zip_source_t *, zip_flags_t);
    int (*compress)(zip_t *, zip_uint64_t, zip_int32_t, zip_uint32_t);
    int (*attributes)(zip_t *, zip_uint64_t, zip_flags_t, zip_uint8_t, zip_uint32_t);
    int (*time)(zip_t *, zip_uint64_t, zip_uint16_t, zip_uint16_t, zip_flags_t);
    int (*close)(zip_t *);
    int (*source_stat)(zip_source_t *, zip_stat_t *);
    int (*source_open)(zip_source_t *);
    zip_int64_t (*source_read)(zip_source_t *, void *, zip_uint64_t);
    int (*source_close)(zip_source_t *);
} zip;

#endif
