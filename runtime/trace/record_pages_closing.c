/* The end of the record: what came out and where it went, what was decided, by whom, and what the checklists say of it. */
#include "trace/record_pages_private.h"

#include <string.h>

/* ---- what came out ---- */

static void draw_counts(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Started", 1, true},
                                            {"Good", 1, true},
                                            {"Scrapped", 1, true},
                                            {"Held", 1, true},
                                            {"On the way", 1, true},
                                            {"Good of started, %", 1.5, true},
                                            {"The spec expects, %", 1.5, true}};
    const struct record_yield *yield = &paged->record->yield;
    const char *cells[] = {
        arena_printf(paged->arena, "%lld", (long long)yield->entered),
        arena_printf(paged->arena, "%lld", (long long)yield->ways[WAY_GOOD]),
        arena_printf(paged->arena, "%lld", (long long)yield->ways[WAY_SCRAPPED]),
        arena_printf(paged->arena, "%lld", (long long)yield->ways[WAY_HELD]),
        arena_printf(paged->arena, "%lld", (long long)yield->there),
        yield->entered
            ? text_of_percent(paged, rational_fraction(yield->ways[WAY_GOOD], yield->entered))
            : "",
        yield->has_expected ? text_of_percent(paged, yield->good_expected) : ""};
    page_table_begin(page, columns, 7);
    page_table_row(page, cells);
    page_table_end(page);
}

static bool is_alike(const struct record_unit *one, const struct record_unit *other)
{
    return one->sku == other->sku && one->order == other->order && one->parcel == other->parcel &&
           strcmp(one->place, other->place) == 0;
}

/* One row for all units that have SKU, order, place and parcel in common. */
static void draw_units_like(struct document *page, struct paged *paged, int32_t first, bool *drawn)
{
    struct record *record = paged->record;
    const struct record_unit *unit = &record->units[first];
    struct record_ranges units = {0};
    for (int32_t i = first; i < record->unit_count; i++)
        if (!drawn[i] && is_alike(unit, &record->units[i])) {
            drawn[i] = true;
            record_add_range(paged->arena, &units, i + 1, 1);
        }
    const char *cells[] = {text_of_ranges(paged, &units), record->skus.rows[unit->kind].code,
                           unit->order ? arena_printf(paged->arena, "%s, line %s",
                                                      unit->order->order, unit->order->line)
                                       : "stock",
                           text_of_place(paged, unit->place),
                           unit->parcel ? unit->parcel->parcel : ""};
    page_table_row(page, cells);
}

static void draw_units(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Units", 3, false},
                                            {"SKU", 2.6, false},
                                            {"For order", 2, false},
                                            {"Is", 2, false},
                                            {"In parcel", 1.8, false}};
    struct record *record = paged->record;
    if (!record->unit_count)
        return;
    bool *drawn = ARENA_ARRAY(paged->arena, bool, record->unit_count);
    page_heading(page, 3, "Units");
    page_remark(page, arena_printf(paged->arena,
                                   "A unit's name is the batch and its number: %s/1 is the first.",
                                   record->name));
    page_table_begin(page, columns, 5);
    for (int32_t i = 0; i < record->unit_count; i++)
        if (!drawn[i])
            draw_units_like(page, paged, i, drawn);
    page_table_end(page);
}

static const char *customer_of(struct paged *paged, const char *order)
{
    const struct record *record = paged->record;
    for (int i = 0; i < record->orders.count; i++)
        if (strcmp(record->orders.rows[i]->order, order) == 0)
            return text_apart(paged, record->orders.rows[i]->customer);
    return "";
}

static void draw_parcels(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {
        {"Parcel", 1.4, false}, {"Order, customer", 2.2, false}, {"Units", 1.6, false},
        {"Packed", 2.1, false}, {"Shipped", 2.1, false},         {"Carrier, tracking", 3.9, false}};
    const struct record *record = paged->record;
    bool any = false;
    for (int i = 0; i < record->parcels.count; i++) {
        struct record_parcel *row = record->parcels.rows[i];
        if (!row->units.count)
            continue;
        if (!any) {
            page_heading(page, 3, "Where it went");
            page_table_begin(page, columns, 6);
        }
        any = true;
        const char *cells[] = {
            row->parcel,
            arena_printf(paged->arena, "%s\n%s", row->order, customer_of(paged, row->order)),
            text_of_ranges(paged, &row->units),
            text_of_mark(paged, &row->packed),
            row->shipped.sequence ? text_of_mark(paged, &row->shipped) : "not yet",
            arena_printf(paged->arena, "%s %s\n%s", row->carrier, row->service, row->tracking)};
        page_table_row(page, cells);
    }
    if (any)
        page_table_end(page);
}

