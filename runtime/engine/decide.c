/* What all deciders stand on, and the table of them. */
#include "engine/deciding.h"

#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- what a decider says ---- */

struct message *happens(struct deciding *at, enum message_kind kind)
{
    struct decision *decision = at->decision;
    const char *none = name_of(at, "");

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

/* The next of the arguments as text, by what the format says of it; how many bytes of the format that is, 0 for what is not known
   here. */
static size_t next_said(char text[400], const char *format, va_list *arguments)
{
    if (strncmp(format, "%s", 2) == 0) {
        snprintf(text, 400, "%s", va_arg(*arguments, const char *));
        return 2;
    }
    if (strncmp(format, "%lld", 4) == 0) {
        snprintf(text, 400, "%lld", va_arg(*arguments, long long));
        return 4;
    }
    if (strncmp(format, "%ld", 3) == 0) {
        snprintf(text, 400, "%ld", va_arg(*arguments, long));
        return 3;
    }
    if (strncmp(format, "%d", 2) == 0) {
        snprintf(text, 400, "%d", va_arg(*arguments, int));
        return 2;
    }
    return 0;
}

static void note_said(struct decision *decision, const char *format, va_list *arguments)
{
    struct buffer sentence = {0}, all = {0};
    char text[400];
    bool known = true;

    while (*format && known) {
        if (*format != '%') {
            buffer_add_char(&sentence, *format++);
            continue;
        }
        size_t length = next_said(text, format, arguments);
        known = length > 0;
        format += length;
        buffer_add_text(&sentence, "{}");
        buffer_add_text(&all, ",\"");
        buffer_add_json(&all, text, strlen(text));
        buffer_add_char(&all, '"');
    }
    struct buffer said = {0};
    buffer_add_text(&said, "[\"");
    buffer_add_json(&said, buffer_text(&sentence), sentence.length);
    buffer_addf(&said, "\"%s]", buffer_text(&all));
    if (known && said.length < sizeof decision->said)
        strcpy(decision->said, said.text);
    buffer_free(&sentence);
    buffer_free(&all);
    buffer_free(&said);
}

static bool refuse_at(struct deciding *at, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    note_said(at->decision, format, &again);
    va_end(again);
    vsnprintf(at->decision->refusal, sizeof at->decision->refusal, format, arguments);
    at->decision->count = 0;
    return false;
}

bool refuse(struct deciding *at, const char *format, ...)
{
    va_list arguments;
    if (!at)
        return false;
    va_start(arguments, format);
    refuse_at(at, format, arguments);
    va_end(arguments);
    return false;
}

bool refuse_by(struct deciding *at, const struct revision *revision, struct span span,
               const char *format, ...)
{
    if (!at)
        return false;
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

bool has_role(const struct deciding *at, const char *roles)
{
    return at->person && person_has_role(at->person, roles);
}

const char *name_of(struct deciding *at, const char *text)
{
    return intern_text(&at->state->names, text);
}

bool is_name(struct deciding *at, const char *what, const char *name)
{
    size_t length = strlen(name);
    if (!length)
        return refuse(at, "%s has a name", what);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            return refuse(at, "the name of %s is one line of text", what);
    return length <= 100 || refuse(at, "the name of %s has at most 100 characters", what);
}

/* ---- of the state ---- */

struct product_state *made_product(struct deciding *at, const char *name)
{
    struct product_state *product = state_product(at->state, name);
    if (product && product->current)
        return product;
    refuse(at, "there is no product %s; adopt its spec first", name);
    return NULL;
}

struct batch *running_batch(struct deciding *at, const char *name)
{
    struct batch *batch = state_batch(at->state, name);
    if (!batch)
        refuse(at, "there is no batch %s", name);
    else if (batch->cancelled)
        refuse(at, "batch %s was cancelled", name);
    else if (!batch->started)
        refuse(at, "batch %s was not started", name);
    else if (batch->closed)
        refuse(at, "batch %s is closed", name);
    else
        return batch;
    return NULL;
}

struct batch *batch_with(struct deciding *at, const char *name, int64_t first, int64_t count)
{
    struct batch *batch = state_batch(at->state, name);
    if (!batch)
        refuse(at, "there is no batch %s", name);
    else if (!batch->started)
        refuse(at, "batch %s was not started", name);
    else if (first < 1 || count < 1 || count > batch->unit_count ||
             first > batch->unit_count - count + 1)
        refuse(at, "batch %s has the units 1 to %d", name, batch->unit_count);
    else
        return batch;
    return NULL;
}

const struct step *step_in(struct deciding *at, const struct batch *batch, const char *name)
{
    int index = batch_step_index(batch, name);
    const struct workflow *workflow = batch->revision->made->workflow;
    if (index >= 0)
        return workflow->steps[index];
    refuse_by(at, batch->revision, workflow->base.span, "the workflow of batch %s has no step %s",
              batch->name, name);
    return NULL;
}

void close_if_last(struct deciding *at, const struct batch *batch, int32_t ending)
{
    if (batch->under_way == ending)
        happens(at, EVENT_batch_closed)->batch_closed.batch = batch->name;
}

/* ---- all of them ---- */

#define FLOOR "operator,quality"
#define FARM "farm"

/* Who may: one of these roles, "" for everybody who is known, or where the spec says who. */
static const struct {
    decider *decide;
    const char *roles;
} decide_rows[COMMAND_COUNT] = {
    [COMMAND_admit_person] = {decide_admit_person, "admin"},
    [COMMAND_dismiss_person] = {decide_dismiss_person, "admin"},
    [COMMAND_issue_token] = {decide_issue_token, ""},
    [COMMAND_revoke_token] = {decide_revoke_token, ""},
    [COMMAND_set_pin] = {decide_set_pin, ""},
    [COMMAND_set_password] = {decide_set_password, ""},
    [COMMAND_adopt_spec] = {decide_adopt_spec, "planner"},
    [COMMAND_receive_lot] = {decide_receive_lot, "operator,quality,planner"},
    [COMMAND_hold_lot] = {decide_hold_lot, "quality"},
    [COMMAND_free_lot] = {decide_free_lot, "quality"},
    [COMMAND_describe_order] = {decide_describe_order, "planner"},
    [COMMAND_take_line] = {decide_take_line, "planner"},
    [COMMAND_mend_line] = {decide_mend_line, "planner"},
    [COMMAND_cancel_line] = {decide_cancel_line, "planner"},
    [COMMAND_answer_ask] = {decide_answer_ask, "planner"},
    [COMMAND_open_batch] = {decide_open_batch, "planner"},
    [COMMAND_add_units] = {decide_add_units, "planner"},
    [COMMAND_start_batch] = {decide_start_batch, "planner"},
    [COMMAND_cancel_batch] = {decide_cancel_batch, "planner"},
    [COMMAND_hold_work] = {decide_hold_work, "planner"},
    [COMMAND_free_work] = {decide_free_work, "planner"},
    [COMMAND_rank_work] = {decide_rank_work, "planner"},
    [COMMAND_pin_batch] = {decide_pin_batch, "planner"},
    [COMMAND_split_batch] = {decide_split_batch, "planner"},
    [COMMAND_begin_step] = {decide_begin_step, FLOOR},
    [COMMAND_use_lot] = {decide_use_lot, FLOOR},
    [COMMAND_record_parameter] = {decide_record_parameter, FLOOR},
    [COMMAND_measure] = {decide_measure, FLOOR},
    [COMMAND_judge_check] = {decide_judge_check, FLOOR},
    [COMMAND_leave_step] = {decide_leave_step, FLOOR},
    [COMMAND_sign_gate] = {decide_sign_gate, ""},
    [COMMAND_dispose_unit] = {decide_dispose_unit, "quality"},
    [COMMAND_approve_sample] = {decide_approve_sample, ""},
    [COMMAND_accept_lane] = {decide_accept_lane, "quality"},
    [COMMAND_resume_sampling] = {decide_resume_sampling, "quality"},
    [COMMAND_want_reduced] = {decide_want_reduced, "quality"},
    [COMMAND_assign_units] = {decide_assign_units, "planner"},
    [COMMAND_pack_units] = {decide_pack_units, "operator,planner"},
    [COMMAND_unpack_units] = {decide_unpack_units, "operator,planner"},
    [COMMAND_ship_parcel] = {decide_ship_parcel, "operator,planner"},
    [COMMAND_open_issue] = {decide_open_issue, ""},
    [COMMAND_answer_issue] = {decide_answer_issue, "quality"},
    [COMMAND_close_issue] = {decide_close_issue, "quality"},
    [COMMAND_queue_job] = {decide_queue_job, "planner"},
    [COMMAND_add_to_job] = {decide_add_to_job, "planner"},
    [COMMAND_begin_attempt] = {decide_begin_attempt, FARM ",operator"},
    [COMMAND_intend_start] = {decide_intend_start, FARM},
    [COMMAND_confirm_start] = {decide_confirm_start, FARM},
    [COMMAND_end_attempt] = {decide_end_attempt, FARM ",operator"},
    [COMMAND_requeue_job] = {decide_requeue_job, "operator,planner"},
    [COMMAND_cancel_job] = {decide_cancel_job, "planner"},
    [COMMAND_empty_plate] = {decide_empty_plate, FARM ",operator"},
    [COMMAND_fill_plate] = {decide_fill_plate, FARM ",operator"},
    [COMMAND_load_slot] = {decide_load_slot, FARM ",operator"},
    [COMMAND_take_out] = {decide_take_out, FARM ",operator,planner"},
    [COMMAND_put_back] = {decide_put_back, "operator,planner"},
    [COMMAND_order_printer] = {decide_order_printer, "operator,planner"},
    [COMMAND_report_stop] = {decide_report_stop, FARM},
};

const char *command_roles(enum message_kind command)
{
    return decide_rows[command].roles;
}

/* "operator, quality": as people read it. */
static void print_roles(char out[64], const char *roles)
{
    size_t length = 0;
    for (; *roles && length < 61; roles++) {
        out[length++] = *roles;
        if (*roles == ',')
            out[length++] = ' ';
    }
    out[length] = '\0';
}

/* Whether who asks is known, and may. */
static bool may_ask(struct deciding *at)
{
    const char *roles = decide_rows[at->command->kind].roles;
    char named[64];

    print_roles(named, roles);
    if (!at->state->persons.count && at->command->kind == COMMAND_admit_person)
        return true;
    if (strcmp(at->command->by, THE_FARM) == 0)
        return words_have(roles, FARM, strlen(FARM)) ||
               refuse(at, "this is for people: %s", *named ? named : "those of the shop");
    if (!at->person)
        return refuse(at, "%s is nobody of this shop; an admin admits people",
                      *at->command->by ? at->command->by : "who asks");
    if (at->person->dismissed)
        return refuse(at, "%s was dismissed, and may do nothing any more", at->person->name);
    return !*roles || has_role(at, roles) ||
           refuse(at, "this is for %s, and %s is not; an admin gives roles", named,
                  at->person->name);
}

void decide(const struct state *state, const struct message *command, struct arena *arena,
            struct decision *decision)
{
    struct deciding at = {(struct state *)(uintptr_t)state, state_person(state, command->by),
                          command, decision};

    *decision = (struct decision){.arena = arena};
    if (message_is_event(command->kind))
        refuse(&at, "this is an event, no command");
    else
        decision->accepted = may_ask(&at) && decide_rows[command->kind].decide(&at);
}
