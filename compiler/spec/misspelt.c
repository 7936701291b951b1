/* Words that are none, and mean one: kinds, fields and outcomes a letter or two away. Said once, and taken as what is
   meant, so that nothing else misses them; of what they hold nothing is said. */
#include "spec/binder.h"

#include <string.h>

/* ---- kinds ---- */

void take_as(struct binder *binder, struct entry *entry, const char *meant)
{
    struct span whole = {entry->span.begin, entry->has_block ? entry->block_end : entry->span.end};
    mute(binder->spec.diagnostics, whole);
    entry->head = intern_text(binder->spec.names, meant);
}

void report_misspelt(struct binder *binder, struct entry *entry, const char *what, const char *near)
{
    struct diagnostics *list = binder->spec.diagnostics;
    struct diagnostic *d = report(list, RULE_unknown_kind, entry_head_span(entry),
                                  "there is no %s `%s`", what, entry->head);
    if (!near)
        return;
    set_help(list, d, "did you mean `%s`?", near);
    add_fix(list, d, FIX_LIKELY, entry_head_span(entry), near, "write `%s`", near);
    take_as(binder, entry, near);
}

enum kind kind_inside(struct binder *binder, struct entry *entry, bool product)
{
    if (!entry->head || entry->kind != ENTRY_FIELD)
        return KIND_none;
    enum kind kind = kind_find(entry->head);
    bool named = entry->items && entry->items->kind == NODE_NAME;
    if (kind != KIND_none || !entry->has_block || !named ||
        field_find(product ? KIND_product : KIND_workflow, entry->head))
        return kind;
    const char *near = kind_suggest(entry->head, true);
    if (product && close_enough(entry->head, edit_distance(entry->head, "part")))
        near = "part";
    if (near)
        report_misspelt(binder, entry, "kind of step", near);
    return kind_find(entry->head);
}

/* ---- fields ---- */

/* Its `->` is missing. */
static bool is_outcome(enum kind kind, const char *word)
{
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (kind_rows[kind].outcomes & 1u << i && strcmp(word, outcome_names[i]) == 0)
            return true;
    return false;
}

static void report_unknown_field(struct binder *binder, enum kind kind, const struct entry *entry)
{
    struct diagnostics *list = binder->spec.diagnostics;
    const char *name = kind_rows[kind].name;
    bool holds_steps = kind == KIND_workflow || kind == KIND_product;
    if (holds_steps && entry->has_block && entry->kind == ENTRY_FIELD) {
        struct diagnostic *d = report(list, RULE_unknown_kind, entry_head_span(entry),
                                      "there is no kind of step `%s`", entry->head);
        const char *near = kind_suggest(entry->head, true);
        if (near) {
            set_help(list, d, "did you mean `%s`?", near);
            add_fix(list, d, FIX_LIKELY, entry_head_span(entry), near, "write `%s`", near);
        }
        return;
    }
    struct diagnostic *d =
        report(list, RULE_unknown_field, entry_head_span(entry), "%s %s has no `%s`",
               strchr("aeiou", name[0]) ? "an" : "a", name, entry->head);
    const char *near = field_suggest(kind, entry->head);
    if (is_outcome(kind, entry->head)) {
        set_help(list, d, "write: %s -> <step>", entry->head);
    } else if (near) {
        set_help(list, d, "did you mean `%s`?", near);
        add_fix(list, d, FIX_LIKELY, entry_head_span(entry), near, "write `%s`", near);
    }
}

const struct field_row *field_meant(struct binder *binder, enum kind kind,
                                    const struct entry *entries, const struct entry *entry)
{
    const char *near = entry->kind == ENTRY_FIELD ? field_suggest(kind, entry->head) : NULL;
    report_unknown_field(binder, kind, entry);
    if (!near || is_outcome(kind, entry->head) ||
        (entry->has_block && !(field_find(kind, near)->flags & HAS_BLOCK)))
        return NULL;
    bool once = !(field_find(kind, near)->flags & REPEATED);
    for (; once && entries; entries = entries->next)
        if (entries->head && strcmp(entries->head, near) == 0)
            return NULL;
    take_as(binder, (struct entry *)(uintptr_t)entry, near);
    return field_find(kind, entry->head);
}

/* ---- outcomes ---- */

static void report_no_outcome(struct binder *binder, const struct step *step,
                              const struct entry *entry)
{
    struct diagnostics *list = binder->spec.diagnostics;
    const char *kind = kind_rows[step->base.kind].name;
    struct diagnostic *d =
        report(list, RULE_unknown_field, entry_head_span(entry), "%s %s has no outcome `%s`",
               strchr("aeiou", kind[0]) ? "an" : "a", kind, entry->head);
    struct buffer names = {0};
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (kind_rows[step->base.kind].outcomes & 1u << i)
            buffer_addf(&names, "%s`%s`", names.length ? ", " : "", outcome_names[i]);
    set_help(list, d, "its outcomes are %s", buffer_text(&names));
    buffer_free(&names);
}

enum outcome outcome_meant(struct binder *binder, const struct step *step, struct entry *entry)
{
    report_no_outcome(binder, step, entry);
    int best = OUTCOME_COUNT, nearest = 1000;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        int distance = edit_distance(entry->head, outcome_names[i]);
        if (kind_rows[step->base.kind].outcomes & 1u << i && distance < nearest)
            nearest = distance, best = i;
    }
    if (best == OUTCOME_COUNT || !close_enough(entry->head, nearest))
        return OUTCOME_COUNT;
    for (const struct entry *at = step->base.entry->block; at; at = at->next)
        if (at->head && at->kind == ENTRY_ROUTE && strcmp(at->head, outcome_names[best]) == 0)
            return OUTCOME_COUNT;
    take_as(binder, entry, outcome_names[best]);
    return (enum outcome)best;
}

void lose_route(struct step *step, const struct entry *entry)
{
    int outcome = 0;
    while (outcome < OUTCOME_COUNT && strcmp(entry->head, outcome_names[outcome]))
        outcome++;
    if (outcome == OUTCOME_COUNT || !(kind_rows[step->base.kind].outcomes & 1u << outcome))
        return;
    struct route *route = &step->routes[ROUTE_PLACE(outcome)];
    if (!route->written)
        *route = (struct route){.outcome = (enum outcome)outcome,
                                .span = entry->span,
                                .written = true,
                                .present = true,
                                .failed = true};
}
