/* What happened at the steps of a batch, and where its units went from there. */
#include "trace/record_private.h"

#include <string.h>

/* ---- a step ---- */

/* Units left since lots were last named: what is named now goes into others. As the engine has it (apply_steps.c). */
static void begin_anew(struct record_step *step)
{
    for (int i = 0; step->left && i < step->lots.count; i++)
        step->lots.rows[i].recent = false;
    step->left = false;
}

void record_said_step_begun(const struct reading *at, const struct message *event)
{
    const struct step_begun *said = &event->step_begun;
    *RECORD_ADD(&at->record->arena, &at->step->begins) =
        (struct record_begin){said->station, said->machine, at->mark, at->mark};
    begin_anew(at->step);
    for (int i = 0; i < at->step->lots.count; i++)
        at->step->lots.rows[i].recent |= at->step->lots.rows[i].current;
}

static void correct(const struct reading *at, const char *what, int64_t unit, const char *before,
                    const char *after, const char *reason, const struct record_mark *said)
{
    *RECORD_ADD(&at->record->arena, &at->record->corrections) =
        (struct record_correction){at->step, what, unit, before, after, reason, *said, at->mark};
}

static const char *lot_and_amount(struct record *record, const char *lot, const char *amount)
{
    return *amount ? arena_printf(&record->arena, "%s, %s", lot, amount) : lot;
}

/* Units of a lot that was said by mistake: either may be in them, which a trace takes to be so. */
static void take_over(struct record *record, struct record_ranges *units,
                      const struct record_received *lot)
{
    for (int i = 0; i < record->step_count; i++)
        for (int j = 0; j < record->steps[i].lots.count; j++) {
            const struct record_lot *use = &record->steps[i].lots.rows[j];
            for (int k = 0; use->lot == lot && k < use->units.count; k++)
                record_add_range(&record->arena, units, use->units.rows[k].first,
                                 use->units.rows[k].count);
        }
    record_sort_ranges(units); /* corrected to and fro, they would double each time */
}

void record_said_lot_used(const struct reading *at, const struct message *event)
{
    const struct lot_used *said = &event->lot_used;
    struct record *record = at->record;
    struct record_lot lot = {.lot = record_lot_of(record, said->lot, said->what),
                             .amount = said->amount,
                             .reason = said->reason,
                             .mark = at->mark,
                             .current = true,
                             .recent = true};
    const struct declaration *what = spec_find(record->revision->spec, said->what);
    lot.title = what ? record_title_of(record, what) : said->what;
    bool correction = *said->reason != '\0';
    if (!correction)
        begin_anew(at->step);
    for (int i = 0; i < at->step->lots.count; i++) {
        struct record_lot *before = &at->step->lots.rows[i];
        if (!before->current || before->lot->what != lot.lot->what)
            continue;
        before->current = false;
        before->recent &= !correction && before->lot != lot.lot;
        if (!correction)
            continue;
        before->replaced = true;
        take_over(record, &lot.units, before->lot);
        correct(at, arena_printf(&record->arena, "lot of %s", lot.title), 0,
                lot_and_amount(record, before->lot->lot, before->amount),
                lot_and_amount(record, said->lot, said->amount), said->reason, &before->mark);
    }
    *RECORD_ADD(&record->arena, &at->step->lots) = lot;
}

void record_said_parameter_recorded(const struct reading *at, const struct message *event)
{
    const struct parameter_recorded *said = &event->parameter_recorded;
    struct record *record = at->record;
    struct record_setting now = {.name = said->name,
                                 .title = said->name,
                                 .unit = "",
                                 .value = said->value,
                                 .reason = said->reason,
                                 .mark = at->mark,
                                 .run = at->step->begins.count};
    for (const struct parameter *row = at->step->step->record; row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, said->name) == 0) {
            now.title =
                row->title.kind == VALUE_TEXT ? record_value_of(record, &row->title) : said->name;
            now.unit = row->unit > 0 ? record->revision->spec->units[row->unit - 1]->text : "";
        }
    for (int i = 0; i < at->step->settings.count; i++) {
        struct record_setting *before = &at->step->settings.rows[i];
        if (strcmp(before->name, said->name) != 0 || before->replaced || before->run != now.run)
            continue;
        before->replaced = true;
        correct(at, now.title, 0, before->value, said->value, now.reason, &before->mark);
    }
    *RECORD_ADD(&record->arena, &at->step->settings) = now;
}

static const char *result_text(const struct record_result *result)
{
    return *result->value ? result->value : result->good ? "good" : "not good";
}

static void add_result(const struct reading *at, struct record_check *check,
                       struct record_result result)
{
    struct record *record = at->record;
    if (!check->latest)
        check->latest = ARENA_ARRAY(&record->arena, int32_t, record->unit_count + 1);
    if (result.unit > record->unit_count)
        return;
    result.check = check;
    result.mark = at->mark;
    result.round = 1 + (at->step->rounds && result.unit ? at->step->rounds[result.unit - 1] : 0);
    int32_t latest = check->latest[result.unit];
    struct record_result *before = latest ? &check->results.rows[latest - 1] : NULL;
    if (before && before->round == result.round && result.unit) {
        before->replaced = true;
        correct(at, check->name, result.unit, result_text(before), result_text(&result),
                result.reason, &before->mark);
    }
    *RECORD_ADD(&record->arena, &check->results) = result;
    check->latest[result.unit] = check->results.count;
}

static struct record_check *check_in(const struct record_step *step, const struct check *check)
{
    for (int i = 0; i < step->checks.count; i++)
        if (step->checks.rows[i].check == check)
            return &step->checks.rows[i];
    return NULL;
}

