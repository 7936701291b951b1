#include "shop/private.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/rational.h"
#include "engine/decide.h"
#include "shop/uuid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int64_t wall_ms(void *unused)
{
    (void)unused;
    return clock_wall_ms();
}

void shop_set_clock(struct workshop *shop, int64_t (*now_ms)(void *data), void *data)
{
    shop->now_ms = now_ms ? now_ms : wall_ms;
    shop->now_data = data;
}

static int64_t now_ms(struct workshop *shop)
{
    int64_t now = shop->now_ms(shop->now_data);
    if (now > shop->last_ms)
        shop->last_ms = now;
    return shop->last_ms; /* a clock that was set back does not turn the order of things */
}

/* ---- replaying ---- */

struct replaying {
    struct workshop *shop;
    shop_listener *told; /* NULL: the events are applied to the state */
    void *data;
    struct failure *failure;
    bool good;
};

/* What an event goes by must be there before it is applied, which cannot fail. */
static bool specs_are_there(struct workshop *shop, const struct message *event,
                            struct failure *failure)
{
    if (event->kind == EVENT_spec_adopted)
        return shop_revision(shop, event->spec_adopted.snapshot, event->spec_adopted.product,
                             failure) != NULL;
    if (event->kind == EVENT_batch_opened)
        return shop_revision(shop, event->batch_opened.snapshot, event->batch_opened.product,
                             failure) != NULL;
    return true;
}

static bool replay_one(const struct journal_event *event, void *data)
{
    struct replaying *at = data;
    struct workshop *shop = at->shop;
    struct message message;
    struct failure failure;

    at->good =
        message_read(event->body, event->length, true, &shop->state.names, &message, &failure) ||
        fail(at->failure, "event %lld of the journal: %.400s", (long long)event->sequence,
             failure.message);
    if (!at->good)
        return false;
    if (at->told) {
        at->told(event->sequence, event->time_ms, &message, at->data);
        return true;
    }
    at->good = specs_are_there(shop, &message, at->failure) &&
               (event_fits(&shop->state, &message, &failure) ||
                fail(at->failure, "event %lld of the journal: %.400s", (long long)event->sequence,
                     failure.message));
    if (at->good)
        apply(&shop->state, &message, event->time_ms);
    shop->last_ms = event->time_ms;
    return at->good;
}

bool shop_replay(struct workshop *shop, shop_listener *listener, void *data,
                 struct failure *failure)
{
    struct replaying at = {shop, listener, data, failure, true};
    return journal_read(shop->journal, 1, replay_one, &at, failure) && at.good;
}

void shop_listen(struct workshop *shop, shop_listener *listener, void *data)
{
    if (shop->listener_count == LISTENERS_AT_MOST)
        abort();
    shop->listeners[shop->listener_count].told = listener;
    shop->listeners[shop->listener_count++].data = data;
}

/* ---- opening ---- */

static char *journal_path(struct arena *arena, const char *folder)
{
    return path_join(arena, folder, "journal.db");
}

/* Writes the events of a new shop: its first person, by whom everybody else is admitted. */
static bool begin_journal(struct journal *journal, const char *owner, int64_t time_ms,
                          struct failure *failure)
{
    struct buffer body = {0};
    buffer_add_text(&body, "{\"event\":\"person_admitted\",\"person\":\"");
    buffer_add_json(&body, owner, strlen(owner));
    buffer_add_text(&body, "\",\"roles\":\"admin\"}");
    bool good = journal_stage(journal, time_ms, body.text, body.length, failure) != 0 &&
                journal_commit(journal, failure);
    buffer_free(&body);
    return good;
}

/* Customers' addresses are nobody else's business. */
static bool close_to_others(const char *folder, const char *journal, struct failure *failure)
{
    return (chmod(folder, 0700) == 0 && chmod(journal, 0600) == 0) ||
           fail(failure, "%s cannot be closed to others: %s", folder, strerror(errno));
}

bool shop_create(const char *folder, const char *owner, int64_t time_ms, struct failure *failure)
{
    struct arena arena = {0};
    const char *path = journal_path(&arena, folder);
    struct journal *journal = NULL;
    char hash[JOURNAL_HASH_DIGITS + 1];
    bool good = false;

    if (!*owner)
        fail(failure, "a shop has an owner; say who");
    else if (file_exists(path))
        fail(failure, "%s: there is a shop already", folder);
    else if (folder_create(path_join(&arena, folder, "specs"), failure) &&
             (journal = journal_open(path, JOURNAL_WRITE, failure)))
        good = (journal_head(journal, hash) == 0 || /* somebody was faster */
                fail(failure, "%s: there is a shop already", folder)) &&
               begin_journal(journal, owner, time_ms ? time_ms : wall_ms(NULL), failure) &&
               close_to_others(folder, path, failure);
    journal_close(journal);
    arena_free(&arena);
    return good;
}

struct workshop *shop_open(const char *folder, enum journal_mode mode, struct failure *failure)
{
    struct workshop *shop = memory_zeroed(1, sizeof *shop);
    const char *path = journal_path(&shop->arena, folder);

    shop->folder = arena_copy_text(&shop->arena, folder, strlen(folder));
    shop_set_clock(shop, NULL, NULL);
    state_open(&shop->state, shop_find_revision, shop);
    if (!file_exists(path))
        fail(failure, "%s holds no shop; `flowd init %s` makes one", folder, folder);
    else if ((shop->journal = journal_open(path, mode, failure)) &&
             shop_replay(shop, NULL, NULL, failure))
        return shop;
    shop_close(shop);
    return NULL;
}

void shop_close(struct workshop *shop)
{
    if (!shop)
        return;
    journal_close(shop->journal);
    state_close(&shop->state);
    shop_close_specs(shop);
    free(shop->staged);
    arena_free(&shop->deciding);
    arena_free(&shop->arena);
    free(shop);
}