/* ---- what was decided ---- */

static bool held_together(const struct record_held *one, const struct record_held *other)
{
    return strcmp(one->from, other->from) == 0 && strcmp(one->reason, other->reason) == 0 &&
           strcmp(one->to, other->to) == 0 && strcmp(one->why, other->why) == 0 &&
           strcmp(one->mark.by, other->mark.by) == 0 &&
           (one->disposed.sequence != 0) == (other->disposed.sequence != 0);
}

static void draw_held_like(struct document *page, struct paged *paged, int first, bool *drawn)
{
    const struct record *record = paged->record;
    const struct record_held *row = &record->held.rows[first];
    struct record_ranges units = {0};
    for (int i = first; i < record->held.count; i++)
        if (!drawn[i] && held_together(row, &record->held.rows[i])) {
            drawn[i] = true;
            record_add_range(paged->arena, &units, record->held.rows[i].unit, 1);
        }
    const char *cells[] = {text_of_ranges(paged, &units),
                           text_of_place(paged, row->from),
                           text_apart(paged, row->reason),
                           text_of_mark(paged, &row->mark),
                           row->disposed.sequence ? text_of_place(paged, row->to) : "waits",
                           text_apart(paged, row->why),
                           text_of_mark(paged, &row->disposed)};
    page_table_row(page, cells);
}

static void draw_held(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Units", 1.4, false},    {"From", 1.7, false},
                                            {"Why held", 2.2, false}, {"By, time", 2.3, false},
                                            {"Decision", 1.7, false}, {"Why", 2.2, false},
                                            {"By, time", 2.3, false}};
    const struct record *record = paged->record;
    if (!record->held.count)
        return;
    bool *drawn = ARENA_ARRAY(paged->arena, bool, record->held.count);
    page_heading(page, 3, "Held, and what was decided");
    page_table_begin(page, columns, 7);
    for (int i = 0; i < record->held.count; i++)
        if (!drawn[i])
            draw_held_like(page, paged, i, drawn);
    page_table_end(page);
}

static void draw_issue(struct document *page, struct paged *paged, const struct logged_issue *row)
{
    const char *where =
        row->unit ? arena_printf(paged->arena, "unit %lld", (long long)row->unit) : "the batch";
    if (*row->step)
        where = arena_printf(paged->arena, "%s, %s", text_of_place(paged, row->step), where);
    const char *const pairs[][2] = {
        {"Issue", arena_printf(paged->arena, "%s (%s)", row->issue, issue_state_names[row->state])},
        {"Where", where},
        {"What", text_apart(paged, row->what)},
        {"Cause", *row->cause ? text_apart(paged, row->cause) : DASH},
        {"Action", *row->action ? text_apart(paged, row->action) : DASH},
        {"Closed", *row->reason ? text_apart(paged, row->reason) : DASH},
        {"Opened by", text_of_said(paged, &row->opened)},
        {"Answered by", text_of_said(paged, &row->answered)},
        {"Closed by", text_of_said(paged, &row->closed)},
    };
    page_keep(page, 80);
    page_pairs(page, pairs, sizeof pairs / sizeof *pairs);
}

static void draw_issues(struct document *page, struct paged *paged)
{
    const struct record *record = paged->record;
    bool any = false;
    page_heading(page, 3, "Deviations");
    for (int i = 0; i < record->issues.count; i++)
        if (strcmp(record->issues.rows[i].batch, record->name) == 0) {
            draw_issue(page, paged, &record->issues.rows[i]);
            any = true;
        }
    if (!any)
        page_paragraph(page, "No issue was opened for this batch.");
}

