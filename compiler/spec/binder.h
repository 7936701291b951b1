/* Private to spec/: the binder turns trees into the spec. One pass declares every name, a second binds every block;
   values that are needed earlier (a let, a quoted field) are bound on demand. */
#ifndef FLOW_SPEC_BINDER_H
#define FLOW_SPEC_BINDER_H

#include "base/map.h"
#include "spec/phrase.h"
#include "spec/spec.h"

/* Where an expression stands: decides which names it sees. */
struct scope {
    struct declaration *self;  /* the block it is in */
    struct product *product;   /* whose parts and axes are seen; NULL */
    struct workflow *workflow; /* whose steps are seen; NULL */
};

/* A choice met while binding, to be held against the axes once they are known. Without cases: the name alone stands
   there, as in `{size}`, and may be one that the customer gives. */
struct pending_choice {
    struct pending_choice *next;
    const struct choice *choice;
    struct declaration *self;
};

struct pending_case { /* a word of `only for` */
    struct pending_case *next;
    struct value *value;
    struct step *step;
};

/* A field that is being bound on demand, to find circles. */
struct pending_field {
    const struct pending_field *outer;
    const struct declaration *declaration;
    const struct field_row *field;
};

enum bind_state { STATE_DECLARED, STATE_BINDING, STATE_BOUND, STATE_JUDGED };

struct binder {
    struct spec spec; /* first: spec.binder points back here */
    struct map
        names; /* (NULL, name) top-level; (product, name) its parts; (workflow, name) its steps */
    struct map fields; /* (kind row, head) -> field row */
    struct map rows;   /* (address of a block's field, name) -> its row of that name */
    struct map units;  /* (NULL, text) -> index + 1 */
    struct map axes;   /* (NULL, name) axis or `asks` of any product; (product, name) of that one */
    struct map parts;  /* (part or item, product): set where that product contains it */
    struct map users;  /* (NULL, part or item) -> struct user: the products that contain it */
    struct declaration **all; /* every declaration, as declared */
    int all_count, all_capacity;
    int unit_capacity;
    struct arena workflow_trees; /* of the main file: gone when they are bound */
    struct pending_choice *choices;
    struct pending_case *cases;
    const struct pending_field *pending;
    bool incomplete; /* a file or a top-level entry could not be read: unknown names stay silent */
    int depth;       /* of the expression being evaluated */
    struct token *tokens; /* a stack, see match.c */
    int tokens_used;
    int suggestions; /* names compared for "did you mean" */
    int likes;       /* how deep `like` is being followed */
};

static inline struct binder *binder_of(const struct spec *spec)
{
    return (struct binder *)spec->binder;
}

/* ---- load.c: files ---- */
void load_files(struct binder *binder, struct source *main_source);

/* ---- yaml.c ---- */
/* A YAML file as a tree of the same entries; reports and leaves out what cannot be read. */
struct file_tree *yaml_parse(struct binder *binder, struct source *source);

/* ---- misspelt.c ---- */
/* Takes a misspelt entry, which is said, as what is meant. */
void take_as(struct binder *binder, struct entry *entry, const char *meant);
/* Says that there is no such kind (or kind of step), and takes it as `near`, NULL if nothing is. */
void report_misspelt(struct binder *binder, struct entry *entry, const char *what,
                     const char *near);
/* The kind of an entry inside a product or workflow; a misspelt one is said, and taken as what is meant. */
enum kind kind_inside(struct binder *binder, struct entry *entry, bool product);
/* Says that there is no such field; the one that is meant, where it may be said again or the block does not say it. */
const struct field_row *field_meant(struct binder *binder, enum kind kind,
                                    const struct entry *entries, const struct entry *entry);
/* Says that there is no such outcome; the one that is meant, OUTCOME_COUNT for none. */
enum outcome outcome_meant(struct binder *binder, const struct step *step, struct entry *entry);
/* An outcome without its `->`, which is said: the step has it, and where it goes is not known. */
void lose_route(struct step *step, const struct entry *entry);

/* ---- declare.c: names ---- */
void declare_file(struct binder *binder, struct file_tree *file);
struct declaration *declare(struct binder *binder, enum kind kind, struct entry *entry,
                            struct source *source, struct declaration *owner);
