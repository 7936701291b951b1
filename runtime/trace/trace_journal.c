#include "trace/trace_journal.h"

#include "base/file.h"

struct taking {
    struct shop_genealogy *shop;
    struct failure *failure;
    bool good;
};

static bool take(const struct journal_event *event, void *data)
{
    struct taking *at = data;
    struct message message;
    struct failure failure;

    at->good =
        message_read(event->body, event->length, true, &at->shop->names, &message, &failure) ||
        fail(at->failure, "event %lld of the journal: %.400s", (long long)event->sequence,
             failure.message);
    if (at->good)
        genealogy_apply(&at->shop->model, event->sequence, event->time_ms, &message);
    return at->good;
}

bool shop_genealogy_open(struct shop_genealogy *shop, const char *folder, struct failure *failure)
{
    struct taking at = {shop, failure, true};
    *shop = (struct shop_genealogy){0};
    interner_open(&shop->names, &shop->arena);
    genealogy_open(&shop->model, &shop->names);
    const char *path = path_join(&shop->arena, folder, "journal.db");
    if (!file_exists(path))
        return fail(failure, "%s holds no shop; `flowd init %s` makes one", folder, folder);
    struct journal *journal = journal_open(path, JOURNAL_READ, failure);
    bool good = journal && journal_read(journal, 1, take, &at, failure) && at.good;
    journal_close(journal);
    return good;
}

void shop_genealogy_close(struct shop_genealogy *shop)
{
    genealogy_close(&shop->model);
    interner_close(&shop->names);
    arena_free(&shop->arena);
}
