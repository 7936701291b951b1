/* Private to packing/: a request made ready, and layouts: who lies where. Lengths in um. */
#ifndef FLOW_PACKING_JOB_H
#define FLOW_PACKING_JOB_H

#include "packing/nofit.h"
#include "packing/packing.h"

struct kind {           /* a part, or a keep-out */
    struct form *forms; /* by turn, about its middle */
    double middle[2];   /* mm, of the outline as it was given */
    bool fixed;         /* a keep-out: part of every plate */
    double area;        /* um^2: by which the larger ones go first */
    double heft;        /* what a depth of overlap weighs: to move a large part is harder */
};

struct job {
    const struct packing_request *request;
    struct spot bed;
    uint32_t
        turns; /* a turn's number: first by angles within a quarter, and each of them by quarters */
    uint32_t kind_count;
    struct kind *kinds; /* the parts, then the keep-outs */
    struct nofit **nofits;
    uint64_t spent, chance;
};

struct item {
    uint32_t kind, turn, plate;
    struct spot at;
};

struct layout {
    uint32_t count, room;
    struct item *items; /* the keep-outs of a plate are not among them */
};

void job_open(struct job *job, const struct packing_request *request);
void job_close(struct job *job);
double turn_angle(const struct job *job, uint32_t turn);

/* The same kind of numbers for the same seed: 0 <= it < below. */
uint32_t chance_below(struct job *job, uint32_t below);

void layout_add(struct layout *layout, struct item item);
void layout_copy(struct layout *to, const struct layout *from);
void layout_free(struct layout *layout);

const struct form *form_at(const struct job *job, uint32_t kind, uint32_t turn);

/* Where the origin of a form may be so that it stands on the bed; false where it is larger than that. */
bool may_stand(const struct job *job, const struct form *form, struct box *room);

/* How one item is to another: asked of the first, turned by quarters. */
struct relation {
    const struct nofit *nofit;
    int quarters;
};
struct relation relation_of(struct job *job, uint32_t kind, uint32_t turn, uint32_t other_kind,
                            uint32_t other_turn);
/* `offset`: from the first to the other; `enough` as in nofit_depth(). Counts the work. */
double relation_depth(struct job *job, const struct relation *relation, struct spot offset,
                      double enough);

/* The offsets on a line that are not free. `ranges` grows. */
struct ranges {
    uint32_t count, room;
    struct range *ranges;
};
void relation_ranges(struct job *job, const struct relation *relation, bool along_y, int32_t at,
                     int32_t shift, struct ranges *ranges);
/* The lowest free value that is not below; past `high` where there is none. */
int32_t lowest_free(const struct ranges *ranges, int32_t low, int32_t high);

/* Whether an item overlaps one of a layout, from the item `from` on, or a keep-out; `except`: an item that is not asked,
   UINT32_MAX for none. */
bool is_free(struct job *job, const struct layout *layout, const struct item *item, uint32_t from,
             uint32_t except);

#endif
