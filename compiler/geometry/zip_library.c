#include "geometry/zip_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

struct zip_library zip;
static bool is_loaded;

static void load_once(void)
{
    static const struct {
        const char *name;
        void *function;
    } wanted[] = {
        {"zip_source_buffer_create", &zip.buffer},
        {"zip_source_free", &zip.free},
        {"zip_open_from_source", &zip.open},
        {"zip_name_locate", &zip.locate},
        {"zip_get_num_entries", &zip.count},
        {"zip_stat_index", &zip.stat},
        {"zip_fopen_index", &zip.open_part},
        {"zip_fread", &zip.read},
        {"zip_file_strerror", &zip.part_error},
        {"zip_strerror", &zip.error},
        {"zip_fclose", &zip.close_part},
        {"zip_discard", &zip.discard},
        {"zip_source_keep", &zip.keep},
        {"zip_file_add", &zip.add},
        {"zip_set_file_compression", &zip.compress},
        {"zip_file_set_external_attributes", &zip.attributes},
        {"zip_file_set_dostime", &zip.time},
        {"zip_close", &zip.close},
        {"zip_source_stat", &zip.source_stat},
        {"zip_source_open", &zip.source_open},
        {"zip_source_read", &zip.source_read},
        {"zip_source_close", &zip.source_close},
    };
    void *library = dlopen(FLOW_LIBZIP, RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; library && i < sizeof wanted / sizeof *wanted; i++) {
        void *address = dlsym(library, wanted[i].name);
        if (!address)
            return;
        /* C has no cast from an object to a function */
        memcpy(wanted[i].function, &address, sizeof address);
    }
    is_loaded = library != NULL;
}

bool zip_library_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_once);
    return is_loaded;
}
