/* The specs of a simulated farm: compiled, with changes, and known to an engine's state that is in memory alone. */
#include "sim/farm_change.h"
#include "sim/farm_private.h"

#include "base/inputs.h"
#include "base/memory.h"
#include "engine/decide.h"

#include <stdlib.h>
#include <string.h>

static const char planner[] = "simulation";

/* ---- the engine, without a journal ---- */

static const struct revision *find(const char *snapshot, const char *product, void *data)
{
    const struct farm_specs *specs = data;
    for (int i = 0; i < specs->revision_count; i++)
        if (strcmp(specs->revisions[i].snapshot, snapshot) == 0 &&
            strcmp(specs->revisions[i].product, product) == 0)
            return &specs->revisions[i];
    return NULL;
}

void farm_ask_engine(struct farm_specs *specs, const char *by, const struct message *asked,
                     struct answer *answer)
{
    struct message command = *asked;
    struct decision decision;
    const struct message_row *row = &message_rows[command.kind];

    command.by = intern_text(&specs->state.names, by);
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole)
            command.cells[i].text = intern_text(&specs->state.names,
                                                command.cells[i].text ? command.cells[i].text : "");
    decide(&specs->state, &command, &specs->scratch, &decision);
    for (int i = 0; decision.accepted && i < decision.count; i++)
        apply(&specs->state, &decision.events[i], specs->now_ms);
    arena_clear(&specs->scratch);
    answer->accepted = decision.accepted;
    strcpy(answer->refusal, decision.accepted ? "" : decision.refusal);
    strcpy(answer->place, decision.accepted ? "" : decision.place);
}

bool farm_does(struct farm_specs *specs, const struct message *asked, struct failure *failure)
{
    struct answer answer;
    farm_ask_engine(specs, planner, asked, &answer);
    return answer.accepted || fail(failure, "%s", answer.refusal);
}

/* ---- adopting ---- */

/* With --set the file alone may well be right, so that `flowc check` would find nothing. */
static const struct diagnostic *first_error(const struct session *session)
{
    int i = 0;
    while (session->diagnostics.items[i]->severity != SEVERITY_ERROR)
        i++;
    return session->diagnostics.items[i];
}

static bool load(struct session *session, const char *path, const char *const *changes, int count,
                 bool *taken, struct failure *failure)
{
    struct arena arena = {0};
    struct input_text *texts = NULL;
    int text_count = 0;
    bool good = session_load(session, path);

    if (good && count) {
        good = farm_change_texts(session->spec->sources, changes, count, taken, &arena, &texts,
                                 &text_count, failure);
        session_close(session);
        inputs_stand_in(texts, text_count);
        if (good)
            good = session_load(session, path);
        inputs_stand_in(NULL, 0);
        if (!good && !session->failure.message[0])
            memset(session, 0, sizeof *session);
    }
    if (!session->spec && session->failure.message[0])
        *failure = session->failure;
    else if (good && session->diagnostics.errors && count)
        good = fail(failure, "%s, with what --set says: %s", path, first_error(session)->message);
    else if (good && session->diagnostics.errors)
        good = fail(failure, "%s has errors: `flowc check` shows them", path);
    arena_free(&arena);
    return good;
}

static void add_revision(struct farm_specs *specs, const struct session *session, int number,
                         const struct product *product)
{
    struct revision *revision = &specs->revisions[specs->revision_count++];
    const char *name = arena_printf(&specs->arena, "spec-%d", number + 1);
    *revision = (struct revision){
        .snapshot = intern_text(&specs->state.names, name),
        .product = intern_text(&specs->state.names, product->base.name),
        .number = intern_text(&specs->state.names, "1"),
        .fingerprint = intern_text(&specs->state.names, name),
        .spec = session->spec,
        .made = product,
        .graphs = ARENA_ARRAY(&specs->arena, struct graph *, product->sku_count + 1)};
}

/* Of a file that an earlier spec took, too. */
static bool is_there(const struct farm_specs *specs, const struct product *product)
{
    for (int i = 0; i < specs->revision_count; i++)
        if (strcmp(specs->revisions[i].product, product->base.name) == 0)
            return true;
    return false;
}

static bool adopt(struct farm_specs *specs, struct failure *failure)
{
    int count = 0;
    for (int i = 0; i < specs->session_count; i++)
        count += specs->sessions[i].spec->product_count;
    specs->revisions = ARENA_ARRAY(&specs->arena, struct revision, count + 1);
    for (int i = 0; i < specs->session_count; i++)
        for (int k = 0; k < specs->sessions[i].spec->product_count; k++) {
            const struct product *product = specs->sessions[i].spec->products[k];
            if (product->workflow && product->workflow->step_count && !is_there(specs, product))
                add_revision(specs, &specs->sessions[i], i, product);
        }
    struct message admit = {.kind = COMMAND_admit_person, .admit_person = {planner, "admin"}};
    bool good = farm_does(specs, &admit, failure);
    for (int i = 0; i < specs->revision_count && good; i++) {
        struct message adopt = {
            .kind = COMMAND_adopt_spec,
            .adopt_spec = {specs->revisions[i].product, specs->revisions[i].snapshot}};
        good = farm_does(specs, &adopt, failure);
    }
    return good &&
           (specs->revision_count || fail(failure, "there is no product with a workflow in them"));
}

struct farm_specs *farm_specs_open(const char *const *paths, int path_count,
                                   const char *const *changes, int change_count, int64_t now_s,
                                   struct failure *failure)
{
    struct farm_specs *specs = memory_zeroed(1, sizeof *specs);
    bool good = path_count <= FARM_SPECS_AT_MOST ||
                fail(failure, "no more than %d specs at a time", FARM_SPECS_AT_MOST);
    bool *taken = ARENA_ARRAY(&specs->arena, bool, change_count + 1);
    state_open(&specs->state, find, specs);
    specs->now_ms = 1000 * now_s;
    for (int i = 0; i < path_count && good; i++) {
        good = load(&specs->sessions[i], paths[i], changes, change_count, taken, failure);
        specs->session_count++;
    }
    for (int i = 0; i < change_count && good; i++)
        good = taken[i] || fail(failure, "--set %s: no spec here has such a block", changes[i]);
    if (good && adopt(specs, failure))
        return specs;
    farm_specs_close(specs);
    return NULL;
}

const struct state *farm_specs_state(const struct farm_specs *specs)
{
    return &specs->state;
}

void farm_specs_close(struct farm_specs *specs)
{
    if (!specs)
        return;
    state_close(&specs->state);
    while (specs->session_count)
        session_close(&specs->sessions[--specs->session_count]);
    arena_free(&specs->arena);
    arena_free(&specs->scratch);
    free(specs);
}
