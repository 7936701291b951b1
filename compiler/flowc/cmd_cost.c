/* flowc cost PATH --quantity N [--product P] [--sku S] [--format human|json]: what products cost, and where the
   money goes. */
#include "cost/cost.h"
#include "flowc/flowc.h"
#include "quality/sampling.h"

#include <stdio.h>
#include <string.h>

enum { QUANTITY_AT_MOST = 1000000000 };

struct request {
    const char *path, *product, *sku; /* product and sku NULL: all */
    struct rational quantity;
    bool json;
};

/* ---- the command line ---- */

static bool read_quantity(const char *text, struct rational *quantity)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0' &&
           rational_parse(text, strlen(text), quantity) && rational_sign(*quantity) > 0 &&
           rational_compare(*quantity, rational_integer(QUANTITY_AT_MOST)) <= 0;
}

/* EXIT_USAGE after a message; *done where --help was all. */
static int read_request(int argc, char **argv, struct request *request, bool *done)
{
    const struct verb *verb = verb_find("cost");
    const char *format = "human";
    const char *quantity = NULL;
    const struct option_row options[] = {{"--quantity", true, &quantity, NULL},
                                         {"--product", true, &request->product, NULL},
                                         {"--sku", true, &request->sku, NULL},
                                         {"--format", true, &format, NULL}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof options[0], done);

    if (count < 0 || *done)
        return count < 0 ? EXIT_USAGE : EXIT_CLEAN;
    request->json = strcmp(format, "json") == 0;
    if (count == 0)
        return usage_error(verb, "which file?");
    if (count > 1)
        return usage_error(verb, "one file at a time; `%s` is too many", argv[2]);
    if (!quantity)
        return usage_error(verb, "how many? `--quantity` is missing");
    if (!read_quantity(quantity, &request->quantity))
        return usage_error(verb, "--quantity wants a whole number from 1 to %d, not `%s`",
                           QUANTITY_AT_MOST, quantity);
    if (!request->json && strcmp(format, "human") != 0)
        return usage_error(verb, "there is no format `%s`; it is human or json", format);
    request->path = argv[1];
    return EXIT_CLEAN;
}

/* ---- which products and SKUs ---- */

static bool is_asked(const struct request *request, const struct product *product)
{
    return !request->product || strcmp(request->product, product->base.name) == 0;
}

/* Says that no product has the SKU, and which one comes nearest. */
static void refuse_sku(const struct spec *spec, const struct request *request, struct arena *arena)
{
    const char *best = NULL;
    int nearest = 0;
    int offered = 0;

    for (int p = 0; p < spec->product_count; p++)
        for (long i = 0; is_asked(request, spec->products[p]) && i < spec->products[p]->sku_count &&
                         offered < SKUS_AT_MOST;
             i++, offered++) {
            struct sku sku;
            sku_at(spec->products[p], i, &sku);
            const char *code = sku_code(spec, &sku, arena);
            int distance = edit_distance(request->sku, code);
            if (!best || distance < nearest) {
                best = code;
                nearest = distance;
            }
        }
    complain("%s has no SKU `%s`", request->path, request->sku);
    if (best && close_enough(request->sku, nearest))
        fprintf(stderr, "did you mean `--sku %s`?\n", best);
}

/* The SKUs asked for, products as declared, the last axis turning fastest. */
static struct sku *list_skus(const struct spec *spec, const struct request *request, long *count,
                             struct arena *arena)
{
    long room = 0;

    for (int p = 0; p < spec->product_count && room <= SKUS_AT_MOST; p++)
        if (is_asked(request, spec->products[p]))
            room += request->sku ? 1 : spec->products[p]->sku_count;
    *count = 0;
    if (room > SKUS_AT_MOST)
        room = SKUS_AT_MOST + 1;
    struct sku *skus = ARENA_ARRAY(arena, struct sku, room);
    for (int p = 0; p < spec->product_count; p++) {
        const struct product *product = spec->products[p];
        if (!is_asked(request, product))
            continue;
        if (request->sku) {
            *count += *count < room && sku_find(spec, product, request->sku, &skus[*count]);
            continue;
        }
        for (long i = 0; i < product->sku_count && *count < room; i++)
            sku_at(product, i, &skus[(*count)++]);
    }
    return skus;
}

