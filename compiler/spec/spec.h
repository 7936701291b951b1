/* The spec: the checked, typed model of what a shop wrote. Everything below (check, cost, emit, runtime) reads this
   and nothing else. All of it lives in the compilation's arena and does not change once bound. */
#ifndef FLOW_SPEC_SPEC_H
#define FLOW_SPEC_SPEC_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/intern.h"
#include "schema/schema.h"
#include "schema/units.h"
#include "source/diagnostic.h"
#include "spec/rows.h"
#include "syntax/tree.h"

/* Something declared: by a kind, mostly with a name and a title. The first member of each struct below. */
struct declaration {
    enum kind kind;
    const char *name;   /* interned; the product's for workflow, release, price; NULL for a `do` */
    struct value title; /* TEXT, ABSENT where none was written */
    struct span span;   /* of the head: kind, name, title */
    struct span name_span;
    struct source *source;          /* the file it stands in */
    struct entry *entry;            /* in the tree; NULL for a step that `like` brought */
    const char *documentation;      /* ## comments, NULL if none */
    const struct declaration *like; /* what it is like, NULL */
    struct declaration *owner;      /* the product a part, step or block belongs to, NULL */
    int order;                      /* of being declared */
    bool used;                      /* something refers to it */
    bool failed;   /* something in it was wrong and reported: be silent where it matters */
    bool poisoned; /* a value in it was wrong and reported: it is there, and not known */
    uint8_t state; /* the binder's */
};

#define MEMBER(name, type, phrase, flags, documentation) const struct type *name;

struct shop {
    struct declaration base;
    FIELDS_shop(MEMBER)
};
struct station {
    struct declaration base;
    FIELDS_station(MEMBER)
};
struct role {
    struct declaration base;
};
struct process {
    struct declaration base;
    FIELDS_process(MEMBER)
};
struct machine {
    struct declaration base;
    FIELDS_machine(MEMBER)
};
struct material {
    struct declaration base;
    FIELDS_material(MEMBER)
};
struct item {
    struct declaration base;
    FIELDS_item(MEMBER)
};
struct defect {
    struct declaration base;
    FIELDS_defect(MEMBER)
};
struct standard {
    struct declaration base;
    FIELDS_standard(MEMBER)
};
struct part {
    struct declaration base;
    FIELDS_part(MEMBER)
};
struct release {
    struct declaration base;
    FIELDS_release(MEMBER)
};
struct price {
    struct declaration base;
    FIELDS_price(MEMBER)
};
struct packet {
    struct declaration base;
    FIELDS_packet(MEMBER) const char *packet_name; /* NULL */
};

/* A line of work: `do "..." { ... }`. */
struct instruction {
    ROW(instruction);
    struct value text; /* TEXT */
    FIELDS_do(MEMBER)
};

enum route_target { TARGET_STEP, TARGET_SCRAP, TARGET_QUARANTINE, TARGET_DONE };

/* A route as it holds: written, or the rule where nothing was written (implied). */
struct route {
    enum outcome outcome : 8;
    enum route_target target : 8;
    bool written;
    bool
        present; /* false: this step has no such outcome, or nothing was said and something must be */
    bool failed;                 /* written, but wrong and reported */
    struct step *step;           /* TARGET_STEP */
    const struct value *at_most; /* NULL without a bound */
    const struct value *expect;  /* NULL if unsaid */
    struct span span;            /* of the written route; of the step's head if implied */
};

/* No kind of step has both of pass and approve, of rework and failure, of reject and refuse: they share a place. */
#define ROUTE_PLACE(outcome) ((outcome) / 2)
#define ROUTE_PLACES ROUTE_PLACE(OUTCOME_COUNT)

struct step {
    struct declaration base; /* kind is one of the step kinds */
    struct workflow *workflow;
    int index;                         /* in the workflow */
    struct route routes[ROUTE_PLACES]; /* at ROUTE_PLACE of its outcome: see step_route */
    bool inherited;                    /* came by `like` */
    STEP_MEMBERS(MEMBER)
};

struct workflow {
    struct declaration base;
    struct product *product;
    struct step **steps; /* in order */
    int step_count;
    FIELDS_workflow(MEMBER)
};

