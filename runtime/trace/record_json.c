#include "trace/record_json.h"

#include "trace/record_zone.h"

#include <string.h>

/* ---- writing ---- */

static void name(struct buffer *out, const char *key)
{
    char last = out->length ? out->text[out->length - 1] : '{';
    if (last != '{' && last != '[')
        buffer_add_char(out, ',');
    if (key)
        buffer_addf(out, "\"%s\":", key);
}

static void text(struct buffer *out, const char *key, const char *value)
{
    name(out, key);
    buffer_add_char(out, '"');
    buffer_add_json(out, value, strlen(value));
    buffer_add_char(out, '"');
}

static void number(struct buffer *out, const char *key, int64_t value)
{
    name(out, key);
    buffer_addf(out, "%lld", (long long)value);
}

static void truth(struct buffer *out, const char *key, bool value)
{
    name(out, key);
    buffer_add_text(out, value ? "true" : "false");
}

static void nothing(struct buffer *out, const char *key)
{
    name(out, key);
    buffer_add_text(out, "null");
}

/* A ratio or an expected number, to at most six decimals. */
static void fraction(struct buffer *out, const char *key, struct rational value)
{
    name(out, key);
    rational_print_short(out, value, 6);
}

static void begin(struct buffer *out, const char *key, char bracket)
{
    name(out, key);
    buffer_add_char(out, bracket);
}

/* The members of an event: which, when, by whom. */
static void said(struct buffer *out, const struct record_mark *mark)
{
    number(out, "event", mark->sequence);
    name(out, "time");
    buffer_add_char(out, '"');
    zone_print(out, mark->time_ms, ZONE_EXACT);
    buffer_add_char(out, '"');
    text(out, "by", mark->by);
}

static void mark(struct buffer *out, const char *key, const struct record_mark *mark)
{
    if (!mark->sequence) {
        nothing(out, key);
        return;
    }
    begin(out, key, '{');
    said(out, mark);
    buffer_add_char(out, '}');
}

