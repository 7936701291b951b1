/* What the files of diff/ share. */
#ifndef FLOW_DIFF_PRIVATE_H
#define FLOW_DIFF_PRIVATE_H

#include "diff/diff.h"
#include "diff/facts.h"

struct rename {
    const struct rename *next;
    const struct declaration *old, *new;
};

/* Where a comparison is. */
struct comparing {
    struct spec_diff *diff;
    const struct declaration *old, *new;
    const char *owner; /* "hook", "screen": of whom sentences speak */
    const char *field; /* of the declaration */
    const char *row;
    const char *cases; /* " for large", of a sell line or a choice; "" */
    int line;          /* of the work, from 1 */
    const struct rename *renames;
};

/* ---- words.c: how things are called ---- */

/* "part hook", "step screen", "price of desk_hook" */
const char *declaration_words(const struct spec *spec, const struct declaration *of,
                              struct arena *arena);
/* "hook", "screen", "desk_hook" */
const char *owner_words(const struct spec *spec, const struct declaration *of, struct arena *arena);
/* "print time" of "print_time" */
const char *label_words(const char *key, struct arena *arena);
/* What a slot of something is called: its own name and that of what it is in. */
const char *slot_subject(const struct comparing *at, const char *subject, const char *key);
/* What a row of a list is called. */
const char *row_subject(const struct comparing *at, const char *list, const char *subject,
                        const struct fact *row);
/* A row as people would say it. */
const char *row_words(struct comparing *at, const char *list, const struct fact *row);

/* ---- sentences.c: what changed ---- */

const char *sentence_row(struct comparing *at, const char *list, const char *subject,
                         const struct fact *row, bool is_new);
/* Of a value or word; either side may be NULL. */
const char *sentence_leaf(struct comparing *at, const char *subject, const struct fact *old,
                          const struct fact *new);

/* ---- classes.c: how far it reaches ---- */

enum change_class class_of_leaf(const struct comparing *at, const struct fact *old,
                                const struct fact *new);
enum change_class class_of_row(const struct comparing *at, const char *list, bool is_new);
enum change_class class_of_declaration(const struct declaration *of, bool is_new);
/* Whether limits let in something that they did not before. */
bool size_opens(const struct size *old, const struct size *new);

/* ---- compare.c: fact by fact ---- */

/* The fields of two declarations that are the same one. */
void compare_fields(struct comparing *at, const struct fact *old, const struct fact *new);
/* A change of the declarations themselves, to be filled in. */
struct change *add_change(struct comparing *at, enum change_kind kind);

#endif