static void draw_signatures(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Signed by", 2.2, false}, {"As", 1.4, false},
                                            {"What", 2.2, false},      {"Meaning", 3.6, false},
                                            {"Time", 2.3, false},      {"Event", 1, true}};
    const struct record *record = paged->record;
    page_heading(page, 3, "Signatures");
    if (!record->signatures.count) {
        page_paragraph(page, "Nothing was to be signed.");
        return;
    }
    page_table_begin(page, columns, 6);
    for (int i = 0; i < record->signatures.count; i++) {
        const struct record_signature *row = &record->signatures.rows[i];
        const char *cells[] = {
            text_apart(paged, row->mark.by),
            row->role,
            arena_printf(paged->arena, "%s: %s", row->what,
                         strcmp(row->outcome, "approve") == 0 ? "approved" : "refused"),
            text_apart(paged, row->meaning),
            text_of_time(paged, &row->mark),
            text_of_number(paged, row->mark.sequence)};
        page_table_row(page, cells);
    }
    page_table_end(page);
    page_remark(page, "A signature is an event of the journal, chained to all before it: `flowd "
                      "verify` finds one that was changed.");
}

static void draw_corrections(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Step", 1.8, false},    {"What", 1.8, false},
                                            {"Unit", 0.8, true},     {"Before", 1.5, false},
                                            {"Said by", 2.3, false}, {"After", 1.5, false},
                                            {"Why", 2.4, false},     {"Corrected by", 2.3, false}};
    const struct record *record = paged->record;
    page_heading(page, 3, "Corrections");
    if (!record->corrections.count) {
        page_paragraph(page, "Nothing was corrected.");
        return;
    }
    page_table_begin(page, columns, 8);
    for (int i = 0; i < record->corrections.count; i++) {
        const struct record_correction *row = &record->corrections.rows[i];
        const char *cells[] = {row->step->title,
                               row->what,
                               text_of_number(paged, row->unit),
                               *row->before ? row->before : DASH,
                               text_of_mark(paged, &row->said),
                               row->after,
                               text_apart(paged, row->reason),
                               text_of_mark(paged, &row->corrected)};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static void draw_people(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {
        {"Name", 2.4, false}, {"Roles", 2.4, false}, {"Steps", 6, false}};
    const struct record *record = paged->record;
    page_heading(page, 3, "People");
    page_table_begin(page, columns, 3);
    for (int i = 0; i < record->people.count; i++) {
        const struct record_person *row = record->people.rows[i];
        const char *steps = "";
        for (int j = 0; j < record->step_count; j++)
            for (int k = 0; k < record->steps[j].people.count; k++)
                if (strcmp(record->steps[j].people.rows[k], row->name) == 0)
                    steps = arena_printf(paged->arena, "%s%s%s", steps, *steps ? ", " : "",
                                         record->steps[j].title);
        const char *cells[] = {text_apart(paged, row->name), text_of_roles(paged, row->roles),
                               steps};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static void draw_checklist(struct document *page, struct paged *paged)
{
    static const struct column columns[] = {{"Clause", 3.1, false},
                                            {"Asks for", 4.4, false},
                                            {"Where", 3.4, false},
                                            {"State", 1.8, false}};
    page_heading(page, 3, "What the checklists ask for");
    page_table_begin(page, columns, 4);
    for (int i = 0; i < CLAUSE_COUNT; i++) {
        const struct record_clause_row *row = &record_clauses[i];
        int lacks = record_lacks_of(paged->record, (enum record_clause)i);
        const char *cells[] = {row->clause, row->asks, row->where,
                               row->on_paper ? "kept on paper"
                               : lacks       ? arena_printf(paged->arena, "lacks %d", lacks)
                                             : "there"};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

void draw_record_closing(struct document *page, struct paged *paged)
{
    static const char *const sign[] = {"Reviewed by", "Signature", "Date"};
    page_heading(page, 3, "What came out");
    draw_counts(page, paged);
    draw_units(page, paged);
    draw_parcels(page, paged);
    draw_held(page, paged);
    draw_issues(page, paged);
    draw_signatures(page, paged);
    draw_corrections(page, paged);
    draw_people(page, paged);
    draw_record_notes(page, paged);
    draw_checklist(page, paged);
    page_keep(page, 90);
    page_paragraph(page, "\342\230\220 released     \342\230\220 held     \342\230\220 rejected");
    page_blanks(page, sign, 3);
    if (paged->record->head)
        page_remark(page, arena_printf(paged->arena,
                                       "The journal had %lld events when this was written; the "
                                       "hash of the last is %s.",
                                       (long long)paged->record->head, paged->record->head_hash));
}
