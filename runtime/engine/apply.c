/* People, specs, approvals, issues; and the table of all events. */
#include "engine/applying.h"

#include <assert.h>
#include <string.h>

/* ---- people ---- */

void apply_person_admitted(const struct applying *at, const struct message *event)
{
    const struct person_admitted *admitted = &event->person_admitted;
    struct person *person = state_person(at->state, admitted->person);
    if (!person) {
        person = ARENA_NEW(&at->state->arena, struct person);
        person->name = admitted->person;
        person->pin = person->password = intern_text(&at->state->names, "");
        table_put(&at->state->persons, person->name, NULL, person);
    }
    person->roles = admitted->roles;
    person->administrates = words_have(admitted->roles, "admin", strlen("admin"));
    person->dismissed = false;
}

void apply_person_dismissed(const struct applying *at, const struct message *event)
{
    state_person(at->state, event->person_dismissed.person)->dismissed = true;
}

void apply_token_issued(const struct applying *at, const struct message *event)
{
    const struct token_issued *issued = &event->token_issued;
    struct token *token = ARENA_NEW(&at->state->arena, struct token);
    *token =
        (struct token){issued->hash, issued->label, state_person(at->state, issued->person), false};
    table_put(&at->state->tokens, token->hash, NULL, token);
}

void apply_token_revoked(const struct applying *at, const struct message *event)
{
    state_token(at->state, event->token_revoked.hash)->revoked = true;
}

void apply_pin_set(const struct applying *at, const struct message *event)
{
    state_person(at->state, event->pin_set.person)->pin = event->pin_set.hash;
}

void apply_password_set(const struct applying *at, const struct message *event)
{
    state_person(at->state, event->password_set.person)->password = event->password_set.hash;
}

/* ---- specs and approvals ---- */

struct product_state *product_of(struct state *state, const char *name)
{
    struct product_state *product = state_product(state, name);
    if (!product) {
        product = ARENA_NEW(&state->arena, struct product_state);
        product->name = name;
        table_put(&state->products, name, NULL, product);
    }
    return product;
}

struct release_state *release_of(struct state *state, struct product_state *product,
                                 const char *fingerprint)
{
    struct release_state *release = product_release(product, fingerprint);
    if (!release) {
        release = ARENA_NEW(&state->arena, struct release_state);
        *release = (struct release_state){.next = product->releases, .fingerprint = fingerprint};
        product->releases = release;
    }
    return release;
}

void apply_spec_adopted(const struct applying *at, const struct message *event)
{
    struct product_state *product = product_of(at->state, event->spec_adopted.product);
    product->current = at->state->find_revision(event->spec_adopted.snapshot,
                                                event->spec_adopted.product, at->state->find_data);
    assert(product->current);
    /* another plan begins anew with its severities */
    product->inspection_count = product->current->made->workflow->step_count;
    product->inspections =
        ARENA_ARRAY(&at->state->arena, struct inspection_state, product->inspection_count);
}

void apply_sample_approved(const struct applying *at, const struct message *event)
{
    const struct sample_approved *approved = &event->sample_approved;
    struct product_state *product = product_of(at->state, approved->product);
    struct release_state *release = release_of(at->state, product, approved->fingerprint);
    struct approval_given *approval = ARENA_NEW(&at->state->arena, struct approval_given);
    *approval = (struct approval_given){
        .next = release->approvals,
        .name = approved->name,
        .by = at->by,
        .revision =
            at->state->find_revision(approved->snapshot, approved->product, at->state->find_data),
        .time_ms = at->time_ms,
        .number = ++product->approvals,
    };
    release->approvals = approval;
}

static struct inspection_state *inspection_of(const struct applying *at, const char *name,
                                              const char *step)
{
    struct product_state *product = state_product(at->state, name);
    const struct workflow *workflow = product->current->made->workflow;
    int index = 0;
    while (index < workflow->step_count && strcmp(workflow->steps[index]->base.name, step) != 0)
        index++;
    assert(index < workflow->step_count);
    return &product->inspections[index];
}

void apply_sampling_resumed(const struct applying *at, const struct message *event)
{
    struct switching *switching =
        &inspection_of(at, event->sampling_resumed.product, event->sampling_resumed.step)
             ->switching;
    *switching = switching_resume(switching);
}

void apply_reduced_wanted(const struct applying *at, const struct message *event)
{
    inspection_of(at, event->reduced_wanted.product, event->reduced_wanted.step)->reduced_wanted =
        event->reduced_wanted.wanted != 0;
}

/* ---- issues ---- */

void apply_issue_opened(const struct applying *at, const struct message *event)
{
    const struct issue_opened *opened = &event->issue_opened;
    const char *none = intern_text(&at->state->names, "");
    struct product_state *product = product_of(at->state, opened->product);
    struct issue *issue = ARENA_NEW(&at->state->arena, struct issue);
    *issue = (struct issue){.older_of_product = product->issues,
                            .name = opened->issue,
                            .product = opened->product,
                            .batch = opened->batch,
                            .step = opened->step,
                            .what = opened->what,
                            .unit = opened->unit,
                            .cause = none,
                            .action = none,
                            .closing = none};
    product->issues = issue;
    table_put(&at->state->issues, issue->name, NULL, issue);
}

void apply_issue_answered(const struct applying *at, const struct message *event)
{
    struct issue *issue = state_issue(at->state, event->issue_answered.issue);
    issue->cause = event->issue_answered.cause;
    issue->action = event->issue_answered.action;
}

void apply_issue_closed(const struct applying *at, const struct message *event)
{
    struct issue *issue = state_issue(at->state, event->issue_closed.issue);
    issue->closed = true;
    issue->closing = event->issue_closed.reason;
}

/* ---- all of them ---- */

void apply_gate_signed(const struct applying *at, const struct message *event)
{
    (void)at, (void)event; /* a fact of the record; nothing depends on it */
}

static applier *const apply_rows[MESSAGE_COUNT] = {
#define EVENT(name, summary) [EVENT_##name] = apply_##name,
#include "engine/messages.def"
#undef EVENT
};

void apply(struct state *state, const struct message *event, int64_t time_ms)
{
    struct applying at = {state, time_ms, event->by};
    assert(message_is_event(event->kind));
    apply_rows[event->kind](&at, event);
}
