/* What was found at a step: the checks with their limits as the blank form has them, then each dimension's readings, ten to a
   row so that a batch of hundreds stays a few pages, then what was not good, and what was found before a rework. */
#include "trace/record_pages_private.h"

#include "emit/common/characteristics.h"

#include <string.h>

enum { READINGS_A_ROW = 10 };

/* The result that counts of a unit: its latest. */
static const struct record_result *latest_of(const struct record_check *check, int64_t unit)
{
    int32_t index = check->latest ? check->latest[unit] : 0;
    return index ? &check->results.rows[index - 1] : NULL;
}

/* ---- the checks ---- */

static const struct record_check *check_of_row(const struct record_step *step,
                                               const struct work_check *row)
{
    for (int i = 0; i < step->checks.count; i++) {
        const struct check *check = step->checks.rows[i].check;
        if (check == row->row ||
            (check->form == CHECK_DIMENSION && check->name.member->dimension == row->row))
            return &step->checks.rows[i];
        for (const struct simple *defect = check->defects; defect; defect = defect->next)
            if (defect == row->row)
                return &step->checks.rows[i];
    }
    return NULL;
}

/* A check of defects has a row for each: which results are of this one. */
static bool is_of_row(const struct record_result *result, const struct work_check *row)
{
    if (result->check->check->form != CHECK_DEFECTS)
        return true;
    const struct simple *named = row->row;
    const struct defect *defect = value_defect(&named->value, NULL);
    return defect && strcmp(defect->base.name, result->defect) == 0;
}

static void draw_check_row(struct document *page, struct paged *paged,
                           const struct record_step *step, const struct work_check *row)
{
    const struct record_check *check = check_of_row(step, row);
    int64_t seen = 0, bad = 0;
    for (int64_t unit = 0; check && unit <= paged->record->unit_count; unit++) {
        const struct record_result *result = latest_of(check, unit);
        seen += result != NULL;
        bad += result && !result->good && is_of_row(result, row);
    }
    const char *cells[] = {characteristic_number(paged->forms.context, step->step, row),
                           row->what,
                           row->limit,
                           row->class,
                           seen ? text_of_number(paged, seen) : "none",
                           seen ? arena_printf(paged->arena, "%lld", (long long)bad) : ""};
    page_table_row(page, cells);
}

static void draw_checks(struct document *page, struct paged *paged, const struct record_step *step)
{
    static const struct column columns[] = {
        {"No.", 0.7, true},    {"Check", 3, false},      {"Limit or criterion", 5, false},
        {"Class", 1.5, false}, {"Looked at", 1.5, true}, {"Not good", 1.5, true}};
    struct work_check *rows;
    int count = worksheet_checks(paged->forms.context, step->step, &rows);
    if (!count)
        return;
    page_table_begin(page, columns, 6);
    for (int i = 0; i < count; i++)
        draw_check_row(page, paged, step, &rows[i]);
    page_table_end(page);
}

/* ---- readings ---- */

struct readings_of {
    const struct record_check *check;
    int limit;
    int64_t count, outside;
    struct rational least, most, sum;
    size_t decimals; /* the most that were typed */
};

static bool value_of(const char *text, struct rational *value)
{
    bool negative = *text == '-';
    if (!rational_parse(text + negative, strlen(text + negative), value))
        return false;
    if (negative)
        *value = rational_negate(*value);
    return true;
}

static void add_reading(struct readings_of *of, const struct record_result *result)
{
    struct rational value;
    const char *point = strchr(result->value, '.');
    if (!value_of(result->value, &value))
        return;
    size_t decimals = point ? strlen(point + 1) : 0;
    of->decimals = decimals > of->decimals ? decimals : of->decimals;
    of->least = of->count ? rational_min(of->least, value) : value;
    of->most = of->count ? rational_max(of->most, value) : value;
    of->sum = of->count ? rational_add(of->sum, value) : value;
    of->count++;
    of->outside += !result->good;
}

static const struct record_result *reading_at(const struct readings_of *of, int64_t unit)
{
    const struct record_result *result = latest_of(of->check, unit);
    return result && result->limit == of->limit ? result : NULL;
}

