/* One model: hashed, looked up, else read and examined. */
#include "flowc/mesh_report.h"

#include "base/file.h"
#include "geometry/flaws.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A larger file is not worth hashing: most of such size are no models, and are found out from their first bytes. */
#define HASHED_AT_MOST ((size_t)1 << 30)

static void examine(struct mesh *mesh, bool crossings, struct mesh_report *report)
{
    struct solid solid;
    solid_examine_joined(mesh, &solid, &report->exact);
    report->facts = solid.facts;
    report->listed = solid.facts.shells < SHELLS_LISTED ? solid.facts.shells : SHELLS_LISTED;
    if (report->listed)
        memcpy(report->shells, solid.shells, report->listed * sizeof *report->shells);
    struct outline outline = outline_of(mesh, 2);
    report->turned = outline_smallest(&outline);
    outline_free(&outline);
    report->crossings_asked = crossings;
    if (crossings)
        report->crossings = crossings_of(mesh);
    solid_free(&solid);
}

static void keep_text(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

static void make_of_bytes(const char *path, const unsigned char *bytes, size_t length,
                          bool use_cache, bool crossings, struct mesh_report *report)
{
    struct mesh mesh;
    char sha256[65] = "";
    if (use_cache && length <= HASHED_AT_MOST)
        sha256_hex(bytes, length, sha256);
    if (sha256[0] && mesh_cache_get(sha256, crossings, report))
        return;
    report->bytes = length;
    memcpy(report->sha256, sha256, sizeof sha256);
    report->status = mesh_read_bytes(path, bytes, length, &mesh);
    keep_text(report->format, sizeof report->format, mesh.format);
    keep_text(report->title, sizeof report->title, mesh.title);
    keep_text(report->designer, sizeof report->designer, mesh.designer);
    keep_text(report->problem, sizeof report->problem, mesh.problem);
    if (report->status == MESH_READ)
        examine(&mesh, crossings, report);
    mesh_free(&mesh);
    if (sha256[0] && report->status == MESH_READ)
        mesh_cache_put(report);
}

void mesh_report_make(const char *path, bool use_cache, bool crossings, struct mesh_report *report)
{
    struct stat status;
    memset(report, 0, sizeof *report); /* what lies between the fields is kept as well */
    report->status = MESH_ABSENT;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hang us */
    if (descriptor < 0)
        return;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        size_t length = (size_t)status.st_size;
        void *bytes = length ? mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, 0) : NULL;
        if (bytes != MAP_FAILED)
            make_of_bytes(path, length ? bytes : (const unsigned char *)"", length, use_cache,
                          crossings, report);
        if (length && bytes != MAP_FAILED)
            munmap(bytes, length);
    }
    close(descriptor);
}

bool mesh_report_is_good(const struct mesh_report *report)
{
    return report->status == MESH_READ && mesh_is_solid(&report->facts);
}
