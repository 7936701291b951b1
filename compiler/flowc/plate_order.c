#include "flowc/plate_order.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_AT_MOST = 5000, TURNS_AT_MOST = 64 };

/* ---- the command line ---- */

/* "2mm", "2 mm" or "2": millimetres. */
static bool read_mm(const char *text, double *mm)
{
    char *end;
    *mm = strtod(text, &end);
    if (end == text)
        return false;
    end += strspn(end, " ");
    return (*end == '\0' || strcmp(end, "mm") == 0) && *mm >= 0 && *mm <= 1000;
}

static bool read_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0' && *number >= least && *number <= most;
}

static bool read_effort(const char *text, uint64_t *effort)
{
    static const struct {
        const char *word;
        uint64_t effort;
    } words[] = {{"quick", EFFORT_QUICK}, {"good", EFFORT_GOOD}, {"best", EFFORT_BEST}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0) {
            *effort = words[i].effort;
            return true;
        }
    return read_number(text, 1, UINT64_C(1000000000000), effort);
}

/* Those of the machine, besides what the command line says. */
static void add_machines_keep_outs(struct plate_order *order)
{
    struct packing_request *request = &order->request;
    uint32_t count = request->keep_out_count + order->bed.keep_out_count;
    struct bed_area *areas = ARENA_ARRAY(order->arena, struct bed_area, (int)count + 1);
    for (uint32_t i = 0; i < count; i++)
        areas[i] = i < request->keep_out_count ? request->keep_outs[i]
                                               : order->bed.keep_outs[i - request->keep_out_count];
    request->keep_outs = areas;
    request->keep_out_count = count;
}

/* "X,Y,WIDTH,DEPTH", several with ";" between. */
static bool read_keep_outs(struct plate_order *order, const char *text)
{
    struct bed_area *areas = ARENA_ARRAY(order->arena, struct bed_area, KEEP_OUTS_AT_MOST);
    order->request.keep_outs = areas;
    while (*text) {
        double numbers[4];
        char *end;
        for (int i = 0; i < 4; i++) {
            numbers[i] = strtod(text, &end);
            bool last = i == 3;
            if (end == text || (!last && *end != ',') || (last && *end && *end != ';'))
                return false;
            text = *end ? end + 1 : end;
        }
        if (!(numbers[2] > 0 && numbers[3] > 0) ||
            order->request.keep_out_count == KEEP_OUTS_AT_MOST)
            return false;
        areas[order->request.keep_out_count++] = (struct bed_area){
            {numbers[0], numbers[1]}, {numbers[0] + numbers[2], numbers[1] + numbers[3]}};
    }
    return order->request.keep_out_count > 0;
}

struct words {
    const char *clearance, *brim, *turns, *keep_outs, *effort, *seed, *format;
};

static int read_words(struct plate_order *order, const struct verb *verb, const struct words *words)
{
    struct packing_request *request = &order->request;
    uint64_t turns;
    if (!read_mm(words->clearance, &request->clearance_mm))
        return usage_error(verb, "--clearance wants a length such as 2mm, not `%s`",
                           words->clearance);
    if (!read_mm(words->brim, &request->brim_mm))
        return usage_error(verb, "--brim wants a length such as 5mm, not `%s`", words->brim);
    if (!read_number(words->turns, 1, TURNS_AT_MOST, &turns) || (turns != 1 && turns % 4))
        return usage_error(verb, "--turns is 1, 4, 8, 12 ... or %d, not `%s`", TURNS_AT_MOST,
                           words->turns);
    request->turns = (uint32_t)turns;
    if (words->keep_outs && !read_keep_outs(order, words->keep_outs))
        return usage_error(
            verb, "--keep-out wants X,Y,WIDTH,DEPTH in mm, several with ; between, not `%s`",
            words->keep_outs);
    if (!read_effort(words->effort, &request->effort))
        return usage_error(verb, "--effort is quick, good, best or a number, not `%s`",
                           words->effort);
    if (!read_number(words->seed, 0, UINT64_MAX, &request->seed))
        return usage_error(verb, "--seed wants a whole number, not `%s`", words->seed);
    order->json = strcmp(words->format, "json") == 0;
    if (!order->json && strcmp(words->format, "human") != 0)
        return usage_error(verb, "there is no format `%s`; it is human or json", words->format);
    return EXIT_CLEAN;
}

int plate_order_read(struct plate_order *order, int argc, char **argv, bool *done)
{
    const struct verb *verb = verb_find("plate");
    struct words words = {"2mm", "0mm", "4", NULL, "quick", "1", "human"};
    const struct option_row options[] = {{"--product", true, &order->product, NULL},
                                         {"--sku", true, &order->sku, NULL},
                                         {"--step", true, &order->step_name, NULL},
                                         {"--machine", true, &order->machine_name, NULL},
                                         {"--count", true, &order->counts, NULL},
                                         {"--clearance", true, &words.clearance, NULL},
                                         {"--brim", true, &words.brim, NULL},
                                         {"--turns", true, &words.turns, NULL},
                                         {"--keep-out", true, &words.keep_outs, NULL},
                                         {"--effort", true, &words.effort, NULL},
                                         {"--seed", true, &words.seed, NULL},
                                         {"--format", true, &words.format, NULL},
                                         {"--output", true, &order->folder, NULL},
                                         {"-o", true, &order->folder, NULL}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, done);
    if (count < 0 || *done)
        return count < 0 ? EXIT_USAGE : EXIT_CLEAN;
    if (count != 1)
        return usage_error(verb, count ? "one spec at a time" : "which spec?");
    order->path = argv[1];
    return read_words(order, verb, &words);
}