/* "24 readings from 4.10 to 4.51 mm, mean 4.213 mm; 2 outside" with whose they are. */
static const char *readings_about(struct paged *paged, const struct readings_of *of)
{
    struct buffer text = {0};
    const struct record_limit *limit = &of->check->limits.rows[of->limit];
    int places = of->decimals > 8 ? 9 : (int)of->decimals;
    buffer_addf(&text, "%lld %s from ", (long long)of->count,
                of->count == 1 ? "reading" : "readings");
    rational_print_fixed(&text, of->least, places);
    buffer_add_text(&text, " to ");
    rational_print_fixed(&text, of->most, places);
    buffer_addf(&text, " %s, mean ", limit->unit);
    rational_print_fixed(&text, rational_divide(of->sum, rational_integer(of->count)), places + 1);
    buffer_addf(&text, " %s; %lld outside", limit->unit, (long long)of->outside);
    buffer_add_text(&text, of->outside ? ", in brackets." : ".");
    const char *kept = arena_copy_text(paged->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}

/* Runs of results by one person: "anna 2026-11-21 15:01:02 +01 to 2026-11-21 15:20:00 +01". */
static void draw_who(struct document *page, struct paged *paged, const struct record_check *check)
{
    const char *text = "";
    for (int i = 0, end; i < check->results.count; i = end) {
        const struct record_result *first = &check->results.rows[i];
        for (end = i + 1; end < check->results.count &&
                          strcmp(check->results.rows[end].mark.by, first->mark.by) == 0;)
            end++;
        const struct record_result *last = &check->results.rows[end - 1];
        text = arena_printf(paged->arena, "%s%s%s", text, *text ? "; " : "By ",
                            text_of_said(paged, &first->mark));
        if (last != first)
            text = arena_printf(paged->arena, "%s to %s", text, text_of_time(paged, &last->mark));
    }
    page_remark(page, arena_printf(paged->arena, "%s.", text));
}

static void draw_reading_row(struct document *page, struct paged *paged,
                             const struct readings_of *of, int64_t first)
{
    const char *cells[READINGS_A_ROW + 1] = {NULL};
    int64_t last = first + READINGS_A_ROW - 1;
    bool any = false;
    if (last > paged->record->unit_count)
        last = paged->record->unit_count;
    cells[0] = text_of_units(paged, first, last - first + 1);
    for (int64_t unit = first; unit <= last; unit++) {
        const struct record_result *result = reading_at(of, unit);
        if (!result)
            continue;
        any = true;
        cells[unit - first + 1] =
            result->good ? result->value : arena_printf(paged->arena, "[%s]", result->value);
    }
    if (any)
        page_table_row(page, cells);
}

static void draw_readings(struct document *page, struct paged *paged,
                          const struct record_check *check, int limit)
{
    static const struct column columns[] = {{"Units", 1.3, false}, {"1", 1, true}, {"2", 1, true},
                                            {"3", 1, true},        {"4", 1, true}, {"5", 1, true},
                                            {"6", 1, true},        {"7", 1, true}, {"8", 1, true},
                                            {"9", 1, true},        {"10", 1, true}};
    struct readings_of of = {.check = check, .limit = limit};
    const struct record_limit *asked = &check->limits.rows[limit];
    for (int64_t unit = 1; unit <= paged->record->unit_count; unit++) {
        const struct record_result *result = reading_at(&of, unit);
        if (result)
            add_reading(&of, result);
    }
    if (!of.count)
        return;
    page_keep(page, 100);
    page_paragraph(page, arena_printf(paged->arena, "%s, %s%s%s%s. %s", check->title, asked->text,
                                      *asked->skus ? " (" : "", asked->skus,
                                      *asked->skus ? ")" : "", readings_about(paged, &of)));
    page_table_begin(page, columns, READINGS_A_ROW + 1);
    for (int64_t first = 1; first <= paged->record->unit_count; first += READINGS_A_ROW)
        draw_reading_row(page, paged, &of, first);
    page_table_end(page);
    draw_who(page, paged, check);
}

/* ---- what was not good, and what was found before ---- */

static void draw_finding(struct document *page, struct paged *paged,
                         const struct record_result *result)
{
    const char *found = *result->value ? result->value : result->good ? "good" : "not good";
    const struct declaration *defect =
        *result->defect ? spec_find(paged->record->revision->spec, result->defect) : NULL;
    if (*result->defect)
        found = defect ? title_of(paged->forms.context, defect) : result->defect;
    const char *cells[] = {result->unit ? text_of_number(paged, result->unit) : "all",
                           result->check->title,
                           found,
                           result->good ? "good" : "not good",
                           text_of_number(paged, result->round),
                           text_of_mark(paged, &result->mark)};
    page_table_row(page, cells);
}

/* What the tables above do not show: judgements that were not good, and what a later one took the place of. */
static bool is_finding(const struct record_check *check, int index)
{
    const struct record_result *result = &check->results.rows[index];
    return !check->latest || check->latest[result->unit] != index + 1 ||
           (!check->measured && !result->good);
}

static void draw_findings(struct document *page, struct paged *paged,
                          const struct record_step *step)
{
    static const struct column columns[] = {{"Unit", 0.8, true},  {"Check", 2.8, false},
                                            {"Found", 2, false},  {"Verdict", 1.5, false},
                                            {"Round", 1.1, true}, {"By, time", 3.4, false}};
    bool any = false;
    for (int i = 0; i < step->checks.count; i++)
        for (int j = 0; j < step->checks.rows[i].results.count; j++) {
            if (!is_finding(&step->checks.rows[i], j))
                continue;
            if (!any) {
                page_keep(page, 90);
                page_paragraph(page, "Not good, or found before another look:");
                page_table_begin(page, columns, 6);
            }
            any = true;
            draw_finding(page, paged, &step->checks.rows[i].results.rows[j]);
        }
    if (any)
        page_table_end(page);
}

static void draw_judgements(struct document *page, struct paged *paged,
                            const struct record_check *check)
{
    struct record_ranges good = {0};
    for (int64_t unit = 1; unit <= paged->record->unit_count; unit++) {
        const struct record_result *result = latest_of(check, unit);
        if (result && result->good)
            record_add_range(paged->arena, &good, unit, 1);
    }
    const struct record_result *batch = latest_of(check, 0);
    if (batch)
        page_paragraph(page, arena_printf(paged->arena, "%s: %s.", check->title,
                                          batch->good ? "good" : "not good"));
    else
        page_paragraph(page, arena_printf(paged->arena, "%s: good on %s%s.", check->title,
                                          !good.count                                  ? "no unit"
                                          : good.count == 1 && good.rows[0].count == 1 ? "unit "
                                                                                       : "units ",
                                          text_of_ranges(paged, &good)));
    draw_who(page, paged, check);
}

void draw_record_results(struct document *page, struct paged *paged, struct record_step *step)
{
    draw_checks(page, paged, step);
    for (int i = 0; i < step->checks.count; i++) {
        const struct record_check *check = &step->checks.rows[i];
        if (!check->results.count)
            continue;
        if (!check->measured)
            draw_judgements(page, paged, check);
        for (int limit = 0; check->measured && limit < check->limits.count; limit++)
            draw_readings(page, paged, check, limit);
    }
    draw_findings(page, paged, step);
}
