/* Inside plan/: a snapshot while it is taken. */
#ifndef FLOW_PLAN_SNAPSHOT_PRIVATE_H
#define FLOW_PLAN_SNAPSHOT_PRIVATE_H

#include "plan/snapshot.h"

/* Arrays that grow; things are found again by their names, or by keys that say all that matters of them. */
struct building {
    struct plan_snapshot *snapshot;
    const struct state *state;
    struct arena *arena;
    struct interner names;
    struct map families, kinds, groups, materials, stations; /* to index + 1 */
    struct plan_family *family;
    struct plan_group *group;
    struct plan_release *release;
    const struct revision **revision; /* by group */
    const struct revision **released; /* by release */
    int *first_sku;                   /* likewise */
    const char **material, **color;
    struct plan_station *station;
    struct plan_printer *printer;
    const char **machine; /* by printer */
    struct plan_line *line;
    const struct order_line **order_line;
    int64_t *stuck;
    struct plan_existing *batch;
    int families_made, kinds_made, groups_made, materials_made, stations_made, printers_made,
        lines_made, batches_made, releases_made;
    struct under_way *under_way;
    int under_way_count;
    struct map line_of; /* (line of the state) to index + 1 */
    struct map skus;    /* (revision, index + 1) to its group + 1 */
    int asked_to_fit;   /* plates that were looked whether they can be laid */
};

/* The group of a SKU, a new one where it is of none that is known; its arrays go by the product's SKUs. */
int group_of(struct building *building, const struct revision *revision, const struct sku *sku);

/* ---- what is ordered, and in batches (snapshot_orders.c) ---- */
/* The lines, in the order in which they came, as far as the printers are busy for so long together; INT64_MAX: all. */
void add_lines(struct building *building, int64_t room_s);
/* Batches that are not over, with the lines that their units are for. */
void add_batches(struct building *building);
/* What of them waits for a printer now: how long that prints. */
int64_t seconds_waiting(const struct building *building);
void forget_orders(struct building *building);

/* ---- what is there already (snapshot_stock.c) ---- */
/* Gives it to the lines that want such, what is due first before the others; they want so much less then. */
void use_stock(struct building *building);

/* ---- what is being printed (snapshot_jobs.c) ---- */
/* Units of a batch that lie on a printer. */
struct under_way {
    const struct batch *batch;
    int step, sku;
    int64_t units;
    int64_t end_s; /* about */
};
void find_under_way(struct building *building, int64_t now_s);
/* Takes units of the batch at the step out of those, at most *count, and says how many; when they are printed. 0 where none
   lies there: so are all *count. */
int64_t take_under_way(struct building *building, const struct batch *batch, int step, int sku,
                       int64_t *count);
/* What the journal knows of a printer: loaded, out, in use, how it did. */
void know_printer(struct building *building, struct plan_printer *printer, int64_t now_s);

/* ---- what lies together (snapshot_fits.c) ---- */
/* The problem's `fits`; data is the building. */
bool fits_on_plate(int family, const int *groups, const int *skus, const int64_t *units, int count,
                   void *data);

/* Room for one more in an array of which so many are in use. */
void *with_room_for(void *array, int count, size_t size);

/* ---- how units are made (snapshot_making.c) ---- */
/* The prints and cuts that a SKU takes, in order; how many. */
int steps_printing(const struct revision *revision, const struct sku *sku,
                   const struct step *steps[OPERATIONS_AT_MOST]);
/* What each of them may lie with on a plate; how many. */
int find_families(struct building *building, const struct revision *revision, const struct sku *sku,
                  int families[OPERATIONS_AT_MOST]);
/* A new group's operations; of these the numbers of a SKU. */
void find_operations(struct building *building, const struct revision *revision,
                     const struct sku *sku, int group, const int *families, int count);
void find_unit(struct building *building, const struct revision *revision, const struct sku *sku,
               int group);
/* Time that a whole plate takes, whatever lies on it; 0 where the times of the units add up, which are the other. */
int64_t plate_seconds(const struct spec *spec, const struct step *step, const struct sku *sku);
int64_t unit_seconds(const struct spec *spec, const struct step *step, const struct sku *sku);
int material_index(struct building *building, const struct material *material);
/* Of that name in any product's spec, -1. */
int material_named(struct building *building, const char *name);

#endif