struct product {
    struct declaration base;
    FIELDS_product(MEMBER) struct workflow *workflow; /* NULL where none was written */
    struct release *release;
    struct price *price;
    struct packet **packets;
    int packet_count;
    int axis_count;
    const struct axis **axes;        /* as declared */
    long sku_count;                  /* product of the axes' cases; 1 without axes */
    const struct sku_list *distinct; /* private to check/: while it is checked */
};
#undef MEMBER

/* The route of an outcome; one that is not present where the step's kind has no such outcome. */
static inline const struct route *step_route(const struct step *step, int outcome)
{
    static const struct route none;
    const struct route *route = &step->routes[ROUTE_PLACE(outcome)];
    return (int)route->outcome == outcome ? route : &none;
}

struct let {
    struct declaration base;
    struct value value; /* POISON after an error */
};

/* One saleable variant of a product. */
struct sku {
    const struct product *product;
    long index;   /* the last axis turns fastest */
    int cases[8]; /* by axis: index into its cases */
};
#define AXES_AT_MOST 8
#define SKUS_AT_MOST 100000
/* More than any shop has, and little enough that every rule and every sum ends soon. */
#define CONTAINED_AT_MOST 10000 /* lines of `contains`, and of `spare` */

struct model;
struct slicing;
struct plates;

struct spec {
    struct arena *arena;
    struct interner *names;
    struct source_set *sources;
    struct diagnostics *diagnostics;
    struct source *main;       /* the file that was asked for */
    struct shop *shop;         /* NULL where there is none */
    struct rational workday_s; /* a fifth of the shop's week, 8 h without */
    /* by kind, in order of declaration, all files together */
    struct declaration **declarations;
    int declaration_count;
    struct product **products;
    int product_count;
    struct part **parts; /* those inside products too */
    int part_count;
    struct file_tree **files; /* all that were read, the main one last */
    int file_count;
    const struct unit **units; /* interned units, see spec_unit */
    int unit_count;
    void *binder;         /* private to spec/ */
    struct model *models; /* private to check/: model files that were read */
    struct slicing
        *slicing; /* private to slicing/: what files say of times and masses; NULL for nothing */
    struct plates *plates;     /* private to packing/: of print steps that do not say theirs */
    struct arena *scratch;     /* private to check/: what the rules need for the product at hand */
    struct arena *sku_scratch; /* likewise for one of its SKUs: who uses it leaves it empty */
    struct sightings *sightings; /* private to check/: while a product's SKUs are visited */
};

/* From here on, in this thread, modules are looked for in this folder and nowhere else: a spec that was kept with all it
   needs. NULL: in specs/ and FLOW_PATH again. */
void spec_modules_from(const char *folder);

/* A name where it stands, and what it names there. */
struct mention {
    struct span span; /* without quotes */
    const struct declaration *what;
    const char *member; /* the dimension or field of that; NULL for itself */
    struct span
        own; /* where the product that it is declares the axis, the case or the `asks` of that name;
                           begin 0: it is none of these */
};

/* From here on, in this thread, `noted` hears of every name that a spec being loaded binds to something. Each as often as
   it is bound, and in no order. NULL ends it. */
void spec_mentions_listen(void (*noted)(void *context, const struct mention *mention),
                          void *context);

/* Reads, binds and returns the spec; never NULL. Mistakes are in diagnostics (the families reading, names, units,
   variants; all others by check()). `path` "-" is standard input. Paths in FLOW_PATH and specs/ serve `use`. */
struct spec *spec_load(const char *path, struct arena *arena, struct interner *names,
                       struct source_set *sources, struct diagnostics *diagnostics,
                       struct failure *failure); /* NULL only if the main file cannot be read */

/* Frees what the spec holds outside the arena; the arena, names and sources are the caller's. NULL is fine. */
void spec_close(struct spec *spec);

/* The declaration of a top-level name, NULL. */
struct declaration *spec_find(const struct spec *spec, const char *name);

/* Some file or top-level entry could not be read: what seems missing may stand there. */
bool spec_incomplete(const struct spec *spec);

/* The products that contain a part or an item. */
struct user {
    struct user *next;
    struct product *product;
};
const struct user *spec_users(const struct spec *spec, const struct declaration *what);

/* ---- SKUs ---- */
void sku_at(const struct product *product, long index, struct sku *sku);
/* The SKU's code, by the product's `sku` text or number and cases joined by "-". In the arena. */
const char *sku_code(const struct spec *spec, const struct sku *sku, struct arena *arena);
/* The SKU of that code; false if there is none. */
bool sku_find(const struct spec *spec, const struct product *product, const char *code,
              struct sku *sku);