static void ranges(struct buffer *out, const char *key, const struct record_ranges *units)
{
    begin(out, key, '[');
    for (int i = 0; i < units->count; i++) {
        begin(out, NULL, '{');
        number(out, "first", units->rows[i].first);
        number(out, "count", units->rows[i].count);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void yield(struct buffer *out, const struct record_yield *yield)
{
    begin(out, "yield", '{');
    number(out, "entered", yield->entered);
    for (int i = 0; i < WAY_COUNT; i++)
        number(out, record_way_names[i], yield->ways[i]);
    number(out, "there", yield->there);
    if (yield->has_expected) {
        fraction(out, "entered_expected", yield->entered_expected);
        fraction(out, "good_expected", yield->good_expected);
    } else {
        nothing(out, "entered_expected");
        nothing(out, "good_expected");
    }
    if (yield->entered)
        fraction(out, "good_actual", rational_fraction(yield->ways[WAY_GOOD], yield->entered));
    else
        nothing(out, "good_actual");
    buffer_add_char(out, '}');
}

static const char *step_name(const struct record_step *step)
{
    return step ? step->step->base.name : "";
}

/* ---- what the batch is ---- */

static void print_release(struct buffer *out, const struct record *record)
{
    begin(out, "approvals", '[');
    for (int i = 0; i < record->approvals.count; i++) {
        const struct record_approval *approval = &record->approvals.rows[i];
        if (!approval->stands)
            continue;
        begin(out, NULL, '{');
        text(out, "name", approval->name);
        text(out, "role", approval->role);
        text(out, "meaning", approval->meaning);
        text(out, "fingerprint", approval->fingerprint);
        said(out, &approval->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_text(out, "]");
    begin(out, "acceptances", '[');
    for (int i = 0; i < record->acceptances.count; i++) {
        const struct record_acceptance *accepted = &record->acceptances.rows[i];
        if (!accepted->stands)
            continue;
        begin(out, NULL, '{');
        text(out, "lane", accepted->lane);
        text(out, "jobs", accepted->jobs);
        text(out, "reason", accepted->reason);
        text(out, "differences", accepted->differences);
        said(out, &accepted->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
    begin(out, "samples", '[');
    for (int i = 0; i < record->trials.count; i++) {
        const struct record_trial *trial = record->trials.rows[i];
        if (!trial->stands)
            continue;
        begin(out, NULL, '{');
        text(out, "batch", trial->batch);
        number(out, "finished", trial->finished);
        said(out, &trial->opened);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static bool is_alike(const struct record_unit *one, const struct record_unit *other)
{
    return one->sku == other->sku && one->order == other->order && one->parcel == other->parcel &&
           strcmp(one->place, other->place) == 0;
}

/* Neighbours that have all in common are one row. */
static void print_units(struct buffer *out, struct record *record)
{
    number(out, "unit_count", record->unit_count);
    begin(out, "units", '[');
    for (int32_t i = 0, end; i < record->unit_count; i = end) {
        const struct record_unit *unit = &record->units[i];
        for (end = i + 1; end < record->unit_count && is_alike(unit, &record->units[end]);)
            end++;
        begin(out, NULL, '{');
        number(out, "first", i + 1);
        number(out, "count", end - i);
        text(out, "sku", record->skus.rows[unit->kind].code);
        text(out, "order", unit->order ? unit->order->order : "");
        text(out, "line", unit->order ? unit->order->line : "");
        text(out, "place", unit->place);
        text(out, "parcel", unit->parcel ? unit->parcel->parcel : "");
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_orders(struct buffer *out, const struct record *record)
{
    begin(out, "orders", '[');
    for (int i = 0; i < record->orders.count; i++) {
        const struct record_order *order = record->orders.rows[i];
        begin(out, NULL, '{');
        text(out, "order", order->order);
        text(out, "line", order->line);
        text(out, "sku", order->sku);
        text(out, "customer", order->customer);
        text(out, "channel", order->channel);
        text(out, "address", order->address);
        text(out, "due", order->due);
        number(out, "ordered", order->ordered);
        number(out, "here", order->here);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_people(struct buffer *out, const struct record *record)
{
    begin(out, "people", '[');
    for (int i = 0; i < record->people.count; i++) {
        const struct record_person *person = record->people.rows[i];
        begin(out, NULL, '{');
        text(out, "name", person->name);
        text(out, "roles", person->roles);
        begin(out, "steps", '[');
        for (int j = 0; j < record->step_count; j++)
            for (int k = 0; k < record->steps[j].people.count; k++)
                if (strcmp(record->steps[j].people.rows[k], person->name) == 0)
                    text(out, NULL, step_name(&record->steps[j]));
        buffer_add_text(out, "]}");
    }
    buffer_add_char(out, ']');
}

/* ---- a step ---- */

static void print_begins(struct buffer *out, const struct record_step *step)
{
    begin(out, "begins", '[');
    for (int i = 0; i < step->begins.count; i++) {
        const struct record_begin *row = &step->begins.rows[i];
        begin(out, NULL, '{');
        text(out, "station", row->station);
        text(out, "machine", row->machine);
        said(out, &row->mark);
        mark(out, "until", &row->until);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_holds(struct buffer *out, const struct record_received *lot)
{
    begin(out, "holds", '[');
    for (int i = 0; i < lot->holds.count; i++) {
        begin(out, NULL, '{');
        truth(out, "held", lot->holds.rows[i].held);
        text(out, "reason", lot->holds.rows[i].reason);
        said(out, &lot->holds.rows[i].mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_lots(struct buffer *out, const struct record_step *step)
{
    begin(out, "lots", '[');
    for (int i = 0; i < step->lots.count; i++) {
        const struct record_lot *row = &step->lots.rows[i];
        begin(out, NULL, '{');
        text(out, "lot", row->lot->lot);
        text(out, "what", row->lot->what);
        text(out, "title", row->title);
        text(out, "amount", row->amount);
        text(out, "supplier", row->lot->supplier);
        mark(out, "received", &row->lot->mark);
        print_holds(out, row->lot);
        ranges(out, "units", &row->units);
        text(out, "reason", row->reason);
        truth(out, "replaced", row->replaced);
        said(out, &row->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_settings(struct buffer *out, const struct record_step *step)
{
    begin(out, "parameters", '[');
    for (int i = 0; i < step->settings.count; i++) {
        const struct record_setting *row = &step->settings.rows[i];
        begin(out, NULL, '{');
        text(out, "name", row->name);
        text(out, "title", row->title);
        text(out, "value", row->value);
        text(out, "unit", row->unit);
        text(out, "reason", row->reason);
        truth(out, "replaced", row->replaced);
        said(out, &row->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_limits(struct buffer *out, const struct record_check *check)
{
    begin(out, "limits", '[');
    for (int i = 0; i < check->limits.count; i++) {
        const struct record_limit *limit = &check->limits.rows[i];
        begin(out, NULL, '{');
        text(out, "skus", limit->skus);
        text(out, "text", limit->text);
        text(out, "unit", limit->unit);
        text(out, "lower", limit->lower);
        text(out, "nominal", limit->nominal);
        text(out, "upper", limit->upper);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_checks(struct buffer *out, const struct record_step *step)
{
    begin(out, "checks", '[');
    for (int i = 0; i < step->checks.count; i++) {
        const struct record_check *check = &step->checks.rows[i];
        begin(out, NULL, '{');
        text(out, "name", check->name);
        text(out, "title", check->title);
        truth(out, "measured", check->measured);
        text(out, "class", check->class);
        text(out, "gauge", check->gauge);
        print_limits(out, check);
        begin(out, "results", '[');
        for (int j = 0; j < check->results.count; j++) {
            const struct record_result *row = &check->results.rows[j];
            begin(out, NULL, '{');
            number(out, "unit", row->unit);
            number(out, "round", row->round);
            text(out, "value", row->value);
            truth(out, "good", row->good);
            text(out, "defect", row->defect);
            number(out, "limit", row->limit);
            text(out, "reason", row->reason);
            truth(out, "replaced", row->replaced);
            said(out, &row->mark);
            buffer_add_char(out, '}');
        }
        buffer_add_text(out, "]}");
    }
    buffer_add_char(out, ']');
}

static const char *severity_name(int severity)
{
    return severity == INSPECTION_TIGHTENED ? "tightened"
           : severity == INSPECTION_REDUCED ? "reduced"
                                            : "normal";
}

static void print_samples(struct buffer *out, const struct record_step *step)
{
    begin(out, "samples", '[');
    for (int i = 0; i < step->samples.count; i++) {
        const struct record_sample *row = &step->samples.rows[i];
        begin(out, NULL, '{');
        number(out, "lot", row->size);
        number(out, "inspected", row->sampled);
        number(out, "defective", row->found);
        text(out, "severity", severity_name(row->severity));
        if (row->has_plan) {
            number(out, "n", row->n);
            number(out, "ac", row->ac);
            number(out, "re", row->re);
        } else {
            nothing(out, "n");
            nothing(out, "ac");
            nothing(out, "re");
        }
        truth(out, "accepted", row->accepted);
        said(out, &row->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_leavings(struct buffer *out, const struct record_step *step)
{
    begin(out, "left", '[');
    for (int i = 0; i < step->leavings.count; i++) {
        const struct record_leaving *row = &step->leavings.rows[i];
        begin(out, NULL, '{');
        number(out, "first", row->units.first);
        number(out, "count", row->units.count);
        text(out, "outcome", row->outcome);
        text(out, "to", row->to);
        text(out, "way", record_way_names[row->way]);
        text(out, "reason", row->reason);
        said(out, &row->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_steps(struct buffer *out, const struct record *record)
{
    begin(out, "steps", '[');
    for (int i = 0; i < record->step_count; i++) {
        const struct record_step *step = &record->steps[i];
        begin(out, NULL, '{');
        text(out, "name", step_name(step));
        text(out, "title", step->title);
        text(out, "kind", kind_rows[step->step->base.kind].name);
        mark(out, "first", &step->first);
        mark(out, "last", &step->last);
        number(out, "spent_ms", step->spent_ms);
        print_begins(out, step);
        print_lots(out, step);
        print_settings(out, step);
        print_checks(out, step);
        print_samples(out, step);
        print_leavings(out, step);
        yield(out, &step->yield);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

/* ---- what was decided ---- */

static void print_held(struct buffer *out, const struct record *record)
{
    begin(out, "held", '[');
    for (int i = 0; i < record->held.count; i++) {
        const struct record_held *row = &record->held.rows[i];
        begin(out, NULL, '{');
        number(out, "unit", row->unit);
        text(out, "from", row->from);
        text(out, "reason", row->reason);
        said(out, &row->mark);
        text(out, "to", row->to);
        text(out, "why", row->why);
        mark(out, "disposed", &row->disposed);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_signatures(struct buffer *out, const struct record *record)
{
    begin(out, "signatures", '[');
    for (int i = 0; i < record->signatures.count; i++) {
        const struct record_signature *row = &record->signatures.rows[i];
        begin(out, NULL, '{');
        text(out, "step", step_name(row->step));
        text(out, "what", row->what);
        text(out, "outcome", row->outcome);
        text(out, "role", row->role);
        text(out, "meaning", row->meaning);
        said(out, &row->mark);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_corrections(struct buffer *out, const struct record *record)
{
    begin(out, "corrections", '[');
    for (int i = 0; i < record->corrections.count; i++) {
        const struct record_correction *row = &record->corrections.rows[i];
        begin(out, NULL, '{');
        text(out, "step", step_name(row->step));
        text(out, "what", row->what);
        number(out, "unit", row->unit);
        text(out, "before", row->before);
        text(out, "after", row->after);
        text(out, "reason", row->reason);
        mark(out, "said", &row->said);
        mark(out, "corrected", &row->corrected);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_parcels(struct buffer *out, const struct record *record)
{
    begin(out, "parcels", '[');
    for (int i = 0; i < record->parcels.count; i++) {
        const struct record_parcel *row = record->parcels.rows[i];
        if (!row->units.count)
            continue; /* all were taken out again */
        begin(out, NULL, '{');
        text(out, "parcel", row->parcel);
        text(out, "order", row->order);
        ranges(out, "units", &row->units);
        mark(out, "packed", &row->packed);
        mark(out, "shipped", &row->shipped);
        text(out, "carrier", row->carrier);
        text(out, "service", row->service);
        text(out, "tracking", row->tracking);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_lacks(struct buffer *out, const struct record *record)
{
    begin(out, "lacks", '[');
    for (int i = 0; i < record->lacks.count; i++) {
        const struct record_lack *row = &record->lacks.rows[i];
        begin(out, NULL, '{');
        text(out, "clause", record_clauses[row->clause].clause);
        text(out, "step", step_name(row->step));
        text(out, "text", row->text);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
    begin(out, "checklist", '[');
    for (int i = 0; i < CLAUSE_COUNT; i++) {
        const struct record_clause_row *row = &record_clauses[i];
        int lacks = record_lacks_of(record, (enum record_clause)i);
        begin(out, NULL, '{');
        text(out, "clause", row->clause);
        text(out, "asks", row->asks);
        text(out, "where", row->where);
        text(out, "state", row->on_paper ? "on paper" : lacks ? "lacks" : "there");
        number(out, "lacks", lacks);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void print_head(struct buffer *out, struct record *record)
{
    text(out, "format_version", "1.0");
    text(out, "batch", record->name);
    text(out, "state", record_state(record));
    text(out, "purpose", record->purpose);
    text(out, "product", record->product);
    text(out, "title",
         declaration_title(record->revision->spec, &record->revision->made->base, NULL,
                           &record->arena));
    text(out, "number", record_number(record));
    text(out, "revision", record->revision->number);
    text(out, "snapshot", record->snapshot);
    text(out, "fingerprint", record->revision->fingerprint);
    text(out, "zone", zone_name());
    number(out, "event_count", record->event_count);
    begin(out, "journal", '{');
    number(out, "events", record->head);
    text(out, "hash", record->head_hash);
    buffer_add_char(out, '}');
    mark(out, "adopted", record->adopted ? &record->adopted->mark : &(struct record_mark){0});
    mark(out, "opened", &record->opened);
    mark(out, "started", &record->started);
    mark(out, "closed", &record->closed);
    mark(out, "cancelled", &record->cancelled);
    text(out, "cancelled_reason", record->cancelled_reason ? record->cancelled_reason : "");
    mark(out, "last", &record->last);
}

void record_print_json(struct buffer *out, struct record *record)
{
    buffer_add_char(out, '{');
    print_head(out, record);
    print_release(out, record);
    print_units(out, record);
    yield(out, &record->yield);
    print_orders(out, record);
    print_people(out, record);
    print_steps(out, record);
    print_held(out, record);
    name(out, "issues");
    issues_print_json(out, &record->issues, &(struct issues_wanted){.batch = record->name});
    print_signatures(out, record);
    print_corrections(out, record);
    print_parcels(out, record);
    print_lacks(out, record);
    buffer_add_char(out, '}');
}
