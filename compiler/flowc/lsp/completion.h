/* Private to completion: the list that is being made. */
#ifndef FLOW_LSP_COMPLETION_H
#define FLOW_LSP_COMPLETION_H

#include "flowc/lsp/expects.h"
#include "flowc/lsp/server.h"

/* As the protocol numbers them. */
enum item_kind {
    ITEM_METHOD = 2,
    ITEM_FIELD = 5,
    ITEM_VARIABLE = 6,
    ITEM_CLASS = 7,
    ITEM_PROPERTY = 10,
    ITEM_UNIT = 11,
    ITEM_VALUE = 12,
    ITEM_KEYWORD = 14,
    ITEM_SNIPPET = 15,
    ITEM_FILE = 17,
    ITEM_REFERENCE = 18,
    ITEM_FOLDER = 19,
    ITEM_ENUM_MEMBER = 20,
    ITEM_CONSTANT = 21,
    ITEM_OPERATOR = 24
};

struct offer {
    const char *label;
    enum item_kind kind;
    const char *detail;        /* beside the label; NULL */
    const char *documentation; /* NULL */
    const char *text;          /* what is written; NULL for the label */
    bool snippet;              /* text has places to fill in */
    int rank;                  /* lower stands further up */
};

struct completion {
    struct server *server;
    struct context context;
    const struct spec *spec;       /* NULL where there is none */
    const struct product *product; /* whose block it is; NULL */
    const struct document *document;
    json_t *range; /* of the word that is replaced */
    json_t *items;
    json_t *seen; /* labels */
};

void offer(struct completion *completion, struct offer item);

/* complete_heads.c: what may begin an entry */
void complete_head(struct completion *completion);
/* complete_names.c: what may stand in one */
void complete_kind(struct completion *completion, enum kind kind);
void complete_any_name(struct completion *completion);
void complete_members(struct completion *completion);
void complete_cases(struct completion *completion, const char *axis);
void complete_axes(struct completion *completion, bool with_by);
void complete_words(struct completion *completion);
void complete_units(struct completion *completion, const struct slot_type *type);
void complete_rules(struct completion *completion);
void complete_files(struct completion *completion);
void complete_modules(struct completion *completion);
/* The units that are offered for a type of slot, with blanks between; `$` is the shop's currency. NULL: none. */
const char *units_of_type(const char *type);

#endif
