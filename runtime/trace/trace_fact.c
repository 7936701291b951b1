/* Events as sentences and as JSON, and what else the formats share. */
#include "trace/trace_write.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void add_time_for_people(struct buffer *out, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    char text[32];
    struct tm parts;
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &parts));
    buffer_add_text(out, text);
}

void add_time_for_programs(struct buffer *out, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    char text[32];
    struct tm parts;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
    buffer_addf(out, "%s.%03dZ", text, (int)(time_ms % 1000));
}

void add_quoted(struct buffer *out, const char *text)
{
    buffer_add_char(out, '"');
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

void blank_controls(struct buffer *text, size_t from, const char *kept)
{
    for (size_t i = from; i < text->length; i++)
        if (((unsigned char)text->text[i] < ' ' && !strchr(kept, text->text[i])) ||
            text->text[i] == 0x7f)
            text->text[i] = ' ';
}

void add_grid_cell(struct grid *grid, const char *format, ...)
{
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(&text, format, arguments);
    va_end(arguments);
    blank_controls(&text, 0, "");
    grid_cell(grid, arena_copy_text(grid->arena, buffer_text(&text), text.length));
    buffer_free(&text);
}

/* ---- sentences ---- */

/* {name} is a field, {units} "unit 7" or "units 1-6"; what stands in brackets is left out where its field is empty; <good|bad>
   goes by what the event says of itself. An event without a row says its name and its fields. */
static const struct {
    enum message_kind kind;
    const char *sentence;
} sentences[] = {
    {EVENT_person_admitted, "admitted as {roles}"},
    {EVENT_person_dismissed, "dismissed: {reason}"},
    {EVENT_spec_adopted, "revision {revision} adopted"},
    {EVENT_sample_approved, "{name} approved as {role}: {meaning}"},
    {EVENT_lane_accepted,
     "made otherwise than what was shipped, accepted: {reason}[ ({differences})]"},
    {EVENT_lot_received, "[{amount} of ]{what} received[ from {supplier}]"},
    {EVENT_lot_held, "put on hold: {reason}"},
    {EVENT_lot_freed, "freed: {reason}"},
    {EVENT_order_described, "from {customer}[ by {channel}]"},
    {EVENT_line_ordered, "line {line}: {count} x {sku} ordered[, due {due}][, {price} each]"},
    {EVENT_line_held, "line {line}: {count} x {sku} ordered, held: {reason}"},
    {EVENT_line_mended, "line {line} is {sku}[: {reason}]"},
    {EVENT_line_cancelled, "{count} of line {line} cancelled: {reason}"},
    {EVENT_ask_answered, "line {line}: {name} is {value}"},
    {EVENT_batch_opened, "opened for {product}, {purpose}"},
    {EVENT_units_added, "{units} added: {sku}[ for order {order}][ line {line}]"},
    {EVENT_units_taken_out, "{units} taken out, for another batch"},
    {EVENT_work_held, "held out of the plan[, line {line}]: {reason}"},
    {EVENT_work_freed, "planned again[, line {line}][: {reason}]"},
    {EVENT_work_ranked, "rank {rank} in the plan[, line {line}]"},
    {EVENT_batch_pinned, "for the printer[ {printer}]"},
    {EVENT_batch_started, "started"},
    {EVENT_batch_cancelled, "given up: {reason}"},
    {EVENT_batch_closed, "closed"},
    {EVENT_step_begun, "begun[ at {station}][ on {machine}]"},
    {EVENT_lot_used, "{what} from lot {lot}[, {amount}][; {reason}]"},
    {EVENT_parameter_recorded, "{name} is {value}[; corrected: {reason}]"},
    {EVENT_unit_measured,
     "{units}: {part}.{dimension} is {value}, <within|outside> its limits[; corrected: {reason}]"},
    {EVENT_check_judged, "{units}: {check} <good|not good>[, {defect}][; corrected: {reason}]"},
    {EVENT_lot_judged,
     "{sampled} of {size} looked at, {found} found not good: <accepted|not accepted>"},
    {EVENT_units_left, "{units} left by {outcome} to {to}[: {reason}]"},
    {EVENT_gate_signed, "signed {outcome} as {role}: {meaning}"},
    {EVENT_unit_quarantined, "{units} put in quarantine[ for lot {lot}][: {reason}]"},
    {EVENT_unit_returned, "{units} back from quarantine[ for lot {lot}][: {reason}]"},
    {EVENT_unit_disposed, "{units} from quarantine to {to}: {reason}"},
    {EVENT_units_assigned, "{units} given to order {order} line {line}"},
    {EVENT_units_packed, "{units} packed into {parcel}[ for order {order}]"},
    {EVENT_units_unpacked, "{units} taken out of {parcel}: {reason}"},
    {EVENT_parcel_shipped, "shipped[ by {carrier}][ {service}][, {tracking}]"},
    {EVENT_lane_accepted, "what differs is wanted: {reason}"},
    {EVENT_sampling_resumed, "inspected by sample again: {reason}"},
    {EVENT_job_queued, "plate {job} queued: {sku}[, from {file}]"},
    {EVENT_job_extended, "on plate {job} too: {sku}"},
    {EVENT_attempt_begun, "plate {job} begun at {printer}"},
    {EVENT_start_intended, "plate {job}: its start is ordered"},
    {EVENT_start_confirmed, "plate {job}: it prints"},
    {EVENT_attempt_ended, "plate {job}: {outcome}[: {reason}]"},
    {EVENT_job_set_aside, "plate {job} set aside: {reason}"},
    {EVENT_job_requeued, "plate {job} to be tried again: {reason}"},
    {EVENT_job_cancelled, "plate {job} given up: {reason}"},
    {EVENT_print_stopped, "plate {job} stopped at {percent} %"},
    {EVENT_slot_loaded, "{material} loaded in {printer}, slot {slot}[, {grams} g]"},
    {EVENT_issue_opened, "issue {issue}: {what}"},
    {EVENT_issue_answered, "issue {issue}: the cause is {cause}; done: {action}"},
    {EVENT_issue_closed, "issue {issue} closed[: {reason}]"},
};

static void add_units(struct buffer *out, const struct fact *fact)
{
    if (!fact->first)
        buffer_add_text(out, "the batch");
    else if (fact->count > 1)
        buffer_addf(out, "units %d-%d", fact->first, fact->first + fact->count - 1);
    else
        buffer_addf(out, "unit %d", fact->first);
}

/* Whether there was something to add. */
static bool add_field(struct buffer *out, const struct fact *fact, const char *name, size_t length)
{
    char field[32];
    size_t before = out->length;
    snprintf(field, sizeof field, "%.*s", (int)length, name);
    if (strcmp(field, "units") == 0) {
        add_units(out, fact);
    } else if (strcmp(field, "count") == 0) {
        buffer_addf(out, "%d", fact->count);
    } else {
        buffer_add_text(out, fact_text(fact, field));
        if (out->length == before && !*fact_text(fact, field))
            for (int i = 0; i < fact_cell_count(fact); i++)
                if (fact_cell_field(fact, i)->whole &&
                    strcmp(fact_cell_field(fact, i)->name, field) == 0)
                    buffer_addf(out, "%lld", (long long)fact->cells[i].whole);
    }
    return out->length > before;
}

/* From behind '<' to behind '>'. */
static const char *add_judgement(struct buffer *out, const char *at, bool good)
{
    size_t first = strcspn(at, "|"), second = strcspn(at + first + 1, ">");
    buffer_add(out, good ? at : at + first + 1, good ? first : second);
    return at + first + second + 2;
}

static void add_sentence(struct buffer *out, const struct fact *fact, const char *sentence)
{
    size_t bracket = 0;
    bool empty = false;

    for (const char *at = sentence; *at;) {
        if (*at == '{') {
            size_t length = strcspn(at + 1, "}");
            empty |= !add_field(out, fact, at + 1, length);
            at += length + 2;
        } else if (*at == '<') {
            at = add_judgement(out, at + 1, fact->good);
        } else if (*at == '[') {
            bracket = out->length;
            empty = false;
            at++;
        } else if (*at == ']') {
            if (empty) {
                out->length = bracket;
                out->text[bracket] = '\0';
            }
            at++;
        } else {
            buffer_add_char(out, *at++);
        }
    }
}

static void add_all_fields(struct buffer *out, const struct fact *fact)
{
    buffer_add_text(out, message_rows[fact->kind].name);
    for (int i = 0; i < fact_cell_count(fact); i++) {
        const struct message_field *field = fact_cell_field(fact, i);
        if (field->whole && fact->cells[i].whole)
            buffer_addf(out, ", %s %lld", field->name, (long long)fact->cells[i].whole);
        else if (!field->whole && *fact->cells[i].text)
            buffer_addf(out, ", %s %s", field->name, fact->cells[i].text);
    }
}

void add_fact(struct buffer *out, const struct trace_event *event)
{
    if (event->owner->kind != THING_BATCH)
        buffer_addf(out, "%s %s: ", thing_kind_names[event->owner->kind], event->owner->name);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (sentences[i].kind == event->fact->kind) {
            add_sentence(out, event->fact, sentences[i].sentence);
            return;
        }
    add_all_fields(out, event->fact);
}

/* ---- JSON ---- */

static void add_json_field(struct buffer *out, const char *name, const char *text, int64_t whole)
{
    if (text && *text) {
        buffer_addf(out, ",\"%s\":", name);
        add_quoted(out, text);
    } else if (!text && whole) {
        buffer_addf(out, ",\"%s\":%lld", name, (long long)whole);
    }
}

/* Fields that a fact has itself are put back where the event had them. */
void add_fact_json(struct buffer *out, const struct genealogy *model,
                   const struct trace_event *event)
{
    const struct fact *fact = event->fact;
    const struct message_row *row = &message_rows[fact->kind];
    const struct fact_plan *plan = &model->plans[fact->kind];
    int cell = 0;

    buffer_addf(out, "{\"sequence\":%lld,\"time\":\"", (long long)fact->sequence);
    add_time_for_programs(out, fact->time_ms);
    buffer_addf(out, "\",\"event\":\"%s\"", row->name);
    add_json_field(out, "by", fact->by, 0);
    if (plan->batch < 0 && event->owner->kind == THING_BATCH) /* the answer to a batch's issue */
        add_json_field(out, "batch", event->owner->name, 0);
    for (int i = 0; i < row->field_count; i++) {
        const char *name = row->fields[i].name;
        if (cell < plan->cell_count && plan->cells[cell] == i) {
            add_json_field(out, name, row->fields[i].whole ? NULL : fact->cells[cell].text,
                           row->fields[i].whole ? fact->cells[cell].whole : 0);
            cell++;
        } else if (i == plan->batch) {
            if (event->owner->kind == THING_BATCH)
                add_json_field(out, name, event->owner->name, 0);
        } else if (i == plan->step) {
            add_json_field(out, name, fact->step, 0);
        } else if (i == plan->good) {
            buffer_addf(out, ",\"%s\":%s", name, fact->good ? "true" : "false");
        } else {
            add_json_field(out, name, NULL, i == plan->first ? fact->first : fact->count);
        }
    }
    buffer_add_char(out, '}');
}
