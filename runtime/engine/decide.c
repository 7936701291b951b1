#include "engine/deciding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- what a decider says ---- */

struct message *happens(struct deciding *at, enum message_kind kind)
{
    struct decision *decision = at->decision;
    const char *none = intern_text(&at->state->names, "");

    if (decision->count == decision->capacity) {
        int capacity = decision->capacity ? 2 * decision->capacity : 4;
        struct message *events = ARENA_ARRAY(decision->arena, struct message, capacity);
        if (decision->count)
            memcpy(events, decision->events, sizeof *events * (size_t)decision->count);
        decision->events = events;
        decision->capacity = capacity;
    }
    struct message *event = &decision->events[decision->count++];
    *event = (struct message){.kind = kind, .by = at->command->by};
    for (int i = 0; i < message_rows[kind].field_count; i++)
        if (message_rows[kind].fields[i].whole)
            event->cells[i].whole = 0;
        else
            event->cells[i].text = none;
    return event;
}

struct message *happens_as_asked(struct deciding *at, enum message_kind kind)
{
    struct message *event = happens(at, kind);
    int count = message_rows[at->command->kind].field_count;
    memcpy(event->cells, at->command->cells, sizeof *event->cells * (size_t)count);
    return event;
}

static bool refuse_at(struct deciding *at, const char *format, va_list arguments)
{
    vsnprintf(at->decision->refusal, sizeof at->decision->refusal, format, arguments);
    at->decision->count = 0;
    return false;
}

bool refuse(struct deciding *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    refuse_at(at, format, arguments);
    va_end(arguments);
    return false;
}

bool refuse_by(struct deciding *at, const struct revision *revision, struct span span,
               const char *format, ...)
{
    struct position position = position_of(revision->spec->sources, span.begin);
    va_list arguments;
    va_start(arguments, format);
    refuse_at(at, format, arguments);
    va_end(arguments);
    if (position.source)
        snprintf(at->decision->place, sizeof at->decision->place, "%.180s:%u",
                 position.source->path, position.line);
    return false;
}

bool has_role(const struct deciding *at, const char *role)
{
    for (int i = 0; i < at->actor->role_count; i++)
        if (strcmp(at->actor->roles[i], role) == 0 || strcmp(at->actor->roles[i], "admin") == 0)
            return true;
    return false;
}

/* ---- specs, lots, orders ---- */

static bool decide_adopt_spec(struct deciding *at)
{
    const struct adopt_spec *asked = &at->command->adopt_spec;
    const struct revision *revision =
        at->state->find_revision(asked->snapshot, asked->product, at->state->find_data);
    const struct product_state *product = state_product(at->state, asked->product);

    if (!revision || revision->product != asked->product)
        return refuse(at, "there is no spec of %s under %s", asked->product, asked->snapshot);
    if (!revision->made->workflow || !revision->made->workflow->step_count)
        return refuse_by(at, revision, revision->made->base.span, "%s has no workflow to go by",
                         asked->product);
    if (product && product->current == revision)
        return true;
    struct message *event = happens(at, EVENT_spec_adopted);
    event->spec_adopted = (struct spec_adopted){asked->product, revision->number,
                                                revision->fingerprint, asked->snapshot};
    return true;
}

static bool decide_receive_lot(struct deciding *at)
{
    const struct receive_lot *asked = &at->command->receive_lot;
    const struct lot *lot = state_lot(at->state, asked->lot);

    if (!*asked->lot || !*asked->what)
        return refuse(at, "a lot has a number, and is of something");
    if (lot && lot->what != asked->what)
        return refuse(at, "lot %s is there already, and is %s", lot->name, lot->what);
    if (!lot)
        happens_as_asked(at, EVENT_lot_received);
    return true;
}

