/* Private to `flowc mesh`: what is found out about one model file, and how it is said. */
#ifndef FLOW_FLOWC_MESH_REPORT_H
#define FLOW_FLOWC_MESH_REPORT_H

#include "base/buffer.h"
#include "flowc/flowc.h"
#include "geometry/crossings.h"
#include "geometry/outline.h"
#include "geometry/solid.h"

enum { SHELLS_LISTED = 32 };

/* Plain bytes, without a pointer in them: the cache keeps it as it is. */
struct mesh_report {
    enum mesh_status status;
    char problem[160]; /* of MESH_MALFORMED */
    char format[24];   /* "binary STL", "OBJ"; "" where it is not known */
    char title[128], designer[128];
    char sha256[65]; /* "" where the file is too large to be hashed, or was not read */
    uint64_t bytes;
    struct mesh_facts exact; /* as the file has it */
    struct mesh_facts facts; /* after joining what rounding left apart; the verdict is of these */
    struct turned_box turned;
    bool crossings_asked;
    struct crossings crossings;
    uint32_t listed; /* the first shells, at most SHELLS_LISTED */
    struct shell shells[SHELLS_LISTED];
};

/* Reads and examines, or asks the cache. Crossings take as long as all the rest, or longer. */
void mesh_report_make(const char *path, bool use_cache, bool crossings, struct mesh_report *report);

bool mesh_report_is_good(const struct mesh_report *report);

/* For people, with a line of its own for the file; and as an object of JSON. */
void mesh_report_print(struct buffer *out, const char *path, const struct mesh_report *report,
                       bool color);
void mesh_report_print_json(struct buffer *out, const char *path, const struct mesh_report *report);

/* Mends what is certain into a new file, and says on standard output what it did; refuses the rest. */
enum exit_status mesh_repair_file(const char *path, const char *output);

/* ---- the cache: in $XDG_CACHE_HOME or ~/.cache, one small file a model, named by its bytes ---- */

/* False where there is none, none that this version wrote whole, or none with crossings where they are asked. */
bool mesh_cache_get(const char *sha256, bool crossings, struct mesh_report *report);
/* What cannot be kept is not: that is no failure. Two that run at once do not see half of it. */
void mesh_cache_put(const struct mesh_report *report);

#endif