/* ---- whether there is anything to reckon with ---- */

/* Figures of a spec that could not be read as it was meant would be wrong; one that, say, sells at a loss has figures,
   and they are what its writer needs. */
static bool figures_hold(const struct diagnostics *list)
{
    static const char *const families[] = {"reading", "names", "units", "variants", "graph"};

    for (int i = 0; i < list->count; i++)
        for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
            if (list->items[i]->severity == SEVERITY_ERROR &&
                strcmp(rule_rows[list->items[i]->rule].family, families[f]) == 0)
                return false;
    return true;
}

/* A plan by AQL needs the tables. */
static bool tables_are_there(const struct spec *spec, struct failure *failure)
{
    for (int p = 0; p < spec->product_count; p++) {
        const struct workflow *workflow = spec->products[p]->workflow;
        for (int i = 0; workflow && i < workflow->step_count; i++) {
            const struct sample *sample = workflow->steps[i]->sample;
            if (sample && (sample->form == SAMPLE_AQL || sample->form == SAMPLE_ZERO_AQL))
                return sampling_ready(failure);
        }
    }
    return true;
}

/* ---- the answer ---- */

static void draw_json(struct buffer *out, const struct spec *spec, const struct request *request,
                      const struct sku *skus, long count)
{
    buffer_add_text(out, "{\n \"format_version\": \"1.0\",\n \"costs\": [");
    for (long i = 0; i < count; i++) {
        struct arena arena = {0};
        struct cost_sheet sheet;
        cost_reckon(spec, &skus[i], request->quantity, &arena, &sheet);
        buffer_add_text(out, i > 0 ? ",\n" : "\n");
        cost_print_json(out, spec, &sheet);
        arena_free(&arena);
    }
    buffer_add_text(out, count > 0 ? "\n ]\n}\n" : "]\n}\n");
}

static void draw_human(struct buffer *out, const struct spec *spec, const struct request *request,
                       const struct sku *skus, long count)
{
    struct arena arena = {0};
    struct cost_sheet *sheets = ARENA_ARRAY(&arena, struct cost_sheet, count);
    bool color = color_wanted(false);

    for (long i = 0; i < count; i++) {
        cost_reckon(spec, &skus[i], request->quantity, &arena, &sheets[i]);
        if (i > 0)
            buffer_add_text(out, "\n\n");
        cost_print_human(out, spec, &sheets[i], color);
        cost_print_batch_sizes(out, spec, &skus[i], color);
    }
    if (count == 0)
        buffer_addf(out, "%s has no product\n", request->path);
    if (count > 1) {
        buffer_add_char(out, '\n');
        cost_print_overview(out, spec, sheets, (int)count, color);
    }
    arena_free(&arena);
}

static int answer(struct session *session, const struct request *request)
{
    const struct spec *spec = session->spec;
    bool errors = session_show(session, true);
    struct buffer out = {0};
    long count;

    if (!figures_hold(&session->diagnostics))
        return EXIT_FINDINGS;
    if (request->product && !session_product(session, request->product))
        return EXIT_USAGE;
    const struct sku *skus = list_skus(spec, request, &count, &session->arena);
    if (request->sku && count == 0) {
        refuse_sku(spec, request, &session->arena);
        return EXIT_USAGE;
    }
    if (count > SKUS_AT_MOST) {
        complain("%s has more than %d SKUs; ask for one with --sku", request->path, SKUS_AT_MOST);
        return EXIT_USAGE;
    }
    if (!tables_are_there(spec, &session->failure)) {
        complain("%s", session->failure.message);
        return EXIT_ENVIRONMENT;
    }
    (request->json ? draw_json : draw_human)(&out, spec, request, skus, count);
    bool written = print_out(&out);
    buffer_free(&out);
    if (!written)
        return EXIT_ENVIRONMENT;
    return errors ? EXIT_FINDINGS : EXIT_CLEAN;
}

int cmd_cost(int argc, char **argv)
{
    struct request request = {.path = NULL};
    struct session session;
    bool done;
    int status = read_request(argc, argv, &request, &done);

    if (done || status != EXIT_CLEAN)
        return status;
    status = session_open(&session, request.path) ? answer(&session, &request) : EXIT_ENVIRONMENT;
    session_close(&session);
    return status;
}
