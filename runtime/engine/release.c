/* What stands between a spec and production: it is taken over, its sample approved, its inspections go by severity. */
#include "engine/deciding.h"

#include <string.h>

/* A finding has a bit for each check. */
static const struct step *with_too_many_checks(const struct workflow *workflow)
{
    for (int i = 0; i < workflow->step_count; i++) {
        int count = 0;
        for (const struct check *check = workflow->steps[i]->check; check; check = check->next)
            count += check->form != CHECK_COUNT;
        if (count > CHECKS_AT_MOST)
            return workflow->steps[i];
    }
    return NULL;
}

bool decide_adopt_spec(struct deciding *at)
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
    const struct step *full = with_too_many_checks(revision->made->workflow);
    if (full)
        return refuse_by(at, revision, full->base.span, "%s has more than %d checks of a unit",
                         full->base.name, CHECKS_AT_MOST);
    if (product && product->current == revision)
        return true;
    struct message *event = happens(at, EVENT_spec_adopted);
    event->spec_adopted =
        (struct spec_adopted){asked->product, revision->number, revision->fingerprint,
                              asked->snapshot, name_of(at, revision->lane ? revision->lane : "")};
    return true;
}

/* ---- approvals ---- */

static const struct approval *wanted_approval(const struct revision *revision, const char *name)
{
    const struct release *release = revision->made->release;
    for (const struct approval *row = release ? release->approve : NULL; row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, name) == 0)
            return row;
    return NULL;
}

/* The newest approval of that name, whatever the spec was then. */
static const struct approval_given *newest_approval(const struct product_state *product,
                                                    const char *name)
{
    const struct approval_given *newest = NULL;
    for (const struct release_state *state = product->releases; state; state = state->next)
        for (const struct approval_given *given = state->approvals; given; given = given->next)
            if (strcmp(given->name, name) == 0 && (!newest || given->number > newest->number))
                newest = given;
    return newest;
}

/* " changed since: dimension bore of part hook: 4.1 mm -> 4 mm", to be added to a refusal; "" where it cannot be told. */
static const char *what_changed(struct deciding *at, const struct product_state *product,
                                const struct revision *revision, const char *approval)
{
    const struct approval_given *given = newest_approval(product, approval);
    struct buffer changes = {0};

    if (!given || !given->revision || !given->revision->fields || !revision->fields)
        return "";
    fingerprint_changes(&changes, given->revision->fields, revision->fields, 3);
    const char *text =
        changes.length ? arena_printf(at->decision->arena, "; since %s approved revision %s: %s",
                                      given->by, given->revision->number, changes.text)
                       : "";
    buffer_free(&changes);
    return text;
}

/* Whether as many sample pieces were finished as the release says; refuses where not. */
static bool has_sample(struct deciding *at, const struct product_state *product)
{
    const struct revision *revision = product->current;
    const struct simple *row = revision->made->release->sample;
    const struct release_state *made = product_release(product, revision->fingerprint);

    if (!row)
        return true;
    struct rational sample = value_number(revision->spec, &row->value, NULL, RATIONAL_ZERO);
    int64_t finished = made ? made->samples : 0;
    return rational_compare(rational_integer(finished), sample) >= 0 ||
           refuse_by(at, revision, row->span,
                     "the sample has %lld pieces, and %lld are finished as the spec is now%s",
                     (long long)rational_to_int(sample), (long long)finished,
                     what_changed(at, product, revision, at->command->approve_sample.name));
}