static bool change_hold(struct deciding *at, bool held)
{
    const struct hold_lot *asked = &at->command->hold_lot; /* free_lot has the same fields */
    const struct lot *lot = state_lot(at->state, asked->lot);

    if (!lot)
        return refuse(at, "there is no lot %s", asked->lot);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (lot->held != held)
        happens_as_asked(at, held ? EVENT_lot_held : EVENT_lot_freed);
    return true;
}

static bool decide_hold_lot(struct deciding *at)
{
    return change_hold(at, true);
}

static bool decide_free_lot(struct deciding *at)
{
    return change_hold(at, false);
}

/* A line that no SKU fits is kept, held with what is wrong. */
static bool decide_take_line(struct deciding *at)
{
    const struct take_line *asked = &at->command->take_line;
    const struct product_state *product = state_product(at->state, asked->product);
    const struct order_line *there = state_line(at->state, asked->order, asked->line);
    struct sku sku;

    if (!*asked->order || !*asked->line || asked->count < 1 || asked->count > 1000000)
        return refuse(at, "a line has an order, a number, and a count from 1 to 1000000");
    if (there && there->sku == asked->sku && there->count == asked->count)
        return true; /* the same file once more */
    if (there)
        return refuse(at, "line %s of order %s is there already, and asks for %lld x %s",
                      there->line, there->order, (long long)there->count, there->sku);
    if (product && product->current &&
        sku_find(product->current->spec, product->current->made, asked->sku, &sku)) {
        happens_as_asked(at, EVENT_line_ordered);
        return true;
    }
    char reason[300];
    if (product && product->current)
        snprintf(reason, sizeof reason, "%.60s has no SKU %.120s", asked->product, asked->sku);
    else
        snprintf(reason, sizeof reason, "there is no product %.120s", asked->product);
    struct message *event = happens_as_asked(at, EVENT_line_held);
    event->line_held.reason = intern_text(&at->state->names, reason);
    return true;
}

static bool decide_answer_ask(struct deciding *at)
{
    const struct answer_ask *asked = &at->command->answer_ask;

    if (!state_line(at->state, asked->order, asked->line))
        return refuse(at, "there is no line %s of order %s", asked->line, asked->order);
    if (!*asked->name || !*asked->value)
        return refuse(at, "an answer has a name and a value");
    happens_as_asked(at, EVENT_ask_answered);
    return true;
}

/* ---- approvals, severities ---- */

static const struct approval *wanted_approval(const struct revision *revision, const char *name)
{
    const struct release *release = revision->made->release;
    for (const struct approval *row = release ? release->approve : NULL; row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, name) == 0)
            return row;
    return NULL;
}

static bool decide_approve_sample(struct deciding *at)
{
    const struct approve_sample *asked = &at->command->approve_sample;
    const struct product_state *product = state_product(at->state, asked->product);

    if (!product || !product->current)
        return refuse(at, "there is no product %s", asked->product);
    const struct revision *revision = product->current;
    const struct approval *wanted = wanted_approval(revision, asked->name);
    if (!wanted)
        return refuse(at, "the release of %s asks for no approval %s", asked->product, asked->name);
    const char *role = value_declaration(&wanted->role, NULL)->name;
    if (!has_role(at, role))
        return refuse_by(at, revision, wanted->span, "%s approves it as %s, and %s is not",
                         asked->name, role, at->actor->name);
    struct rational sample = RATIONAL_ZERO;
    if (revision->made->release->sample)
        sample =
            value_number(revision->spec, &revision->made->release->sample->value, NULL, sample);
    int64_t made = samples_made(product, revision->fingerprint);
    if (rational_compare(rational_integer(made), sample) < 0)
        return refuse_by(at, revision, revision->made->release->sample->span,
                         "the sample has %lld pieces, and %lld are finished as the spec is now",
                         (long long)rational_to_int(sample), (long long)made);
    struct message *event = happens(at, EVENT_sample_approved);
    event->sample_approved =
        (struct sample_approved){asked->product, asked->name, revision->fingerprint, asked->meaning,
                                 intern_text(&at->state->names, role)};
    return true;
}

