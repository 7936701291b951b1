/* Documents that verbs of this program make: which verb, with which arguments (clerk.c runs them). */
#include "station/api.h"
#include "station/body.h"

#include <string.h>

enum { WORDS_AT_MOST = 16 };

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

/* A batch keeps its spec: what is drawn once need never be asked for again. */
bool answer_part(const struct api *api, struct inquiry *inquiry)
{
    const char *sku = request_query(&inquiry->request, "sku");
    const char *const verb[] = {
        "flowd", "batch",        "draw", "--part", inquiry->request.arguments[1],
        "--sku", sku ? sku : "", NULL};
    inquiry->reply.lasts = true;
    return is_there(api, inquiry, TABLE(batches), "batch") && ask_verb(api, inquiry, verb);
}

/* ---- on paper ---- */

bool answer_traveler(const struct api *api, struct inquiry *inquiry)
{
    static const char *const verb[] = {"flowd", "batch", "traveler", NULL};
    return is_there(api, inquiry, TABLE(batches), "batch") && ask_verb(api, inquiry, verb);
}

bool answer_labels(const struct api *api, struct inquiry *inquiry)
{
    const char *units = request_query(&inquiry->request, "units");
    const char *const verb[] = {"flowd", "batch", "labels", units ? "--units" : NULL, units, NULL};
    return is_there(api, inquiry, TABLE(batches), "batch") && ask_verb(api, inquiry, verb);
}

bool answer_parcel_label(const struct api *api, struct inquiry *inquiry)
{
    static const char *const verb[] = {"flowd", "parcel", "label", "--form", "4x6.pdf", NULL};
    return is_there(api, inquiry, TABLE(parcels), "parcel") && ask_verb(api, inquiry, verb);
}

bool answer_label_printers(const struct api *api, struct inquiry *inquiry)
{
    const char *const words[] = {"flowd", "parcel", "printers", "--json", "--shop", api->folder};
    enum { COUNT = sizeof words / sizeof *words };
    char **verb = ARENA_ARRAY(&inquiry->arena, char *, COUNT + 1);
    for (int i = 0; i < COUNT; i++)
        verb[i] = arena_printf(&inquiry->arena, "%s", words[i]);
    inquiry->verb = verb;
    inquiry->reply.kind = REPLY_VERB;
    return true;
}

static const char *said(struct inquiry *inquiry, const json_t *root, const char *name)
{
    const char *text = json_string_value(json_object_get(root, name));
    return text ? arena_copy_text(&inquiry->arena, text, strlen(text)) : NULL;
}

/* {"printer":..,"batch":..,"units":..} or {"printer":..,"parcel":..}: only the printer's name is the sender's to say. */
bool print_labels(const struct api *api, struct inquiry *inquiry)
{
    json_t *root = body_read(&inquiry->request, &inquiry->reply);
    if (!root)
        return false;
    const char *printer = said(inquiry, root, "printer"), *batch = said(inquiry, root, "batch");
    const char *parcel = said(inquiry, root, "parcel"), *units = said(inquiry, root, "units");
    json_decref(root);
    if (!printer || !batch == !parcel)
        return problem(&inquiry->reply, 400, "Say `printer`, and `batch` or `parcel`.");
    inquiry->request.arguments[0] = batch ? batch : parcel;
    const char *const verb[] = {"flowd",
                                batch ? "batch" : "parcel",
                                batch ? "labels" : "label",
                                "--json",
                                "--to",
                                printer,
                                units ? "--units" : NULL,
                                units,
                                NULL};
    return is_there(api, inquiry, batch ? TABLE(batches) : TABLE(parcels),
                    batch ? "batch" : "parcel") &&
           ask_verb(api, inquiry, verb);
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

/* ---- the plan ---- */

static bool ask_plan(const struct api *api, struct inquiry *inquiry, int kept,
                     const char *const *output)
{
    struct arena *arena = &inquiry->arena;
    char **words = ARENA_ARRAY(arena, char *, WORDS_AT_MOST);
    const char *const verb[] = {
        "flowd", "plan", "--shop", api->folder, api->farm ? "--farm" : NULL, api->farm};
    int count = 0;

    for (size_t i = 0; i < sizeof verb / sizeof *verb && verb[i]; i++)
        words[count++] = arena_printf(arena, "%s", verb[i]);
    for (; *output; output++)
        words[count++] = arena_printf(arena, "%s", *output);
    inquiry->verb = words;
    inquiry->kept = &api->kept[kept];
    inquiry->kept_event = view_last_event(api->view);
    inquiry->reply.kind = REPLY_VERB;
    return true;
}

bool answer_plan(const struct api *api, struct inquiry *inquiry)
{
    static const char *const output[] = {"--json", NULL};
    return ask_plan(api, inquiry, KEPT_PLAN, output);
}

bool answer_plan_picture(const struct api *api, struct inquiry *inquiry)
{
    static const char *const output[] = {"--gantt", "-", NULL};
    return ask_plan(api, inquiry, KEPT_PLAN_PICTURE, output);
}
