#include "trace/record_pages_private.h"

#include "emit/common/characteristics.h"
#include "emit/common/paper.h"
#include "trace/record_zone.h"

#include <string.h>

/* ---- the summary ---- */

static const char *skus_text(struct paged *paged)
{
    const struct record *record = paged->record;
    const char *text = "";
    for (int i = 0; i < record->skus.count; i++)
        text = arena_printf(paged->arena, "%s%s%lld \303\227 %s", text, i ? ", " : "",
                            (long long)record->skus.rows[i].count, record->skus.rows[i].code);
    return text;
}

static const char *orders_text(struct paged *paged)
{
    const struct record *record = paged->record;
    const char *text = "", *last = "";
    for (int i = 0; i < record->orders.count; i++) {
        const char *order = record->orders.rows[i]->order;
        if (strcmp(order, last) != 0)
            text = arena_printf(paged->arena, "%s%s%s", text, *text ? ", " : "", order);
        last = order;
    }
    return *text ? text : "none: for stock";
}

static const char *release_text(struct paged *paged)
{
    const struct record *record = paged->record;
    const char *text = "";
    for (int i = 0; i < record->approvals.count; i++) {
        const struct record_approval *row = &record->approvals.rows[i];
        if (row->stands)
            text = arena_printf(paged->arena, "%s%s%s by %s (%s)", text, *text ? "; " : "",
                                row->name, text_of_said(paged, &row->mark), row->role);
    }
    for (int i = 0; i < record->trials.count; i++)
        if (record->trials.rows[i]->stands)
            text = arena_printf(paged->arena, "%s; sample batch %s, %lld finished", text,
                                record->trials.rows[i]->batch,
                                (long long)record->trials.rows[i]->finished);
    return *text                                        ? text
           : strcmp(record->purpose, "production") == 0 ? "no approval stands behind it"
                                                        : "a sample: it needs no approval";
}

static const char *accepted_text(struct paged *paged)
{
    const struct record *record = paged->record;
    const char *text = "";
    for (int i = 0; i < record->acceptances.count; i++) {
        const struct record_acceptance *row = &record->acceptances.rows[i];
        if (row->stands)
            text = arena_printf(paged->arena, "%s%sby %s: %s%s%s", text, *text ? "; " : "",
                                text_of_said(paged, &row->mark), row->reason,
                                *row->differences ? ". " : "", row->differences);
    }
    return *text ? text_apart(paged, text) : "none";
}

static const char *yield_text(struct paged *paged)
{
    const struct record_yield *yield = &paged->record->yield;
    const char *text = arena_printf(paged->arena, "%lld of %lld finished",
                                    (long long)yield->ways[WAY_GOOD], (long long)yield->entered);
    if (yield->entered)
        text = arena_printf(
            paged->arena, "%s (%s %%)", text,
            text_of_percent(paged, rational_fraction(yield->ways[WAY_GOOD], yield->entered)));
    if (yield->has_expected)
        text = arena_printf(paged->arena, "%s; the spec expects %s %%", text,
                            text_of_percent(paged, yield->good_expected));
    return text;
}

static const char *lacks_text(struct paged *paged)
{
    int count = paged->record->lacks.count;
    return count ? arena_printf(paged->arena, "%d %s, see below", count,
                                count == 1 ? "thing" : "things")
                 : "nothing that the checklists ask for";
}

