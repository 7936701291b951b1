/* What went into what, who touched it, and where it is now: a model for reading, made from the journal's events alone. It
   can be thrown away and made anew at any time.

   Which lots a unit holds is decided by the order of events, as the engine does it (docs/trace.md): units that leave a
   step hold, of each material, the lot that was said last there, and those it took the place of since units left the last
   time, since nobody can tell which got which. Machines likewise. A correction adds its lot to what the other went into. */
#ifndef FLOW_TRACE_GENEALOGY_H
#define FLOW_TRACE_GENEALOGY_H

#include "base/map.h"
#include "engine/message.h"

/* What has a name and leaves a trace. */
enum thing_kind {
    THING_BATCH,
    THING_LOT,
    THING_ORDER,
    THING_MACHINE,
    THING_PERSON,
    THING_PARCEL,
    THING_CUSTOMER,
    THING_PRODUCT,
    THING_KINDS
};
/* "batch", "lot", "order", "machine", "operator", "parcel", "customer", "product": as people say and type them. */
extern const char *const thing_kind_names[THING_KINDS];

/* An event, as far as its batch (or lot, order, ...) does not say it already. */
struct fact {
    int64_t sequence, time_ms;
    const char *by;                  /* "" for the shop itself */
    const char *step;                /* "" for none */
    const union message_cell *cells; /* its other fields, in their order: fact_text finds one */
    int32_t first, count;            /* which units; 0, 0: all of the batch */
    uint16_t kind;                   /* enum message_kind */
    bool good;                       /* within, good, accepted */
    bool corrects;                   /* it says anew, with a reason, what was said before */
};

struct trail {
    struct fact *facts; /* in order */
    int32_t count, capacity;
};

struct batch_trace;
struct line_trace;

struct thing {
    enum thing_kind kind;
    int32_t index; /* among its kind, by when it was first heard of */
    const char *name;
    struct trail trail; /* a batch: all that happened in it; the others: what has no batch */
    struct batch_trace **batches; /* those it has to do with, each once, in order */
    int32_t batch_count, batch_capacity;
    /* a lot */
    const char *what, *amount, *supplier; /* "" where not said */
    bool held;
    const char *held_reason;
    /* an order; those that were not described are "" */
    const char *customer, *channel, *address; /* the address is a JSON object */
    struct line_trace *lines, *last_line;
    /* a parcel */
    const char *carrier, *service, *tracking;
    int64_t shipped_ms; /* 0: it is here */
};

struct line_trace {
    struct thing *order;
    const char *line, *product, *sku, *customer, *due, *price;
    int64_t count, cancelled;
    struct line_trace *next; /* of the order's */
};

struct unit_trace {
    const char *sku;
    const char
        *at; /* a step, "waiting", "started" (at its first step), "done", "scrap", "quarantine" */
    const char *was_at;      /* before the quarantine; NULL elsewhere */
    struct line_trace *line; /* NULL: for stock */
    struct thing *parcel;    /* NULL: in none */
};

/* Lots and machines that were in use at a step when units left it. */
struct in_use {
    const char *step;
    struct thing **things;
    int32_t thing_count;
};

struct departure {
    int32_t fact;         /* of the batch's trail */
    int32_t first, count; /* units */
    int32_t in_use;       /* of the batch's */
};

struct work_place;

struct batch_trace {
    struct thing thing; /* first: a batch is a thing */
    const char *product, *snapshot, *purpose;
    bool started, closed, cancelled;
    struct unit_trace *units; /* unit n is units[n - 1] */
    int32_t unit_count, unit_capacity;
    struct work_place *places; /* what is in use now, by step */
    struct in_use *uses;
    int32_t use_count, use_capacity;
    struct departure *departures;
    int32_t departure_count, departure_capacity;
};

/* A spec as it was adopted. */
struct edition {
    struct edition *next;
    const char *product, *snapshot, *revision, *fingerprint;
    const char *lane; /* "" in journals of before it was said */
};

struct things {
    struct thing **all;
    int32_t count, capacity;
};

/* Where the fields of an event go: to the fact itself, to its cells. */
struct fact_plan {
    int8_t batch, lot, order, parcel, product, person, issue, step, first, count, good,
        reason; /* -1: it has none */
    int8_t cell_count, cells[MESSAGE_FIELDS_AT_MOST];
};

struct genealogy {
    struct arena arena;
    struct fact_plan plans[MESSAGE_COUNT];
    const struct interner *names;
    struct map by_name; /* things, within the name of their kind */
    struct map lines;   /* within their order */
    struct map links;   /* batches, within the things that have to do with them */
    struct map issues;  /* what each is about */
    struct things things[THING_KINDS];
    struct edition *editions; /* latest first */
    int64_t event_count, last_sequence, last_ms;
};

/* All texts of events must be interned in `names`, which must live as long as the model. */
void genealogy_open(struct genealogy *model, const struct interner *names);
void genealogy_close(struct genealogy *model);

/* Takes an event in; they come in order. Time: constant, and in the number of units it names. An event that names what was
   never heard of (a part of a journal) is taken as far as it goes. */
void genealogy_apply(struct genealogy *model, int64_t sequence, int64_t time_ms,
                     const struct message *event);

/* ---- looking up; NULL where there is none ---- */
struct thing *genealogy_find(const struct genealogy *model, enum thing_kind kind, const char *name);
struct batch_trace *genealogy_batch(const struct genealogy *model, const char *name);
struct line_trace *genealogy_line(const struct genealogy *model, const char *order,
                                  const char *line);
const struct edition *genealogy_edition(const struct genealogy *model, const char *product,
                                        const char *snapshot);

/* Where a unit's customer is said: its order's, or its line's; "" for stock. */
const char *unit_customer(const struct unit_trace *unit);
bool unit_is_shipped(const struct unit_trace *unit);

/* A text field of a fact by its name in messages.def, "" where the event has none of that name; a whole one, 0 likewise. Those
   that struct fact has itself (batch, step, first, unit, count, within, good, accepted) are not among them. */
const char *fact_text(const struct fact *fact, const char *name);
int64_t fact_whole(const struct fact *fact, const char *name);
/* How many fields are in the cells, and which; for whoever shows all of them. */
int fact_cell_count(const struct fact *fact);
const struct message_field *fact_cell_field(const struct fact *fact, int cell);

#endif
