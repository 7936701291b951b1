/* A file a model, written beside its place and renamed, so that whoever reads sees all of it or nothing. Anything may be
   taken away at any time. */
#include "flowc/mesh_report.h"

#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* To be raised whenever another figure would come out of the same file. */
enum { EXAMINED = 3 };

struct kept {
    char version[32]; /* of flowc, and EXAMINED */
    uint64_t size;
    struct mesh_report report;
    char sha256[65]; /* of all before it */
};

static bool folder_of(char folder[4096])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (cache && cache[0] == '/')
        length = snprintf(folder, 4096, "%s/flowc/mesh", cache);
    else if (home && home[0] == '/')
        length = snprintf(folder, 4096, "%s/.cache/flowc/mesh", home);
    return length > 0 && length < 4096;
}

static bool path_of(char path[4200], const char *sha256, bool crossings)
{
    char folder[4096];
    if (!folder_of(folder))
        return false;
    snprintf(path, 4200, "%s/%s%s", folder, sha256, crossings ? "-crossings" : "");
    return true;
}

static void seal(struct kept *kept, char sha256[65])
{
    sha256_hex(kept, offsetof(struct kept, sha256), sha256);
}

static void begin(struct kept *kept)
{
    memset(kept, 0, sizeof *kept);
    snprintf(kept->version, sizeof kept->version, "%s %d", FLOW_VERSION, EXAMINED);
    kept->size = sizeof *kept;
}

bool mesh_cache_get(const char *sha256, bool crossings, struct mesh_report *report)
{
    char path[4200], seal_found[65];
    struct kept kept, expected;
    if (!path_of(path, sha256, crossings))
        return false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    ssize_t length = read(descriptor, &kept, sizeof kept);
    close(descriptor);
    begin(&expected);
    if (length != (ssize_t)sizeof kept || kept.size != expected.size ||
        memcmp(kept.version, expected.version, sizeof kept.version) != 0)
        return false;
    seal(&kept, seal_found);
    if (memcmp(seal_found, kept.sha256, sizeof seal_found) != 0 ||
        strcmp(kept.report.sha256, sha256) != 0 || kept.report.crossings_asked != crossings)
        return false;
    *report = kept.report;
    return true;
}

void mesh_cache_put(const struct mesh_report *report)
{
    char folder[4096], path[4200], temporary[4224];
    struct kept kept;
    struct failure failure;
    if (!folder_of(folder) || !path_of(path, report->sha256, report->crossings_asked) ||
        (!folder_exists(folder) && !folder_create(folder, &failure)))
        return;
    begin(&kept);
    memcpy(&kept.report, report, sizeof kept.report);
    seal(&kept, kept.sha256);
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0)
        return;
    bool whole = write(descriptor, &kept, sizeof kept) == (ssize_t)sizeof kept;
    whole &= close(descriptor) == 0;
    if (!whole || rename(temporary, path) != 0)
        unlink(temporary);
}