static void draw_summary(struct document *page, struct paged *paged)
{
    const struct record *record = paged->record;
    const char *state = record_state(record);
    const struct record_mark none = {0};
    if (record->cancelled.sequence)
        state =
            arena_printf(paged->arena, "cancelled, %s: %s", text_of_said(paged, &record->cancelled),
                         text_apart(paged, record->cancelled_reason));
    const char *const pairs[][2] = {
        {"Batch", record->name},
        {"State", state},
        {"Purpose", record->purpose},
        {"Orders in it", orders_text(paged)},
        {"SKUs", skus_text(paged)},
        {"Yield", yield_text(paged)},
        {"Opened by", text_of_said(paged, &record->opened)},
        {"Started by", text_of_said(paged, &record->started)},
        {"Closed", text_of_time(paged, &record->closed)},
        {"Spec taken over by",
         text_of_said(paged, record->adopted ? &record->adopted->mark : &none)},
        {"Released on", release_text(paged)},
        {"Accepted differences", accepted_text(paged)},
        {"Fingerprint", record->revision->fingerprint},
        {"Snapshot", record->snapshot},
        {"Lacking", lacks_text(paged)},
        {"Times", strcmp(zone_name(), "UTC") == 0
                      ? "UTC"
                      : arena_printf(paged->arena, "%s, with the distance from UTC", zone_name())},
    };
    page_pairs(page, pairs, sizeof pairs / sizeof *pairs);
}

