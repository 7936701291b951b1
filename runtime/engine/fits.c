/* Whether an event can be applied to a state at all: what it names is there. A journal that decide() made always fits; one
   that somebody else made with a chain of its own may hold anything. */
#include "engine/printing.h"

#include "base/failure.h"

#include <string.h>

enum need {
    BATCH = 1,   /* `batch` is there */
    STARTED = 2, /* and was started */
    STEP = 4,    /* `step` is one of its workflow */
    UNIT = 8,    /* `unit` is one of its units */
    RANGE = 16,  /* so are `count` ones, from `first` or `unit` on */
    LOT = 32,    /* `lot` is there */
    LINE = 64,   /* `line` of `order` is there */
    LINE_IF_NAMED = 128,
    PARCEL = 256,
    ISSUE = 512,
    PERSON = 1024,
    TOKEN = 2048,
    INSPECTION = 4096, /* `step` is one of the workflow of `product` as it is now */
    REVISION = 8192,   /* `snapshot` of `product` can be had */
    JOB = 16384,       /* `job` is there */
    ATTEMPT = 32768,   /* and an attempt of it was begun */
    PRINTER = 65536,   /* `printer` is there */
    PLATE = 131072,    /* `parts` of `sku` can be read */
    WORK = 262144,     /* `batch` is there, or where that is "" `line` of `order` */
    PRODUCT = 524288   /* `product` is there */
};

static const int needs[MESSAGE_COUNT] = {
    [EVENT_person_dismissed] = PERSON,
    [EVENT_token_issued] = PERSON,
    [EVENT_token_revoked] = TOKEN,
    [EVENT_spec_adopted] = REVISION,
    [EVENT_pin_set] = PERSON,
    [EVENT_password_set] = PERSON,
    [EVENT_lot_held] = LOT,
    [EVENT_lot_freed] = LOT,
    [EVENT_line_mended] = LINE,
    [EVENT_line_cancelled] = LINE,
    [EVENT_ask_answered] = LINE,
    [EVENT_batch_opened] = REVISION,
    [EVENT_units_added] = BATCH | LINE_IF_NAMED,
    [EVENT_batch_started] = BATCH,
    [EVENT_batch_cancelled] = BATCH,
    [EVENT_work_held] = WORK,
    [EVENT_work_freed] = WORK,
    [EVENT_work_ranked] = WORK,
    [EVENT_batch_pinned] = BATCH,
    [EVENT_units_taken_out] = BATCH,
    [EVENT_step_begun] = BATCH | STARTED | STEP,
    [EVENT_lot_used] = BATCH | STARTED | STEP | LOT,
    [EVENT_parameter_recorded] = BATCH | STARTED | STEP,
    [EVENT_unit_measured] = BATCH | STARTED | STEP | UNIT,
    [EVENT_check_judged] = BATCH | STARTED | STEP,
    [EVENT_lot_judged] = BATCH | STARTED | STEP,
    [EVENT_units_left] = BATCH | STARTED | STEP | RANGE,
    [EVENT_gate_signed] = BATCH | STARTED | STEP,
    [EVENT_unit_quarantined] = BATCH | STARTED | UNIT | RANGE,
    [EVENT_unit_returned] = BATCH | STARTED | UNIT | RANGE,
    [EVENT_unit_disposed] = BATCH | STARTED | UNIT,
    [EVENT_sample_approved] = REVISION,
    [EVENT_lane_accepted] = PRODUCT,
    [EVENT_sampling_resumed] = INSPECTION,
    [EVENT_reduced_wanted] = INSPECTION,
    [EVENT_batch_closed] = BATCH,
    [EVENT_units_assigned] = BATCH | STARTED | RANGE | LINE,
    [EVENT_units_packed] = BATCH | STARTED | RANGE | LINE,
    [EVENT_units_unpacked] = BATCH | STARTED | RANGE | PARCEL,
    [EVENT_parcel_shipped] = PARCEL,
    [EVENT_issue_answered] = ISSUE,
    [EVENT_issue_closed] = ISSUE,
    [EVENT_job_queued] = BATCH | STARTED | STEP | PLATE,
    [EVENT_job_extended] = BATCH | STARTED | STEP | PLATE | JOB,
    [EVENT_attempt_begun] = JOB,
    [EVENT_start_intended] = JOB | ATTEMPT,
    [EVENT_start_confirmed] = JOB | ATTEMPT,
    [EVENT_attempt_ended] = JOB | ATTEMPT,
    [EVENT_job_set_aside] = JOB,
    [EVENT_job_requeued] = JOB,
    [EVENT_job_cancelled] = JOB,
    [EVENT_printer_taken_out] = PRINTER,
    [EVENT_printer_put_back] = PRINTER,
    [EVENT_printer_ordered] = PRINTER,
    [EVENT_print_stopped] = JOB | ATTEMPT | PRINTER,
};