/* What a line that could not be taken may have declared in a scope. */
void declare_unknown(struct binder *binder, const void *scope, struct entry *entry,
                     struct source *source);
void declare_step_name(struct binder *binder, struct step *step);
/* Gives each workflow, release, price and packet its product. */
void attach_all(struct binder *binder);
struct declaration *lookup(struct binder *binder, const struct scope *scope, const char *name);
/* A name that stands there is this one: marks it as used, and tells who listens (spec_mentions_listen). */
void mention(struct declaration *what, struct span span);
/* Likewise the last name of a node, a dimension or field of that. */
void mention_member(const struct declaration *what, const struct node *node);
/* Likewise a name of an axis, of a case, or of what the customer gives, and where the product declares it. */
void mention_own(const struct product *product, struct span span, struct span own);
/* Reports `unknown_name` with the nearest name of that kind (KIND_none: any). */
void report_unknown(struct binder *binder, const struct scope *scope, struct span span,
                    const char *name, enum kind kind);

/* ---- evaluate.c: expressions ---- */
struct value evaluate(struct binder *binder, const struct scope *scope, const struct node *node);
struct value evaluate_text(struct binder *binder, const struct scope *scope,
                           const struct node *node);
struct value poison(struct span span);
uint16_t unit_index(struct binder *binder, const char *text, size_t length, struct span span,
                    bool *known);
const char *canonical_case(struct binder *binder, const struct node *node);
const char *dimension_words(struct dimension dimension); /* "a time", "a length" */
/* Applies to each case of a CHOICE, or to the value itself. */
void let_bind(struct binder *binder, struct let *let);

/* ---- coerce.c: a value for a slot ---- */
struct value coerce(struct binder *binder, const struct scope *scope, const struct field_row *field,
                    const struct slot *slot, const struct node *node, const struct node *unit_from);

/* ---- match.c: an entry against its field's phrase ---- */
/* Binds the entry's items; returns the rows (chained), NULL after an error. */
struct row *match_entry(struct binder *binder, const struct scope *scope,
                        const struct field_row *field, const struct entry *entry);
void phrase_error(struct binder *binder, const struct field_row *field, const struct entry *entry,
                  const struct node *at, const struct node *before);

/* ---- special.c, special_step.c: the fields that no phrase describes ---- */
struct row *match_special(struct binder *binder, const struct scope *scope,
                          const struct field_row *field, const struct entry *entry);

/* ---- bind.c: blocks ---- */
void bind_all(struct binder *binder);
void bind_declaration(struct binder *binder, struct declaration *declaration);
/* Binds entries of a block into its struct. `skip` heads are someone else's (like, steps, parts). */
void bind_block(struct binder *binder, const struct scope *scope, void *block, enum kind kind,
                const struct entry *entries, struct declaration *declaration,
                const struct entry *head);
/* Rows of a field of a declaration that may not be bound yet. */
const struct row *demand_field(struct binder *binder, struct declaration *declaration,
                               const struct field_row *field, struct span asked);
struct scope scope_of(struct declaration *declaration);
void inherit_fields(struct binder *binder, void *block, const void *from, enum kind kind);
void check_required(struct binder *binder, void *block, enum kind kind,
                    struct declaration *declaration, struct span head);

/* ---- workflow.c: steps and routes ---- */
void declare_steps(struct binder *binder, struct workflow *workflow);
void bind_workflow(struct binder *binder, struct workflow *workflow);

/* ---- variants.c ---- */
void check_variants(struct binder *binder);
/* Keeps a choice until then. */
void hold_choice(struct binder *binder, const struct scope *scope, const struct choice *choice);
/* An axis, or what the customer gives, that is named without cases: as a choice, which is kept. */
struct choice *bare_axis(struct binder *binder, const struct scope *scope, const char *name,
                         struct span span);

/* ---- poison.c ---- */
/* Whether a value of these rows was wrong, and said. */
bool has_poison(const struct row *rows, const struct field_row *field);
/* Marks what refers to something poisoned, when all is bound and the variants are checked. */
void spread_poison(struct binder *binder);

#endif
