#include "station/view.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECENT_COUNT = 2048
}; /* events that followers get without asking the journal; a power of two */

struct recent {
    int64_t sequence, time_ms; /* 0: none yet */
    struct buffer body;
};

struct view {
    pthread_rwlock_t lock; /* of all that follows, but for the last two */
    struct workshop *shop;
    struct state state;
    struct genealogy genealogy; /* its names are the state's */
    struct tally tally;
    struct telemetry *telemetry;        /* likewise */
    struct table revisions;             /* copies of the shop's, by snapshot and product */
    struct recent recent[RECENT_COUNT]; /* by sequence */
    bool changing;                      /* the writer holds the lock */
    _Atomic int64_t last_event;
    pthread_mutex_t journal_lock;
    struct journal *journal; /* a second door to it, for reading */
};

/* ---- revisions: the shop's, with names of our own ---- */

static struct revision *copy_revision(struct state *state, const struct revision *original)
{
    struct revision *copy = ARENA_NEW(&state->arena, struct revision);
    *copy = *original;
    copy->snapshot = intern_text(&state->names, original->snapshot);
    copy->product = intern_text(&state->names, original->product);
    copy->number = intern_text(&state->names, original->number);
    copy->fingerprint = intern_text(&state->names, original->fingerprint);
    copy->lane = intern_text(&state->names, original->lane);
    return copy;
}

/* Called by apply, with names of this state. */
static const struct revision *find_copy(const char *snapshot, const char *product, void *data)
{
    struct view *view = data;
    struct revision *copy = table_get(&view->revisions, snapshot, product);
    if (copy)
        return copy;
    const struct revision *original = shop_revision(view->shop, snapshot, product, NULL);
    if (!original)
        return NULL;
    copy = copy_revision(&view->state, original);
    table_put(&view->revisions, copy->snapshot, copy->product, copy);
    return copy;
}

/* ---- following the writer ---- */

static void on_event(int64_t sequence, int64_t time_ms, const struct message *event, void *data)
{
    struct view *view = data;
    struct message own = *event;
    const struct message_row *row = &message_rows[event->kind];
    struct recent *recent = &view->recent[sequence % RECENT_COUNT];

    if (!view->changing)
        pthread_rwlock_wrlock(&view->lock);
    view->changing = true;
    own.by = intern_text(&view->state.names, event->by);
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole)
            own.cells[i].text = intern_text(&view->state.names, event->cells[i].text);
    apply(&view->state, &own, time_ms);
    genealogy_apply(&view->genealogy, sequence, time_ms, &own);
    telemetry_event(view->telemetry, &view->state, sequence, time_ms, &own);
    tally_event(&view->tally, &view->state, time_ms, &own);
    recent->sequence = sequence;
    recent->time_ms = time_ms;
    buffer_clear(&recent->body);
    message_write(&recent->body, event);
    atomic_store(&view->last_event, sequence);
}

bool view_publish(struct view *view)
{
    bool changed = view->changing;
    view->changing = false;
    if (changed)
        pthread_rwlock_unlock(&view->lock);
    return changed;
}

/* ---- opening and closing ---- */

static void open_lock(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    /* Hundreds of readers must not keep the one writer waiting. */
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
}

struct view *view_open(struct workshop *shop, struct failure *failure)
{
    struct view *view = memory_zeroed(1, sizeof *view);
    char path[4096];

    view->shop = shop;
    open_lock(&view->lock);
    pthread_mutex_init(&view->journal_lock, NULL);
    state_open(&view->state, find_copy, view);
    genealogy_open(&view->genealogy, &view->state.names);
    view->telemetry = telemetry_open();
    snprintf(path, sizeof path, "%s/journal.db", shop_folder(shop));
    view->journal = journal_open(path, JOURNAL_READ, failure);
    bool good = view->journal && shop_replay(shop, on_event, view, failure);
    view_publish(view);
    if (!good) {
        view_close(view);
        return NULL;
    }
    telemetry_go_live(view->telemetry);
    shop_listen(shop, on_event, view);
    return view;
}

void view_close(struct view *view)
{
    journal_close(view->journal);
    telemetry_close(view->telemetry);
    genealogy_close(&view->genealogy);
    state_close(&view->state);
    table_free(&view->revisions);
    for (int i = 0; i < RECENT_COUNT; i++)
        buffer_free(&view->recent[i].body);
    pthread_rwlock_destroy(&view->lock);
    pthread_mutex_destroy(&view->journal_lock);
    free(view);
}

/* ---- reading ---- */

const struct state *view_begin(struct view *view, int64_t *last_event)
{
    pthread_rwlock_rdlock(&view->lock);
    *last_event = view->last_event;
    return &view->state;
}

const struct genealogy *view_genealogy(const struct view *view)
{
    return &view->genealogy;
}

const struct tally *view_tally(const struct view *view)
{
    return &view->tally;
}

struct telemetry *view_telemetry(const struct view *view)
{
    return view->telemetry;
}

void view_end(struct view *view)
{
    pthread_rwlock_unlock(&view->lock);
}

int64_t view_last_event(const struct view *view)
{
    return atomic_load(&view->last_event);
}

/* Those that are kept here; false where the first that is wanted is older. */
static bool recent_events(struct view *view, int64_t after, int most, write_event *write,
                          struct buffer *out, int64_t *last)
{
    pthread_rwlock_rdlock(&view->lock);
    int64_t head = view->last_event;
    bool kept = after >= head || view->recent[(after + 1) % RECENT_COUNT].sequence == after + 1;
    for (; kept && *last < head && *last - after < most; ++*last) {
        const struct recent *recent = &view->recent[(*last + 1) % RECENT_COUNT];
        write(out, recent->sequence, recent->time_ms, recent->body.text, recent->body.length);
    }
    pthread_rwlock_unlock(&view->lock);
    return kept;
}

struct gathering {
    write_event *write;
    struct buffer *out;
    int64_t last, until;
};

static bool gather(const struct journal_event *event, void *data)
{
    struct gathering *gathering = data;
    if (event->sequence > gathering->until)
        return false;
    gathering->write(gathering->out, event->sequence, event->time_ms, event->body, event->length);
    gathering->last = event->sequence;
    return true;
}

bool view_events(struct view *view, int64_t after, int most, write_event *write, struct buffer *out,
                 int64_t *last, struct failure *failure)
{
    *last = after;
    if (recent_events(view, after, most, write, out, last))
        return true;
    /* Never further than the view: what is durable but not published yet comes in its turn. */
    int64_t head = view_last_event(view);
    struct gathering gathering = {write, out, after, after + most < head ? after + most : head};
    pthread_mutex_lock(&view->journal_lock);
    bool good = journal_read(view->journal, after + 1, gather, &gathering, failure);
    pthread_mutex_unlock(&view->journal_lock);
    *last = gathering.last;
    return good;
}