static const union message_cell *cell(const struct message *event, const char *name)
{
    const struct message_row *row = &message_rows[event->kind];
    for (int i = 0; i < row->field_count; i++)
        if (strcmp(row->fields[i].name, name) == 0)
            return &event->cells[i];
    return NULL;
}

static const char *text_of(const struct message *event, const char *name)
{
    return cell(event, name)->text;
}

/* ---- things by their names ---- */

struct thing {
    enum need need;
    const char *field;
};

static bool things_are_there(const struct state *state, const struct message *event, int wanted,
                             struct failure *failure)
{
    static const struct thing rows[] = {{LOT, "lot"},         {PARCEL, "parcel"},  {ISSUE, "issue"},
                                        {PERSON, "person"},   {TOKEN, "hash"},     {JOB, "job"},
                                        {PRINTER, "printer"}, {PRODUCT, "product"}};
    const struct table *const tables[] = {&state->lots,     &state->parcels, &state->issues,
                                          &state->persons,  &state->tokens,  &state->jobs,
                                          &state->printers, &state->products};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wanted & (int)rows[i].need &&
            !table_get(tables[i], text_of(event, rows[i].field), NULL))
            return fail(failure, "`%s` names a %s that is not there: %.100s",
                        message_rows[event->kind].name, rows[i].field,
                        text_of(event, rows[i].field));
    if (wanted & ATTEMPT && !state_job(state, text_of(event, "job"))->printer)
        return fail(failure, "`%s` is of a job that no printer had",
                    message_rows[event->kind].name);
    bool named = wanted & LINE || (wanted & LINE_IF_NAMED && *text_of(event, "order")) ||
                 (wanted & WORK && !*text_of(event, "batch"));
    if (wanted & WORK && !named && !state_batch(state, text_of(event, "batch")))
        return fail(failure, "`%s` names a batch that is not there",
                    message_rows[event->kind].name);
    return !named || state_line(state, text_of(event, "order"), text_of(event, "line")) ||
           fail(failure, "`%s` names a line that is not there", message_rows[event->kind].name);
}

static bool has_step(const struct revision *revision, const char *name)
{
    const struct workflow *workflow = revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, name) == 0)
            return true;
    return false;
}

static bool spec_is_there(const struct state *state, const struct message *event, int wanted)
{
    if (wanted & REVISION) {
        const struct revision *revision = state->find_revision(
            text_of(event, "snapshot"), text_of(event, "product"), state->find_data);
        return revision && revision->made->workflow;
    }
    if (wanted & INSPECTION) {
        const struct product_state *product = state_product(state, text_of(event, "product"));
        return product && product->current && has_step(product->current, text_of(event, "step"));
    }
    return true;
}

/* ---- of a batch ---- */

static bool units_are_there(const struct batch *batch, const struct message *event, int wanted)
{
    const union message_cell *first = cell(event, wanted & UNIT ? "unit" : "first");
    const union message_cell *count = wanted & RANGE ? cell(event, "count") : NULL;
    int64_t from = first->whole, units = count ? count->whole : 1;
    return from >= 1 && units >= 1 && units <= batch->unit_count &&
           from <= batch->unit_count - units + 1;
}

static bool finds_on_unit(const struct batch *batch, const char *step, const char *part,
                          const char *check, int64_t unit)
{
    const struct step *at = batch->revision->made->workflow->steps[batch_step_index(batch, step)];
    const struct check *found =
        part ? check_of_dimension(at, part, check) : check_of_name(at, check);
    return found && unit >= 0 && unit <= batch->unit_count &&
           (unit == 0) == (found->form == CHECK_COUNT);
}

static bool all_have_lines(const struct batch *batch, int64_t first, int64_t count)
{
    for (int64_t i = first; i < first + count; i++)
        if (!batch->units[i - 1].line || batch->units[i - 1].parcel)
            return false;
    return true;
}

