/* What `flowd plan` has in hand, for its files. */
#ifndef FLOW_FLOWD_PLAN_H
#define FLOW_FLOWD_PLAN_H

#include "flowd/views.h"
#include "plan/plan.h"
#include "plan/snapshot.h"
#include "slicing/joint_plate.h"
#include "slicing/slicer.h"

/* What of a plate is of one SKU of a batch, in words: they outlive the shop that they were read from. */
struct plan_job_part {
    const char *batch, *step, *sku;
    const char *parts; /* "hook=12,cap=24"; NULL: what the step's `plate` says */
    int64_t units;
};

/* G-code that is, or comes to be, in the shop's folder: named by what it is made of, so a plate like this one finds it. */
struct plan_job_file {
    const char *
        name; /* "gcode/clip-run-5-3fa29c1d": what is sliced ends with .3mf, what comes of it with .gcode */
    const char *settings; /* of the slicer */
    struct buffer package;
    struct bed bed;
    const char *machine;
    int materials;
};

/* A plate of units that stand at its print. */
struct plan_job {
    struct plan_job_part *parts;
    int part_count;
    const char *label;          /* "5 units of B-7" */
    struct plan_job_file *file; /* NULL: the step's `gcode` */
};

struct plan_jobs {
    struct arena arena;
    struct plan_job *items; /* in the order of the plan */
    int count;
    bool unlaid; /* one cannot be laid on a bed; it was said */
};

struct planned {
    struct desk desk;
    struct workshop *
        shop; /* that it is a plan of; beside a server the desk's is a later one when jobs are looked for */
    const char *farm, *gantt, *at, *begins, *hours, *swap, *nozzle, *slicer, *timeout,
        *plates; /* as they were given, or NULL */
    bool always, apply, no_slice;
    long slicing_limit_s;
    struct plan_snapshot snapshot;
    struct plan *plan;
    struct plan_jobs jobs;
};

/* The whole of it: a table for people, or JSON. The exit status. */
int planned_print(const struct planned *planned);
json_t *planned_json(const struct planned *planned, struct arena *arena);
/* When the last unit of a line leaves, PLAN_NEVER where that is not known; why it is not made yet, "" where it is. */
int64_t planned_promise(const struct planned *planned, int line);
const char *planned_why(const struct planned *planned, int line, struct arena *arena);
const char *planned_sku(const struct planned *planned, const struct plan_batch *batch,
                        const struct plan_piece *piece, struct arena *arena);
/* Each plate as 3MF and SVG into planned->plates; `says` how many, on standard output. The exit status. */
int planned_write_plates(const struct planned *planned, bool says);
/* Opens, fills and starts the batches that can be started, says what became of each, and finds jobs. The exit status. */
int planned_apply(struct planned *planned);
/* What stands at its print, plate by plate in the order of the plan, into planned->jobs. */
void planned_find_jobs(struct planned *planned);
void plan_jobs_free(struct plan_jobs *jobs);
/* Queues them, after slicing what is not sliced yet. The desk is closed while the slicer is at it, so that nobody waits for
   that; plan and snapshot must be free by then. The exit status. */
int planned_queue(struct planned *planned);

/* ---- plan_slice.c ---- */
struct plan_slicing {
    struct slicer slicer;
    bool asked, found; /* whether there is a slicer */
};
/* The units of the plate, laid on a bed: what is to be sliced, and where that is kept. NULL with a failure. In the arena. */
struct plan_job_file *plan_job_file(const struct plate_share *shares, int count,
                                    struct arena *arena, struct failure *failure);
void plan_job_file_free(struct plan_job_file *file);
/* Whether its G-code is there, in the shop's folder, and what it says, whole. */
bool plan_job_is_sliced(const struct planned *planned, const struct plan_job *job);
/* Slices it, or says what to do. The exit status. */
int plan_job_slice(const struct planned *planned, struct plan_slicing *slicing,
                   const struct plan_job *job);

#endif