void record_said_unit_measured(const struct reading *at, const struct message *event)
{
    const struct unit_measured *said = &event->unit_measured;
    struct record_check *check =
        check_in(at->step, check_of_dimension(at->step->step, said->part, said->dimension));
    if (check)
        add_result(at, check,
                   (struct record_result){.unit = said->unit,
                                          .value = said->value,
                                          .defect = "",
                                          .good = said->within,
                                          .reason = said->reason});
}

void record_said_check_judged(const struct reading *at, const struct message *event)
{
    const struct check_judged *said = &event->check_judged;
    struct record_check *check = check_in(at->step, check_of_name(at->step->step, said->check));
    if (check)
        add_result(at, check,
                   (struct record_result){.unit = said->unit,
                                          .value = "",
                                          .defect = said->defect,
                                          .good = said->good,
                                          .reason = said->reason});
}

void record_said_lot_judged(const struct reading *at, const struct message *event)
{
    const struct lot_judged *said = &event->lot_judged;
    *RECORD_ADD(&at->record->arena, &at->step->samples) =
        (struct record_sample){.size = said->size,
                               .sampled = said->sampled,
                               .found = said->found,
                               .severity = (int)said->severity,
                               .accepted = said->accepted,
                               .mark = at->mark};
}

void record_said_gate_signed(const struct reading *at, const struct message *event)
{
    const struct gate_signed *said = &event->gate_signed;
    *RECORD_ADD(&at->record->arena, &at->record->signatures) = (struct record_signature){
        at->step, at->step->title, said->role, said->meaning, said->outcome, at->mark};
}

/* ---- where units went ---- */

static void give_lots(const struct reading *at, int64_t first, int64_t count)
{
    for (int i = 0; i < at->step->lots.count; i++) {
        struct record_lot *lot = &at->step->lots.rows[i];
        if (lot->current || lot->recent)
            record_add_range(&at->record->arena, &lot->units, first, count);
    }
    at->step->left = true;
}

static enum record_way way_of(const char *outcome, const char *to)
{
    if (strcmp(outcome, "pass") == 0 || strcmp(outcome, "approve") == 0)
        return WAY_GOOD;
    return strcmp(to, "scrap") == 0        ? WAY_SCRAPPED
           : strcmp(to, "quarantine") == 0 ? WAY_HELD
                                           : WAY_AGAIN;
}

static void hold_unit(const struct reading *at, int64_t unit, const char *from, const char *reason)
{
    *RECORD_ADD(&at->record->arena, &at->record->held) = (struct record_held){
        .unit = unit, .from = from, .reason = reason, .mark = at->mark, .to = "", .why = ""};
}

static void count_round(struct record_step *step, int64_t unit)
{
    if (step->rounds && step->rounds[unit - 1] < UINT8_MAX)
        step->rounds[unit - 1]++;
}

void record_said_units_left(const struct reading *at, const struct message *event)
{
    const struct units_left *said = &event->units_left;
    struct record *record = at->record;
    struct record_step *step = at->step;
    if (!step->rounds)
        step->rounds = ARENA_ARRAY(&record->arena, uint8_t, record->unit_count);
    give_lots(at, said->first, said->count);
    *RECORD_ADD(&record->arena, &step->leavings) = (struct record_leaving){
        {said->first, said->count},      said->outcome, said->to, said->reason,
        way_of(said->outcome, said->to), at->mark};
    for (int64_t i = said->first; i < said->first + said->count && i <= record->unit_count; i++) {
        count_round(step, i);
        record->units[i - 1].place = said->to;
        if (strcmp(said->to, "quarantine") == 0)
            hold_unit(at, i, said->step, said->reason);
    }
}

static void settle_held(const struct reading *at, int64_t unit, const char *to, const char *why)
{
    for (int i = at->record->held.count - 1; i >= 0; i--) {
        struct record_held *held = &at->record->held.rows[i];
        if (held->unit != unit || held->disposed.sequence)
            continue;
        held->to = to;
        held->why = why;
        held->disposed = at->mark;
        return;
    }
}

void record_said_unit_disposed(const struct reading *at, const struct message *event)
{
    const struct unit_disposed *said = &event->unit_disposed;
    struct record *record = at->record;
    if (said->unit < 1 || said->unit > record->unit_count)
        return;
    struct record_unit *unit = &record->units[said->unit - 1];
    struct record_step *stood = unit->stood ? record_step_of(record, unit->stood) : NULL;
    if (stood) { /* it was taken from there, and does not come back */
        count_round(stood, said->unit);
        stood->taken++;
    }
    unit->stood = NULL;
    unit->place = said->to;
    settle_held(at, said->unit, said->to, said->reason);
}

/* The units from `unit` on that are of the batch. */
static int64_t end_of(const struct record *record, int64_t unit, int64_t count)
{
    int64_t end = unit + (count > 0 ? count : 1) - 1;
    return unit < 1 ? 0 : end < record->unit_count ? end : record->unit_count;
}

void record_said_unit_quarantined(const struct reading *at, const struct message *event)
{
    const struct unit_quarantined *said = &event->unit_quarantined;
    int64_t end = end_of(at->record, said->unit, said->count);
    for (int64_t i = said->unit; i <= end; i++) {
        struct record_unit *unit = &at->record->units[i - 1];
        hold_unit(at, i, unit->place, said->reason);
        unit->stood = unit->place;
        unit->place = "quarantine";
    }
}

void record_said_unit_returned(const struct reading *at, const struct message *event)
{
    const struct unit_returned *said = &event->unit_returned;
    struct record *record = at->record;
    int64_t end = end_of(record, said->unit, said->count);
    for (int64_t i = said->unit; i <= end; i++) {
        struct record_unit *unit = &record->units[i - 1];
        unit->place = unit->stood ? unit->stood : unit->place;
        unit->stood = NULL;
        settle_held(at, i, unit->place, said->reason);
    }
}