static bool last_are_untouched(const struct batch *batch, int64_t count)
{
    if (batch->closed || count < 1 || count >= batch->unit_count)
        return false;
    for (int64_t i = batch->unit_count - count + 1; i <= batch->unit_count; i++)
        if (!unit_is_untouched(batch, i))
            return false;
    return true;
}

static bool is_place(const struct batch *batch, const char *name)
{
    return strcmp(name, "done") == 0 || strcmp(name, "scrap") == 0 ||
           strcmp(name, "quarantine") == 0 || batch_step_index(batch, name) >= 0;
}

/* What one kind of event wants besides. */
static bool suits_batch(const struct state *state, const struct batch *batch,
                        const struct message *event)
{
    struct sku sku;
    switch (event->kind) {
    case EVENT_units_added:
        return !batch->started && !batch->cancelled && event->units_added.count >= 1 &&
               event->units_added.count <= 1000000 - batch->unit_count &&
               state_sku(state, batch->revision, event->units_added.sku, &sku);
    case EVENT_batch_started:
    case EVENT_batch_cancelled:
        return !batch->started && !batch->cancelled;
    case EVENT_units_taken_out:
        return last_are_untouched(batch, event->units_taken_out.count);
    case EVENT_unit_measured:
        return finds_on_unit(batch, event->unit_measured.step, event->unit_measured.part,
                             event->unit_measured.dimension, event->unit_measured.unit);
    case EVENT_check_judged:
        return finds_on_unit(batch, event->check_judged.step, NULL, event->check_judged.check,
                             event->check_judged.unit);
    case EVENT_units_left:
        return outcome_named(event->units_left.outcome) < OUTCOME_COUNT &&
               is_place(batch, event->units_left.to);
    case EVENT_lot_judged:
        return event->lot_judged.severity <= INSPECTION_REDUCED;
    case EVENT_unit_disposed:
        return is_place(batch, event->unit_disposed.to);
    case EVENT_units_packed:
        return all_have_lines(batch, event->units_packed.first, event->units_packed.count);
    default:
        return true;
    }
}

static void look_at_piece(const struct part *part, int64_t count, void *data)
{
    (void)part, (void)count, (void)data;
}

static bool plate_can_be_read(const struct state *state, const struct batch *batch,
                              const struct message *event)
{
    const struct step *step =
        batch->revision->made->workflow->steps[batch_step_index(batch, text_of(event, "step"))];
    struct sku sku;
    return state_sku(state, batch->revision, text_of(event, "sku"), &sku) &&
           read_parts(batch, step, (int32_t)sku.index, text_of(event, "parts"), look_at_piece,
                      NULL);
}

static bool batch_suits(const struct state *state, const struct message *event, int wanted,
                        struct failure *failure)
{
    const char *name = message_rows[event->kind].name;
    const struct batch *batch = state_batch(state, text_of(event, "batch"));

    if (!batch)
        return fail(failure, "`%s` names a batch that is not there: %.100s", name,
                    text_of(event, "batch"));
    if (wanted & STARTED && !batch->started)
        return fail(failure, "`%s` is of batch %s, which was not started", name, batch->name);
    if (wanted & STEP && batch_step_index(batch, text_of(event, "step")) < 0)
        return fail(failure, "`%s` names a step that batch %s has not: %.100s", name, batch->name,
                    text_of(event, "step"));
    if (wanted & (UNIT | RANGE) && !units_are_there(batch, event, wanted))
        return fail(failure, "`%s` names units that batch %s has not", name, batch->name);
    if (wanted & PLATE && !plate_can_be_read(state, batch, event))
        return fail(failure, "`%s` says nothing that lies on a plate of batch %s", name,
                    batch->name);
    return suits_batch(state, batch, event) ||
           fail(failure, "`%s` cannot be of batch %s as it is", name, batch->name);
}

bool event_fits(const struct state *state, const struct message *event, struct failure *failure)
{
    const struct message_row *row = &message_rows[event->kind];
    int wanted = needs[event->kind];

    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].whole && (event->cells[i].whole < 0 || event->cells[i].whole > 1000000))
            return fail(failure, "`%s` of `%s` is out of range", row->fields[i].name, row->name);
    if (!spec_is_there(state, event, wanted))
        return fail(failure, "`%s` goes by a spec that is not there", row->name);
    return things_are_there(state, event, wanted, failure) &&
           (!(wanted & BATCH) || batch_suits(state, event, wanted, failure));
}
