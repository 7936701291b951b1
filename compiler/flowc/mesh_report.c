/* One model: hashed, looked up, else read and examined. */
#include "flowc/mesh_report.h"

#include "base/file.h"
#include "geometry/flaws.h"

#include <string.h>
#include <sys/stat.h>

/* A larger file is not worth hashing: most of such size are no models, and are found out from their first bytes. */
#define HASHED_AT_MOST ((off_t)1 << 30)

static bool is_as_before(const char *path, const struct stat *before)
{
    struct stat now;
    return stat(path, &now) == 0 && now.st_size == before->st_size &&
           now.st_ino == before->st_ino && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static void examine(struct mesh *mesh, struct mesh_report *report)
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
    solid_free(&solid);
}

void mesh_report_make(const char *path, bool use_cache, struct mesh_report *report)
{
    struct stat status;
    struct mesh mesh;
    struct failure failure;
    char sha256[65] = "";
    bool there = stat(path, &status) == 0;
    memset(report, 0, sizeof *report); /* what lies between the fields is kept as well */
    if (there && S_ISREG(status.st_mode) && status.st_size <= HASHED_AT_MOST &&
        !file_sha256(path, sha256, &failure))
        sha256[0] = 0;
    if (use_cache && sha256[0] && mesh_cache_get(sha256, report))
        return;
    report->bytes = there ? (uint64_t)status.st_size : 0;
    memcpy(report->sha256, sha256, sizeof sha256);
    report->status = mesh_read(path, &mesh);
    if (report->status == MESH_READ)
        examine(&mesh, report);
    else
        memcpy(report->problem, mesh.problem, sizeof report->problem);
    mesh_free(&mesh);
    if (use_cache && sha256[0] && report->status == MESH_READ && is_as_before(path, &status))
        mesh_cache_put(report);
}

bool mesh_report_is_good(const struct mesh_report *report)
{
    return report->status == MESH_READ && mesh_is_solid(&report->facts);
}