/* The case's word of an axis (by name) for this SKU; NULL if the product has no such axis. */
const char *sku_case(const struct sku *sku, const char *axis);
/* Whether a step is for this SKU: its `only for` names a case of it on every axis it speaks of. */
bool step_is_for(const struct step *step, const struct sku *sku);

/* ---- values ---- */
/* Resolves a CHOICE for the SKU (NULL sku: the first case); other values are returned as they are. Never NULL;
   returns an ABSENT value for a NULL one. */
const struct value *value_for(const struct value *value, const struct sku *sku);
static inline bool value_is(const struct value *value, enum value_kind kind)
{
    return value->kind == kind;
}
/* The number for this SKU; fallback where it is absent or poisoned. Money comes in the shop's currency. */
struct rational value_number(const struct spec *spec, const struct value *value,
                             const struct sku *sku, struct rational fallback);
/* Money (or a rate of money) turned into the shop's currency. */
struct rational money_in_shop(const struct spec *spec, const struct value *value);
const char *shop_currency(const struct spec *spec); /* "USD"; "" without a shop */
const struct unit *spec_unit(const struct spec *spec,
                             const struct value *value); /* NULL for a bare number */

/* Casts with a check of the kind (NULL in, or another kind or a poisoned value: NULL out). */
const struct declaration *value_declaration(const struct value *value, const struct sku *sku);
const struct part *value_part(const struct value *value, const struct sku *sku);
const struct item *value_item(const struct value *value, const struct sku *sku);
const struct station *value_station(const struct value *value, const struct sku *sku);
const struct machine *value_machine(const struct value *value, const struct sku *sku);
const struct material *value_material(const struct value *value, const struct sku *sku);
const struct process *value_process(const struct value *value, const struct sku *sku);
const struct standard *value_standard(const struct value *value, const struct sku *sku);
const struct step *value_step(const struct value *value, const struct sku *sku);
const struct defect *value_defect(const struct value *value, const struct sku *sku);
/* The word ("critical", "plate"), NULL if absent. */
const char *value_word(const struct value *value, const struct sku *sku);
/* How many of a part or item one product of this SKU contains; with its spares if spares. */
struct rational contained_count(const struct product *product, const struct declaration *what,
                                const struct sku *sku, bool spares);

/* ---- printing (exact; the language's "Text") ---- */
/* As a reader sees it: a quantity as written, a title for a reference, a text with its quotes filled in.
   sku may be NULL: an axis then prints its name in braces ("{size}"). */
void value_print(struct buffer *out, const struct spec *spec, const struct value *value,
                 const struct sku *sku);
char *value_string(const struct spec *spec, const struct value *value, const struct sku *sku,
                   struct arena *arena);
/* The title, or the name made readable where it has none. In the arena. */
char *declaration_title(const struct spec *spec, const struct declaration *declaration,
                        const struct sku *sku, struct arena *arena);
/* "17.50 USD": money in the shop's currency with the currency's decimals, half to even. */
void money_print(struct buffer *out, const struct spec *spec, struct rational amount);
/* "1 h 5 min", "45 s", "12.5 min": a time for people, from seconds. */
void duration_print(struct buffer *out, struct rational seconds);

/* The model file of a part (or any file slot) for a SKU, as a path from where the command runs. NULL if absent. In the arena. */
char *file_path(const struct spec *spec, const struct declaration *owner, const struct value *file,
                const struct sku *sku, struct arena *arena);

/* ---- packets: packets.c ---- */
/* Whether a packet asks for a part or a step; without `of` it asks for all. */
bool packet_asks_for(const struct packet *packet, const struct declaration *what);
/* Whether it asks for a part, or for a step that makes or works it: who is asked to do a step needs its parts. */
bool packet_asks_for_part(const struct packet *packet, const struct product *product,
                          const struct part *part);
/* Whether a step stands in the packet: it is asked for, or it is what acceptance or packaging go by. */
bool packet_prints_step(const struct packet *packet, const struct step *step);

/* ---- the fields of a declaration, generically (documentation, spec.json, fingerprint, diff) ---- */
/* The first row of a field of a block's struct (struct part, struct step, struct instruction, ...). */
const struct row *field_rows(const void *block, const struct field_row *field);
/* The slots of a row of a field that is not special: count of struct value after the row's head. */
const struct value *row_values(const struct row *row, const struct field_row *field, int *count);

#endif