bool shop_is_served(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/flowd.socket", folder);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool served = length < (int)sizeof address.sun_path &&
                  connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
    close(descriptor);
    return served;
}

const struct state *shop_state(const struct workshop *shop)
{
    return &shop->state;
}

struct journal *shop_journal(const struct workshop *shop)
{
    return shop->journal;
}

const char *shop_folder(const struct workshop *shop)
{
    return shop->folder;
}

const char *shop_name(const struct workshop *shop, const char *text)
{
    return intern_text((struct interner *)(uintptr_t)&shop->state.names, text);
}

/* ---- doing ---- */

static struct message as_known(struct workshop *shop, const char *by, const struct message *command)
{
    struct message known = *command;
    const struct message_row *row = &message_rows[command->kind];
    known.by = shop_name(shop, by);
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole)
            known.cells[i].text = shop_name(shop, command->cells[i].text);
    return known;
}

static void remember(struct workshop *shop, int64_t sequence, int64_t time_ms,
                     const struct message *event)
{
    if (shop->staged_count == shop->staged_capacity) {
        shop->staged_capacity = shop->staged_capacity ? 2 * shop->staged_capacity : 64;
        shop->staged =
            memory_resize(shop->staged, sizeof *shop->staged * (size_t)shop->staged_capacity);
    }
    shop->staged[shop->staged_count++] = (struct staged_event){sequence, time_ms, *event};
}

static bool stage_events(struct workshop *shop, const struct decision *decision,
                         struct answer *answer, struct failure *failure)
{
    int64_t time_ms = now_ms(shop);
    struct buffer body = {0};
    bool good = true;

    for (int i = 0; good && i < decision->count; i++) {
        body.length = 0;
        message_write(&body, &decision->events[i]);
        int64_t sequence = journal_stage(shop->journal, time_ms, body.text, body.length, failure);
        good = sequence != 0;
        if (!good)
            break;
        if (i == 0)
            answer->first = sequence;
        answer->last = sequence;
        apply(&shop->state, &decision->events[i], time_ms);
        remember(shop, sequence, time_ms, &decision->events[i]);
    }
    buffer_free(&body);
    return good;
}

static bool stage_answer(struct workshop *shop, const char *id, const struct answer *answer,
                         struct failure *failure)
{
    struct buffer text = {0};
    answer_write(&text, answer);
    bool good = journal_stage_answer(shop->journal, id, text.text, failure);
    buffer_free(&text);
    return good;
}

/* Whether the command came before; then the answer is what it was answered. */
static bool came_before(struct workshop *shop, const char *id, struct answer *answer)
{
    char *before = journal_answer(shop->journal, id);
    bool there = before && answer_read(before, strlen(before), answer);
    free(before);
    answer->repeated = there;
    return there;
}

/* The disk has the last word: what was staged did not happen, so the state is made again from what did. */
static void recover(struct workshop *shop)
{
    struct failure failure;
    shop->staged_count = 0;
    state_forget(&shop->state);
    if (!shop_replay(shop, NULL, NULL, &failure)) {
        fprintf(stderr, "flowd: %s\n",
                failure.message); /* neither written nor read: nothing is safe */
        abort();
    }
}

static void decide_it(struct workshop *shop, const char *by, const struct message *command,
                      struct decision *decision)
{
    struct message known = as_known(shop, by, command);
    arena_clear(&shop->deciding);
    if (known.kind ==
        COMMAND_adopt_spec) /* compiled now, so that its numbers outlive what is decided */
        shop_revision(shop, known.adopt_spec.snapshot, known.adopt_spec.product, NULL);
    const void *numbers = rational_mark();
    decide(&shop->state, &known, &shop->deciding, decision);
    rational_release_since(numbers);
}

/* A line of a spec is known by the file's name in it, not by where the copy stands that it was kept in. */
static void copy_place(const struct decision *decision, struct answer *answer)
{
    const char *kept = strstr(decision->place, "/spec/");
    if (!kept)
        kept = strstr(decision->place, "/modules/");
    snprintf(answer->place, sizeof answer->place, "%s",
             kept ? strchr(kept + 1, '/') + 1 : decision->place);
}

bool shop_stage(struct workshop *shop, const char *id, const char *by,
                const struct message *command, struct answer *answer, struct failure *failure)
{
    struct decision decision;

    *answer = (struct answer){.last = -1};
    if (id && !uuid_is(id)) {
        snprintf(answer->refusal, sizeof answer->refusal, "`%.60s` is no UUID", id);
        return true;
    }
    if (id && came_before(shop, id, answer))
        return true;
    decide_it(shop, by, command, &decision);
    answer->accepted = decision.accepted;
    strcpy(answer->refusal, decision.refusal);
    strcpy(answer->said, decision.said);
    copy_place(&decision, answer);
    bool good = !decision.accepted || stage_events(shop, &decision, answer, failure);
    if (good && (!id || stage_answer(shop, id, answer, failure)))
        return true;
    recover(shop);
    return false;
}

bool shop_commit(struct workshop *shop, struct failure *failure)
{
    if (!journal_commit(shop->journal, failure)) {
        recover(shop);
        return false;
    }
    int count = shop->staged_count;
    shop->staged_count = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < shop->listener_count; k++)
            shop->listeners[k].told(shop->staged[i].sequence, shop->staged[i].time_ms,
                                    &shop->staged[i].message, shop->listeners[k].data);
    return true;
}

bool shop_do(struct workshop *shop, const char *id, const char *by, const struct message *command,
             struct answer *answer, struct failure *failure)
{
    return shop_stage(shop, id, by, command, answer, failure) && shop_commit(shop, failure);
}