/* ---- in the spec ---- */

static bool find_step(struct plate_order *order, const struct product *product,
                      const struct sku *sku)
{
    const struct workflow *workflow = product->workflow;
    for (int i = 0; workflow && i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        bool prints = step->base.kind == KIND_print && step->makes;
        if (!prints || !step_is_for(step, sku))
            continue;
        if (!order->step_name || strcmp(order->step_name, step->base.name) == 0) {
            order->step = step;
            return true;
        }
    }
    if (order->step_name)
        complain("`%s` has no print step `%s` that makes parts", product->base.name,
                 order->step_name);
    else
        complain("`%s` has no print step that makes parts", product->base.name);
    return false;
}

static bool find_machine(struct plate_order *order, struct session *session, const struct sku *sku)
{
    if (order->machine_name) {
        const struct declaration *found = spec_find(session->spec, order->machine_name);
        if (!found || found->kind != KIND_machine) {
            complain("there is no machine `%s` in %s", order->machine_name, order->path);
            return false;
        }
        order->machine = (const struct machine *)found;
    } else {
        order->machine = plate_machine(order->step, sku);
    }
    if (order->machine && bed_of(order->machine, sku, &order->bed)) {
        order->request.width_mm = order->bed.size_mm[0];
        order->request.depth_mm = order->bed.size_mm[1];
        add_machines_keep_outs(order);
        return true;
    }
    complain("the machine of `%s` has no volume: write `volume 250 x 210 x 220 mm` in it, or name "
             "another one with --machine",
             order->step->base.name);
    return false;
}

/* "hook=12,cap=24": the others are left out. */
static bool read_counts(struct plate_order *order)
{
    char *text = arena_copy_text(order->arena, order->counts, strlen(order->counts)), *rest;
    uint32_t *asked = ARENA_ARRAY(order->arena, uint32_t, (int)order->count + 1);
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        char *number = strchr(word, '=');
        uint64_t count;
        uint32_t i = 0;
        if (!number || !read_number(number + 1, 1, COUNT_AT_MOST, &count)) {
            complain("--count wants NAME=NUMBER,..., each from 1 to %d, not `%s`", COUNT_AT_MOST,
                     order->counts);
            return false;
        }
        *number = '\0';
        while (i < order->count && strcmp(order->pieces[i].part->base.name, word) != 0)
            i++;
        if (i == order->count) {
            complain("`%s` makes no part `%s`", order->step->base.name, word);
            return false;
        }
        if (asked[i]) {
            complain("--count names `%s` twice", word);
            return false;
        }
        asked[i] = (uint32_t)count;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < order->count; i++)
        if (asked[i]) {
            order->pieces[kept] = order->pieces[i];
            order->pieces[kept++].count = asked[i];
        }
    order->count = kept;
    return true;
}

static bool find_sku(struct plate_order *order, struct session *session,
                     const struct product *product, struct sku *sku)
{
    sku_at(product, 0, sku);
    if (!order->sku || sku_find(session->spec, product, order->sku, sku))
        return true;
    complain("`%s` has no SKU `%s`; `flowc cost %s --quantity 1` lists them", product->base.name,
             order->sku, order->path);
    return false;
}

int plate_order_find(struct plate_order *order, struct session *session)
{
    struct failure failure;
    struct sku *sku = ARENA_NEW(order->arena, struct sku);
    const struct product *product = session_product(session, order->product);
    if (!product)
        return EXIT_USAGE;
    if (!find_sku(order, session, product, sku) || !find_step(order, product, sku) ||
        !find_machine(order, session, sku))
        return EXIT_USAGE;
    order->spec = session->spec;
    order->for_sku = sku;
    order->count = plate_pieces(session->spec, order->step, sku, order->arena, &order->pieces);
    /* a `plate` line is packed as it stands; without one, as many products as one plate takes */
    order->request.sets = !order->counts && !order->step->plate;
    if (order->counts && !read_counts(order))
        return EXIT_USAGE;
    if (!order->count) {
        complain("`%s` makes nothing of this SKU", order->step->base.name);
        return EXIT_FINDINGS;
    }
    if (!plate_shapes_read(&order->shapes, order->pieces, order->count, &failure)) {
        complain("%s", failure.message);
        return EXIT_FINDINGS;
    }
    plate_slots_find(session->spec, order->step, sku, order->pieces, &order->shapes, order->arena,
                     &order->slots, &order->models, NULL);
    return EXIT_CLEAN;
}