bool decide_approve_sample(struct deciding *at)
{
    const struct approve_sample *asked = &at->command->approve_sample;
    const struct product_state *product = made_product(at, asked->product);

    if (!product)
        return false;
    const struct revision *revision = product->current;
    const struct approval *wanted = wanted_approval(revision, asked->name);
    if (!wanted)
        return refuse_by(at, revision,
                         revision->made->release ? revision->made->release->base.span
                                                 : revision->made->base.span,
                         "the release of %s asks for no approval %s", asked->product, asked->name);
    const char *role = value_declaration(&wanted->role, NULL)->name;
    if (!has_role(at, role))
        return refuse_by(at, revision, wanted->span, "%s approves it as %s, and %s is not",
                         asked->name, role, at->person->name);
    if (!*asked->meaning)
        return refuse(at, "a signature says what it means");
    if (!has_sample(at, product))
        return false;
    struct message *event = happens(at, EVENT_sample_approved);
    event->sample_approved = (struct sample_approved){.product = asked->product,
                                                      .name = asked->name,
                                                      .fingerprint = revision->fingerprint,
                                                      .meaning = asked->meaning,
                                                      .role = name_of(at, role),
                                                      .snapshot = revision->snapshot};
    return true;
}

static bool refuse_unapproved(struct deciding *at, const struct product_state *product,
                              const struct revision *revision, const struct approval *missing)
{
    return refuse_by(at, revision, missing->span,
                     "production waits for the approval %s of %s revision %s as it is now%s",
                     missing->name.word, product->name, revision->number,
                     what_changed(at, product, revision, missing->name.word));
}

bool is_released(struct deciding *at, const struct batch *batch)
{
    const struct revision *revision = batch->revision;
    const struct release *release = revision->made->release;
    const struct release_state *state = product_release(batch->product, revision->fingerprint);

    const struct approval *missing = missing_approval(batch->product, revision);
    if (missing)
        return refuse_unapproved(at, batch->product, revision, missing);
    if (!release || !release->production)
        return true;
    struct rational most = value_number(revision->spec, &release->production->value, NULL,
                                        rational_integer(INT64_MAX));
    int64_t count = (state ? state->produced : 0) + batch->unit_count;
    return rational_compare(rational_integer(count), most) <= 0 ||
           refuse_by(at, revision, release->production->span,
                     "at most %lld may be produced on this release, and these would make %lld",
                     (long long)rational_to_int(most), (long long)count);
}

/* ---- severities ---- */

/* The place of an inspection whose severity changes from lot to lot, -1 with a refusal where there is none. */
static int switching_step(struct deciding *at, const char *name, const char *step)
{
    const struct product_state *product = made_product(at, name);
    const struct workflow *workflow = product ? product->current->made->workflow : NULL;

    for (int i = 0; workflow && i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, step) == 0) {
            if (step_judges_lots(workflow->steps[i]) && sample_switches(workflow->steps[i]->sample))
                return i;
            refuse_by(at, product->current, workflow->steps[i]->base.span,
                      "%s is no inspection by AQL: its severity does not change", step);
            return -1;
        }
    if (workflow)
        refuse_by(at, product->current, workflow->base.span, "%s has no step %s", name, step);
    return -1;
}

bool decide_resume_sampling(struct deciding *at)
{
    const struct resume_sampling *asked = &at->command->resume_sampling;
    int index = switching_step(at, asked->product, asked->step);

    if (index < 0)
        return false;
    const struct product_state *product = state_product(at->state, asked->product);
    if (!*asked->reason)
        return refuse(at, "say what the cause was and how it was removed");
    if (!switching_is_discontinued(&product->inspections[index].switching))
        return refuse(at, "the inspection %s was not discontinued", asked->step);
    happens_as_asked(at, EVENT_sampling_resumed);
    return true;
}

bool decide_want_reduced(struct deciding *at)
{
    const struct want_reduced *asked = &at->command->want_reduced;
    int index = switching_step(at, asked->product, asked->step);

    if (index < 0)
        return false;
    const struct product_state *product = state_product(at->state, asked->product);
    if (asked->wanted != 0 && asked->wanted != 1)
        return refuse(at, "it is wanted (1) or not (0)");
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (product->inspections[index].reduced_wanted != (asked->wanted != 0))
        happens_as_asked(at, EVENT_reduced_wanted);
    return true;
}
