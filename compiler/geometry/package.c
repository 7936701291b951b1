#include "geometry/package.h"

#include "base/memory.h"
#include "geometry/reader.h"
#include "geometry/zip_library.h"

#include <stdlib.h>

/* What a package may unpack to: XML shrinks to a tenth or so, never to a hundredth. */
static const uint64_t ratio_at_most = 100, always_allowed = UINT64_C(16) << 20,
                      bytes_at_most = UINT64_C(4) << 30;

static bool load(struct mesh *mesh)
{
    return zip_library_load() ||
           mesh_problem(mesh, "a 3MF file needs %s, which is not there; install libzip",
                        FLOW_LIBZIP);
}

struct package {
    zip_t *archive;
    size_t length;
    uint64_t left; /* bytes that may still be unpacked */
};

static uint64_t allowance(size_t length)
{
    uint64_t allowed =
        length < bytes_at_most / ratio_at_most ? length * ratio_at_most : bytes_at_most;
    return allowed > always_allowed ? allowed : always_allowed;
}

struct package *package_open(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    zip_error_t error;
    if (!load(mesh))
        return NULL;
    zip_source_t *source = zip.buffer(bytes, length, 0, &error);
    zip_t *archive = source ? zip.open(source, ZIP_RDONLY, &error) : NULL;
    if (!archive) {
        if (source)
            zip.free(source);
        mesh_problem(mesh,
                     "its zip archive is broken or cut off: no list of its parts at the end, "
                     "byte %zu",
                     length);
        return NULL;
    }
    struct package *package = memory_zeroed(1, sizeof *package);
    *package = (struct package){archive, length, allowance(length)};
    return package;
}

void package_close(struct package *package)
{
    if (!package)
        return;
    zip.discard(package->archive);
    free(package);
}

int64_t package_find(struct package *package, const char *name, bool any_case)
{
    int64_t part = zip.locate(package->archive, name, 0);
    return part < 0 && any_case ? zip.locate(package->archive, name, ZIP_FL_NOCASE) : part;
}

uint32_t package_count(const struct package *package)
{
    int64_t count = zip.count(package->archive, 0);
    return count < 0 ? 0 : count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

static bool too_much(const struct package *package, const char *name, struct mesh *mesh)
{
    return mesh_problem(mesh,
                        "%.60s: it would unpack to more than a file of %zu bytes has any need of",
                        name, package->length);
}

/* What the archive says of the part is asked first, then what comes is counted. */
static bool unpack(struct package *package, zip_file_t *part, const char *name, struct mesh *mesh,
                   bool (*take)(void *reader, const char *bytes, int length), void *reader)
{
    char bytes[65536];
    int64_t length;
    while ((length = zip.read(part, bytes, sizeof bytes)) > 0) {
        if ((uint64_t)length > package->left)
            return too_much(package, name, mesh);
        package->left -= (uint64_t)length;
        if (!take(reader, bytes, (int)length))
            return false;
    }
    return length == 0 || mesh_problem(mesh, "%.60s: %.60s", name, zip.part_error(part));
}

bool package_read(struct package *package, int64_t part, struct mesh *mesh,
                  bool (*take)(void *reader, const char *bytes, int length), void *reader)
{
    zip_stat_t status;
    if (zip.stat(package->archive, (zip_uint64_t)part, 0, &status) != 0)
        return mesh_problem(mesh, "part %lld: %.60s", (long long)part, zip.error(package->archive));
    const char *name = status.valid & ZIP_STAT_NAME ? status.name : "a part";
    if (status.valid & ZIP_STAT_SIZE && status.size > package->left)
        return too_much(package, name, mesh);
    zip_file_t *file = zip.open_part(package->archive, (zip_uint64_t)part, 0);
    if (!file)
        return mesh_problem(mesh, "%.60s: %.60s", name, zip.error(package->archive));
    bool sound = unpack(package, file, name, mesh, take, reader);
    zip.close_part(file);
    return sound;
}