static void draw_lacks(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {
        {"Step", 2.6, false}, {"What is lacking", 6, false}, {"Asked for by", 3, false}};
    const struct record *record = paged->record;
    if (!record->lacks.count)
        return;
    page_heading(page, 3, "What this record lacks");
    page_table_begin(page, columns, 3);
    for (int i = 0; i < record->lacks.count; i++) {
        const struct record_lack *row = &record->lacks.rows[i];
        const char *cells[] = {row->step ? row->step->title : "the batch", row->text,
                               record_clauses[row->clause].clause};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

/* ---- what goes in ---- */

static void draw_orders(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {
        {"Order", 1.8, false},  {"Line", 0.9, false}, {"Customer", 3, false}, {"SKU", 3, false},
        {"Ordered", 1.3, true}, {"Here", 0.9, true},  {"Due", 1.6, false}};
    const struct record *record = paged->record;
    if (!record->orders.count)
        return;
    page_heading(page, 3, "Orders in it");
    page_table_begin(page, columns, 7);
    for (int i = 0; i < record->orders.count; i++) {
        const struct record_order *row = record->orders.rows[i];
        const char *cells[] = {row->order,
                               row->line,
                               text_apart(paged, row->customer),
                               row->sku,
                               text_of_number(paged, row->ordered),
                               text_of_number(paged, row->here),
                               row->due};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static const char *lot_about(struct paged *paged, const struct record_lot *lot)
{
    const char *text = text_apart(paged, lot->lot->supplier);
    for (int i = 0; i < lot->lot->holds.count; i++)
        text = arena_printf(paged->arena, "%s%s%s %s: %s", text, *text ? "\n" : "",
                            lot->lot->holds.rows[i].held ? "held by" : "freed by",
                            text_of_said(paged, &lot->lot->holds.rows[i].mark),
                            text_apart(paged, lot->lot->holds.rows[i].reason));
    return text;
}

static void draw_lots(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {
        {"Material or item", 2.6, false}, {"Lot", 1.7, false}, {"Supplier, holds", 2.4, false},
        {"Issued", 1.3, false},           {"Step", 2, false},  {"Units", 1.6, false},
        {"By, time", 2.4, false}};
    const struct record *record = paged->record;
    page_heading(page, 3, "What went in");
    int count = 0;
    for (int i = 0; i < record->step_count; i++)
        count += record->steps[i].lots.count;
    if (!count) {
        page_paragraph(page, "No lot was recorded.");
        return;
    }
    page_table_begin(page, columns, 7);
    for (int i = 0; i < record->step_count; i++)
        for (int j = 0; j < record->steps[i].lots.count; j++) {
            struct record_lot *lot = &record->steps[i].lots.rows[j];
            const char *cells[] = {lot->title,
                                   lot->lot->lot,
                                   lot_about(paged, lot),
                                   lot->replaced  ? "corrected"
                                   : *lot->amount ? lot->amount
                                                  : DASH,
                                   record->steps[i].title,
                                   text_of_ranges(paged, &lot->units),
                                   text_of_mark(paged, &lot->mark)};
            page_table_row(page, cells);
        }
    page_table_end(page);
}

/* ---- the way ---- */

static const char *names_text(struct paged *paged, const struct record_step *step)
{
    const char *text = "";
    for (int i = 0; i < step->people.count; i++)
        text = arena_printf(paged->arena, "%s%s%s", text, *text ? ", " : "",
                            text_apart(paged, step->people.rows[i]));
    return text;
}

static void draw_way_of(struct document *page, struct paged *paged, const struct record_step *step)
{
    const struct record_yield *yield = &step->yield;
    const char *cells[] = {
        step_title(&paged->forms, step->step),
        text_of_span(paged, &step->first, &step->last),
        arena_printf(paged->arena, "%lld", (long long)yield->entered),
        text_of_number(paged, yield->ways[WAY_GOOD]),
        text_of_number(paged, yield->ways[WAY_AGAIN]),
        text_of_number(paged, yield->ways[WAY_HELD]),
        text_of_number(paged, yield->ways[WAY_SCRAPPED]),
        yield->entered
            ? text_of_percent(paged, rational_fraction(yield->ways[WAY_GOOD], yield->entered))
            : "",
        yield->has_expected ? text_of_percent(paged, yield->good_expected) : "",
        names_text(paged, step)};
    page_table_row(page, cells);
}

static void draw_way(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Step", 2.9, false},   {"Begun, ended", 3.9, false},
                                            {"In", 0.9, true},      {"Good", 1.15, true},
                                            {"Again", 1.25, true},  {"Held", 1.1, true},
                                            {"Scrap", 1.3, true},   {"Good, %", 1.2, true},
                                            {"Spec, %", 1.2, true}, {"Done by", 1.9, false}};
    const struct record *record = paged->record;
    page_heading(page, 3, "The way, step by step");
    page_table_begin(page, columns, 10);
    for (int i = 0; i < record->step_count; i++)
        draw_way_of(page, paged, &record->steps[i]);
    page_table_end(page);
    page_remark(page,
                "In = good + again + held + scrap, and those that are still there. Spec: the "
                "theoretical, what the spec's own `expect` and `yield` say of those that come.");
}

/* ---- the whole ---- */

static void draw(struct document *page, void *data)
{
    struct paged *paged = data;
    struct record *record = paged->record;
    paged->notes.count = 0; /* drawn twice: the first time only counts pages */
    page_form(page, "Batch record", paged->forms.about,
              arena_printf(paged->arena, "%s;%s;record/%s;%.16s", paged->forms.number,
                           paged->forms.revision, record->name, paged->forms.fingerprint));
    draw_summary(page, paged);
    draw_lacks(page, paged);
    draw_orders(page, paged);
    draw_lots(page, paged);
    draw_way(page, paged);
    for (int i = 0; i < record->step_count; i++)
        draw_record_step(page, paged, &record->steps[i]);
    draw_record_closing(page, paged);
}

bool record_write_pages(struct record *record, enum paper paper, const char *path,
                        struct failure *failure)
{
    struct emit_context context = {.spec = record->revision->spec,
                                   .product = record->revision->made,
                                   .paper = paper,
                                   .arena = &record->arena,
                                   .failure = failure};
    struct paged paged = {.record = record, .arena = &record->arena};
    const char *title = title_of(&context, &record->revision->made->base);
    paged.forms = (struct forms){.context = &context,
                                 .number = record_number(record),
                                 .revision = record->revision->number,
                                 .fingerprint = record->revision->fingerprint};
    paged.forms.about = arena_printf(&record->arena, "%s\n%s  batch %s", title,
                                     number_and_revision(&context), record->name);
    struct page_setup setup = paper_setup(
        &context, arena_printf(&record->arena, "Batch record %s: %s", record->name, title),
        record->revision->fingerprint);
    setup.head_right = arena_printf(&record->arena, "%s \302\267 %.12s",
                                    number_and_revision(&context), record->revision->fingerprint);
    setup.foot_left =
        arena_printf(&record->arena,
                     "Batch %s \302\267 fingerprint %.12s \302\267 written from the journal's "
                     "events %lld to %lld",
                     record->name, record->revision->fingerprint,
                     (long long)record->opened.sequence, (long long)record->last.sequence);
    return document_write(path, &setup, draw, &paged, failure);
}
