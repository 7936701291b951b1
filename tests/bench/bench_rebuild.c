/* How long it takes to rebuild the state from a journal of so many events: batches of 24 desk hooks, made step by step as a
   shop would. Apart: reading the file, reading the messages, applying them. usage: bench_rebuild [EVENTS]
   in the folder it is run from; FLOW_SPECS as for flowc; the second argument is the spec. */
#include "base/file.h"
#include "emit/emit.h"
#include "engine/decide.h"
#include "spec/spec.h"
#include "store/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct failure failure;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void give_up(const char *what)
{
    fprintf(stderr, "bench_rebuild: %s\n", what);
    exit(3);
}

/* ---- the spec ---- */

struct bench {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct spec *spec;
    struct revision revision;
    struct state state;
    int64_t applied;
};

static const struct revision *find(const char *snapshot, const char *product, void *data)
{
    (void)snapshot, (void)product;
    return &((struct bench *)data)->revision;
}

static void open_state(struct bench *shop)
{
    state_open(&shop->state, find, shop);
    const struct product *made = shop->spec->products[0];
    shop->revision = (struct revision){
        .snapshot = intern_text(&shop->state.names, "s"),
        .product = intern_text(&shop->state.names, made->base.name),
        .number = intern_text(&shop->state.names, "C"),
        .fingerprint = intern_text(&shop->state.names, "f"),
        .spec = shop->spec,
        .made = made,
        .graphs = ARENA_ARRAY(&shop->arena, struct graph *, made->sku_count),
    };
    shop->applied = 0;
}

static void open_shop(struct bench *shop, const char *path)
{
    *shop = (struct bench){0};
    interner_open(&shop->names, &shop->arena);
    source_set_open(&shop->sources, &shop->arena);
    shop->diagnostics.arena = &shop->arena;
    shop->spec =
        spec_load(path, &shop->arena, &shop->names, &shop->sources, &shop->diagnostics, &failure);
    if (!shop->spec || shop->diagnostics.errors || !shop->spec->product_count)
        give_up("the spec cannot be read; name desk_hook.flow of tests/contract");
    open_state(shop);
}

/* ---- a journal ---- */

struct making {
    struct bench *shop;
    struct journal *journal;
    struct arena arena;
    struct buffer text;
    int64_t count, most;
};

static void add(struct making *at, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct making *at, const char *format, ...)
{
    struct message command;
    struct decision decision;
    va_list arguments;
    if (at->count >= at->most)
        return;
    buffer_clear(&at->text);
    va_start(arguments, format);
    buffer_vaddf(&at->text, format, arguments);
    va_end(arguments);
    if (!message_read(at->text.text, at->text.length, false, &at->shop->state.names, &command,
                      &failure))
        give_up(failure.message);
    decide(&at->shop->state, &command, &at->arena, &decision);
    if (!decision.accepted)
        give_up(decision.refusal);
    for (int i = 0; i < decision.count; i++) {
        apply(&at->shop->state, &decision.events[i], at->count);
        buffer_clear(&at->text);
        message_write(&at->text, &decision.events[i]);
        if (!journal_stage(at->journal, 1600000000000 + at->count, at->text.text, at->text.length,
                           &failure))
            give_up(failure.message);
        at->count++;
    }
    arena_clear(&at->arena);
}

#define BY "\"by\":\"anna\""

static void leave(struct making *at, int batch, const char *step, int first, int count)
{
    add(at,
        "{\"command\":\"leave_step\"," BY ",\"batch\":\"B-%d\",\"step\":\"%s\",\"first\":%d,"
        "\"count\":%d,\"outcome\":\"pass\"}",
        batch, step, first, count);
}

static void judge(struct making *at, int batch, const char *step, int unit, const char *check)
{
    add(at,
        "{\"command\":\"judge_check\"," BY ",\"batch\":\"B-%d\",\"step\":\"%s\",\"unit\":%d,"
        "\"check\":\"%s\",\"good\":1}",
        batch, step, unit, check);
}

static void measure(struct making *at, int batch, const char *step, int unit, const char *part,
                    const char *dimension, const char *value)
{
    add(at,
        "{\"command\":\"measure\"," BY ",\"batch\":\"B-%d\",\"step\":\"%s\",\"unit\":%d,"
        "\"part\":\"%s\",\"dimension\":\"%s\",\"value\":\"%s\"}",
        batch, step, unit, part, dimension, value);
}

static void use(struct making *at, int batch, const char *step, const char *lot)
{
    add(at,
        "{\"command\":\"use_lot\"," BY ",\"batch\":\"B-%d\",\"step\":\"%s\",\"lot\":\"%s\","
        "\"amount\":\"1\"}",
        batch, step, lot);
}