static bool decide_resume_sampling(struct deciding *at)
{
    const struct resume_sampling *asked = &at->command->resume_sampling;
    const struct product_state *product = state_product(at->state, asked->product);

    if (!product || !product->current)
        return refuse(at, "there is no product %s", asked->product);
    if (!*asked->reason)
        return refuse(at, "say what the cause was and how it was removed");
    const struct workflow *workflow = product->current->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, asked->step) == 0) {
            if (!switching_is_discontinued(&product->switching[i]))
                return refuse(at, "the inspection %s was not discontinued", asked->step);
            happens_as_asked(at, EVENT_sampling_resumed);
            return true;
        }
    return refuse(at, "%s has no step %s", asked->product, asked->step);
}

/* ---- shared by the deciders ---- */

struct batch *running_batch(struct deciding *at, const char *name)
{
    struct batch *batch = state_batch(at->state, name);
    if (!batch)
        refuse(at, "there is no batch %s", name);
    else if (!batch->started)
        refuse(at, "batch %s was not started", name);
    else if (batch->closed)
        refuse(at, "batch %s is closed", name);
    else
        return batch;
    return NULL;
}

const struct step *step_in(struct deciding *at, const struct batch *batch, const char *name)
{
    int index = batch_step_index(batch, name);
    if (index < 0) {
        refuse(at, "the workflow of batch %s has no step %s", batch->name, name);
        return NULL;
    }
    return batch->revision->made->workflow->steps[index];
}

void close_if_last(struct deciding *at, const struct batch *batch, int32_t ending)
{
    if (batch->under_way == ending)
        happens(at, EVENT_batch_closed)->batch_closed.batch = batch->name;
}

/* ---- all of them ---- */

/* Whoever may do it: a role, NULL for everybody who is known. */
static const struct {
    decider *decide;
    const char *role;
} decide_rows[COMMAND_COUNT] = {
    [COMMAND_adopt_spec] = {decide_adopt_spec, "planner"},
    [COMMAND_receive_lot] = {decide_receive_lot, NULL},
    [COMMAND_hold_lot] = {decide_hold_lot, "quality"},
    [COMMAND_free_lot] = {decide_free_lot, "quality"},
    [COMMAND_take_line] = {decide_take_line, "planner"},
    [COMMAND_answer_ask] = {decide_answer_ask, "planner"},
    [COMMAND_open_batch] = {decide_open_batch, "planner"},
    [COMMAND_add_units] = {decide_add_units, "planner"},
    [COMMAND_start_batch] = {decide_start_batch, "planner"},
    [COMMAND_begin_step] = {decide_begin_step, NULL},
    [COMMAND_use_lot] = {decide_use_lot, NULL},
    [COMMAND_record_parameter] = {decide_record_parameter, NULL},
    [COMMAND_measure] = {decide_measure, NULL},
    [COMMAND_judge_check] = {decide_judge_check, NULL},
    [COMMAND_leave_step] = {decide_leave_step, NULL},
    [COMMAND_sign_gate] = {decide_sign_gate, NULL},
    [COMMAND_dispose_unit] = {decide_dispose_unit, "quality"},
    [COMMAND_approve_sample] = {decide_approve_sample, NULL},
    [COMMAND_resume_sampling] = {decide_resume_sampling, "quality"},
};

void decide(const struct state *state, const struct actor *actor, const struct message *command,
            struct arena *arena, struct decision *decision)
{
    struct deciding at = {(struct state *)(uintptr_t)state, actor, command, decision};

    *decision = (struct decision){.arena = arena};
    const char *role = decide_rows[command->kind].role;
    if (message_is_event(command->kind))
        refuse(&at, "this is an event, no command");
    else if (role && !has_role(&at, role))
        refuse(&at, "this is for a %s, and %s is none", role, actor->name);
    else
        decision->accepted = decide_rows[command->kind].decide(&at);
}
