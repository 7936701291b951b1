/* A step of the record: when and on what it was done, what was written down, where the units went. What was found there is
   drawn by record_pages_results.c. */
#include "trace/record_pages_private.h"

#include <string.h>

static const char *title_by_name(struct paged *paged, const char *name)
{
    const struct declaration *found = *name ? spec_find(paged->record->revision->spec, name) : NULL;
    return found ? title_of(paged->forms.context, found) : name;
}

/* Where nobody says which, it is the one that the spec names. */
static const char *station_of(struct paged *paged, const struct record_step *step,
                              const struct record_begin *begin)
{
    return *begin->station || !step->step->at
               ? title_by_name(paged, begin->station)
               : value_cases(paged->forms.context, &step->step->at->value);
}

static const char *machine_of(struct paged *paged, const struct record_begin *begin)
{
    return title_by_name(paged, begin->machine);
}

static void draw_begins(struct document *page, struct paged *paged, const struct record_step *step)
{
    static const struct column columns[] = {{"Begun", 2.4, false}, {"Last there", 2.4, false},
                                            {"Time", 1.7, true},   {"Station", 2, false},
                                            {"Machine", 2, false}, {"By", 2, false}};
    if (!step->begins.count)
        return;
    page_table_begin(page, columns, 6);
    for (int i = 0; i < step->begins.count; i++) {
        const struct record_begin *row = &step->begins.rows[i];
        const char *cells[] = {
            text_of_time(paged, &row->mark),
            row->until.sequence > row->mark.sequence ? text_of_time(paged, &row->until) : DASH,
            text_of_duration(paged, row->until.time_ms - row->mark.time_ms),
            station_of(paged, step, row),
            machine_of(paged, row),
            text_apart(paged, row->mark.by)};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static void draw_settings(struct document *page, struct paged *paged,
                          const struct record_step *step)
{
    static const struct column columns[] = {{"Written down", 4, false},
                                            {"Value", 2, true},
                                            {"Unit", 1.4, false},
                                            {"", 2.4, false},
                                            {"By, time", 2.6, false}};
    if (!step->settings.count)
        return;
    page_table_begin(page, columns, 5);
    for (int i = 0; i < step->settings.count; i++) {
        const struct record_setting *row = &step->settings.rows[i];
        const char *cells[] = {row->title, row->value, row->unit,
                               row->replaced ? "corrected, see Corrections" : "",
                               text_of_mark(paged, &row->mark)};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static void draw_samples(struct document *page, struct paged *paged, const struct record_step *step)
{
    static const struct column columns[] = {
        {"Lot", 0.9, true},         {"Inspect", 1.5, true},   {"Accept up to", 1.4, true},
        {"Reject from", 1.3, true}, {"Inspected", 1.7, true}, {"Defective", 1.7, true},
        {"Severity", 1.5, false},   {"Verdict", 1.8, false},  {"By, time", 2.5, false}};
    static const char *const severities[] = {[INSPECTION_NORMAL] = "normal",
                                             [INSPECTION_TIGHTENED] = "tightened",
                                             [INSPECTION_REDUCED] = "reduced"};
    if (!step->samples.count)
        return;
    page_table_begin(page, columns, 9);
    for (int i = 0; i < step->samples.count; i++) {
        const struct record_sample *row = &step->samples.rows[i];
        const char *cells[] = {
            text_of_number(paged, row->size),
            row->has_plan ? text_of_number(paged, row->n) : "",
            row->has_plan ? arena_printf(paged->arena, "%ld", row->ac) : "",
            row->has_plan ? arena_printf(paged->arena, "%ld", row->re) : "",
            text_of_number(paged, row->sampled),
            arena_printf(paged->arena, "%lld", (long long)row->found),
            severities[row->severity >= 0 && row->severity <= INSPECTION_REDUCED ? row->severity
                                                                                 : 0],
            row->accepted ? "accepted" : "not accepted",
            text_of_mark(paged, &row->mark)};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

/* ---- where units went ---- */

static bool go_together(const struct record_leaving *one, const struct record_leaving *other)
{
    return strcmp(one->outcome, other->outcome) == 0 && strcmp(one->to, other->to) == 0 &&
           strcmp(one->reason, other->reason) == 0 && strcmp(one->mark.by, other->mark.by) == 0;
}

/* One row for all that went alike: units may leave one by one. */
static void draw_leaving(struct document *page, struct paged *paged, const struct record_step *step,
                         int first, bool *drawn)
{
    const struct record_leaving *row = &step->leavings.rows[first];
    struct record_ranges units = {0};
    const struct record_mark *last = &row->mark;
    for (int i = first; i < step->leavings.count; i++) {
        const struct record_leaving *other = &step->leavings.rows[i];
        if (drawn[i] || !go_together(row, other))
            continue;
        drawn[i] = true;
        record_add_range(paged->arena, &units, other->units.first, other->units.count);
        last = &other->mark;
    }
    const char *when = text_of_mark(paged, &row->mark);
    if (last != &row->mark)
        when = arena_printf(paged->arena, "%s\nto %s", when, text_of_time(paged, last));
    const char *cells[] = {text_of_ranges(paged, &units), row->outcome,
                           text_of_place(paged, row->to), text_apart(paged, row->reason), when};
    page_table_row(page, cells);
}

static void draw_leavings(struct document *page, struct paged *paged,
                          const struct record_step *step)
{
    static const struct column columns[] = {{"Units", 2.4, false},
                                            {"Left by", 1.2, false},
                                            {"To", 1.9, false},
                                            {"Why", 2.8, false},
                                            {"By, time", 3.9, false}};
    if (!step->leavings.count)
        return;
    bool *drawn = ARENA_ARRAY(paged->arena, bool, step->leavings.count);
    page_table_begin(page, columns, 5);
    for (int i = 0; i < step->leavings.count; i++)
        if (!drawn[i])
            draw_leaving(page, paged, step, i, drawn);
    page_table_end(page);
}

static void draw_signatures(struct document *page, struct paged *paged,
                            const struct record_step *step)
{
    for (int i = 0; i < paged->record->signatures.count; i++) {
        const struct record_signature *row = &paged->record->signatures.rows[i];
        if (row->step == step)
            page_paragraph(page, arena_printf(paged->arena, "Signed (%s): %s, as %s: %s",
                                              row->outcome, text_of_said(paged, &row->mark),
                                              row->role, text_apart(paged, row->meaning)));
    }
}

static void draw_lots_line(struct document *page, struct paged *paged,
                           const struct record_step *step)
{
    const char *text = "";
    for (int i = 0; i < step->lots.count; i++) {
        struct record_lot *lot = &step->lots.rows[i];
        if (!lot->replaced)
            text = arena_printf(
                paged->arena, "%s%s%s (%s%s%s)", text, *text ? ", " : "Lots: ", lot->lot->lot,
                lot->title, lot->units.count ? ", units " : "", text_of_ranges(paged, &lot->units));
    }
    if (*text)
        page_paragraph(page, text);
}

void draw_record_step(struct document *page, struct paged *paged, struct record_step *step)
{
    page_heading(page, 3, step_title(&paged->forms, step->step));
    page_remark(page, step_about(&paged->forms, step->step));
    if (!step->first.sequence) {
        page_paragraph(page, "Nothing happened here.");
        return;
    }
    draw_begins(page, paged, step);
    draw_lots_line(page, paged, step);
    draw_settings(page, paged, step);
    draw_record_results(page, paged, step);
    draw_samples(page, paged, step);
    draw_leavings(page, paged, step);
    draw_signatures(page, paged, step);
}