static void make_batch(struct making *at, int batch)
{
    add(at,
        "{\"command\":\"take_line\"," BY ",\"order\":\"O-%d\",\"line\":\"1\",\"product\":"
        "\"desk_hook\",\"sku\":\"DH-100-black-small\",\"count\":24}",
        batch);
    add(at,
        "{\"command\":\"open_batch\"," BY ",\"batch\":\"B-%d\",\"product\":\"desk_hook\","
        "\"purpose\":\"sample\"}",
        batch);
    add(at,
        "{\"command\":\"add_units\"," BY ",\"batch\":\"B-%d\",\"sku\":\"DH-100-black-small\","
        "\"count\":24,\"order\":\"O-%d\",\"line\":\"1\"}",
        batch, batch);
    add(at, "{\"command\":\"start_batch\"," BY ",\"batch\":\"B-%d\"}", batch);
    leave(at, batch, "collect", 1, 24);
    use(at, batch, "plate", "SP-1");
    leave(at, batch, "plate", 1, 24);
    judge(at, batch, "screen", 0, "count");
    for (int unit = 1; unit <= 24; unit++) { /* at the bench they go one by one */
        judge(at, batch, "screen", unit, "surface");
        measure(at, batch, "screen", unit, "hook", "bore", "4.3");
        leave(at, batch, "screen", unit, 1);
        leave(at, batch, "cleanup", unit, 1);
    }
    use(at, batch, "inserts", "IN-1");
    use(at, batch, "inserts", "MA-1");
    leave(at, batch, "inserts", 1, 24);
    judge(at, batch, "first_piece", 1, "fit");
    leave(at, batch, "first_piece", 1, 24);
    for (int unit = 1; unit <= 13; unit++) {
        measure(at, batch, "final", unit, "cap", "pocket", "10.1");
        measure(at, batch, "final", unit, "hook", "width", "30.2");
        judge(at, batch, "final", unit, "pull");
    }
    leave(at, batch, "final", 1, 24);
    judge(at, batch, "box", 0, "count");
    leave(at, batch, "box", 1, 24);
    leave(at, batch, "out", 1, 24);
}

static void make_journal(struct bench *shop, const char *path, int64_t events)
{
    static const char *const begins[] = {
        "{\"command\":\"admit_person\"," BY ",\"person\":\"anna\",\"roles\":\"admin\"}",
        "{\"command\":\"adopt_spec\"," BY ",\"product\":\"desk_hook\",\"snapshot\":\"s\"}",
        "{\"command\":\"receive_lot\"," BY ",\"lot\":\"SP-1\",\"what\":\"pla_black\"}",
        "{\"command\":\"receive_lot\"," BY ",\"lot\":\"IN-1\",\"what\":\"m3_insert\"}",
        "{\"command\":\"receive_lot\"," BY ",\"lot\":\"MA-1\",\"what\":\"magnet_10x3\"}"};
    struct making at = {.shop = shop, .most = events};
    at.journal = journal_open(path, JOURNAL_WRITE, &failure);
    if (!at.journal)
        give_up(failure.message);
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        add(&at, "%s", begins[i]);
    for (int batch = 1; at.count < at.most; batch++)
        make_batch(&at, batch);
    if (!journal_commit(at.journal, &failure))
        give_up(failure.message);
    journal_close(at.journal);
    buffer_free(&at.text);
    arena_free(&at.arena);
    state_close(&shop->state);
}

/* ---- rebuilding ---- */

static bool look(const struct journal_event *event, void *data)
{
    *(int64_t *)data += (int64_t)event->length;
    return true;
}

static bool read_only(const struct journal_event *event, void *data)
{
    struct message message;
    struct bench *shop = data;
    return message_read(event->body, event->length, true, &shop->state.names, &message, &failure);
}

static bool read_and_apply(const struct journal_event *event, void *data)
{
    struct message message;
    struct bench *shop = data;
    if (!message_read(event->body, event->length, true, &shop->state.names, &message, &failure) ||
        !event_fits(&shop->state, &message, &failure))
        give_up(failure.message);
    apply(&shop->state, &message, event->time_ms);
    shop->applied++;
    return true;
}

static double time_reading(struct bench *shop, journal_visit *visit, void *data)
{
    struct journal *journal = journal_open("bench.rebuild", JOURNAL_READ, &failure);
    double begun = seconds();
    if (!journal || !journal_read(journal, 1, visit, data, &failure))
        give_up(failure.message);
    double took = seconds() - begun;
    journal_close(journal);
    (void)shop;
    return took;
}

int main(int argc, char **argv)
{
    int64_t events = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000, bytes = 0;
    const char *spec = argc > 2 ? argv[2] : "tests/contract/desk-hook/desk_hook.flow";
    static const char *const files[] = {"bench.rebuild", "bench.rebuild-wal", "bench.rebuild-shm",
                                        "bench.rebuild.lock"};
    struct bench shop;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    open_shop(&shop, spec);
    make_journal(&shop, "bench.rebuild", events);
    double file = time_reading(&shop, look, &bytes);
    open_state(&shop);
    double messages = time_reading(&shop, read_only, &shop) - file;
    state_close(&shop.state);
    open_state(&shop);
    double all = time_reading(&shop, read_and_apply, &shop);
    printf("%lld events, %lld bytes each: rebuilt in %.2f s (file %.2f, messages %.2f, state "
           "%.2f)\n",
           (long long)shop.applied, (long long)(bytes / events), all, file, messages,
           all - file - messages);
    state_close(&shop.state);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    return 0;
}
