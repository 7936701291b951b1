/* Documents that verbs of this program make: which verb, with which arguments (clerk.c runs them). */
#include "station/api.h"

#include <string.h>

enum { WORDS_AT_MOST = 12 };

/* The words of a command line up to NULL, then `--`, behind which a name is a name whatever it begins with. */
static bool ask_verb(const struct api *api, struct inquiry *inquiry, const char *const *verb)
{
    const char *const ends[] = {"--shop", api->folder, "--", inquiry->request.arguments[0]};
    char **words = ARENA_ARRAY(&inquiry->arena, char *, WORDS_AT_MOST);
    int count = 0;

    for (; *verb; verb++)
        words[count++] = arena_printf(&inquiry->arena, "%s", *verb);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        words[count++] = arena_printf(&inquiry->arena, "%s", ends[i]);
    inquiry->verb = words;
    inquiry->reply.kind = REPLY_VERB;
    return true;
}

static bool is_there(const struct api *api, struct inquiry *inquiry, size_t table, const char *what)
{
    const char *text = inquiry->request.arguments[0];
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);
    const char *name = intern_find(&state->names, text, strlen(text));
    const struct table *things = (const struct table *)((const char *)state + table);
    bool there = name && table_get(things, name, NULL);
    view_end(api->view);
    return there || problem(&inquiry->reply, 404, "There is no %s %s.", what, text);
}

bool answer_record(const struct api *api, struct inquiry *inquiry)
{
    static const char *const verb[] = {"flowd", "batch", "record", "--json", NULL};
    return is_there(api, inquiry, TABLE(batches), "batch") && ask_verb(api, inquiry, verb);
}

bool answer_record_pages(const struct api *api, struct inquiry *inquiry)
{
    static const char *const verb[] = {"flowd", "batch", "record", "-o", "/dev/stdout", NULL};
    return is_there(api, inquiry, TABLE(batches), "batch") && ask_verb(api, inquiry, verb);
}

bool answer_actuals(const struct api *api, struct inquiry *inquiry)
{
    static const char *const verb[] = {"flowd", "actuals", "--json", NULL};
    return is_there(api, inquiry, TABLE(products), "product") && ask_verb(api, inquiry, verb);
}

bool answer_actuals_patch(const struct api *api, struct inquiry *inquiry)
{
    static const char *const verb[] = {"flowd", "actuals", "--patch", NULL};
    return is_there(api, inquiry, TABLE(products), "product") && ask_verb(api, inquiry, verb);
}
