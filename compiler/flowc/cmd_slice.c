/* flowc slice SPEC -o DIR: the plates of its print steps, packed, sliced by PrusaSlicer, and what it answered kept beside
   the spec. */
#include "diff/diff.h"
#include "flowc/flowc.h"
#include "flowc/slice_plate.h"
#include "program/progress.h"
#include "slicing/answers.h"
#include "slicing/pieces.h"
#include "slicing/slice_slots.h"

#include "base/file.h"
#include "base/sink.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *path, *output, *product, *step, *sku, *machine;
    const char *slicer;
    long limit_s;
    bool no_cache;
};

struct run {
    const struct request *request;
    struct session *session;
    struct slicer slicer;
    struct buffer out;
    /* what was sliced of the spec: the same plate serves several SKUs */
    struct sliced {
        struct sliced *next;
        char key[65];
    } * sliced;
    int plates;
    struct answers_file {
        struct answers_file *next;
        const char *path;
        struct answer *answers;
    } * files;
};

/* ---- answers ---- */

/* Of a run over the whole spec only what it found is kept; else what others found, too. */
static struct answers_file *answers_at(struct run *run, const struct step *step)
{
    struct arena *arena = &run->session->arena;
    const struct request *request = run->request;
    const char *path = slicing_answers_path(step, arena);
    bool all = !request->product && !request->step && !request->sku && !request->machine;
    struct answers_file *file = run->files;
    while (file && strcmp(file->path, path) != 0)
        file = file->next;
    if (file)
        return file;
    file = ARENA_NEW(arena, struct answers_file);
    *file = (struct answers_file){run->files, path, NULL};
    run->files = file;
    struct failure failure;
    char *text;
    size_t length;
    if (!all && file_read(path, 16 << 20, &text, &length, &failure) == FILE_OK) {
        file->answers = answers_read(text, length, arena);
        free(text);
    }
    return file;
}

static void keep_answer(struct run *run, const struct step *step, const char *key,
                        const char *label, const struct gcode_facts *facts)
{
    struct answers_file *file = answers_at(run, step);
    struct answer *answer = ARENA_NEW(&run->session->arena, struct answer);
    snprintf(answer->key, sizeof answer->key, "%s", key);
    answer->label = label;
    answer->facts = *facts;
    file->answers = answers_put(file->answers, answer);
}

static bool write_answers(struct run *run)
{
    struct failure failure;
    for (struct answers_file *file = run->files; file; file = file->next) {
        struct buffer text = {0};
        answers_print(&text, file->answers);
        bool written = file_write(file->path, text.text, text.length, &failure);
        buffer_free(&text);
        if (!written) {
            complain("%s", failure.message);
            return false;
        }
        buffer_addf(&run->out, "%s: what the slicer said; keep it in git\n", file->path);
    }
    return true;
}

/* ---- one plate ---- */

struct plate {
    const struct step *step;
    const struct sku *sku;
    const struct machine *machine;
    char key[65];
    const char *label; /* "TW-210-black-small plate on mk4s" */
    const char *file;
};

static const char *file_name(struct run *run, const struct plate *plate)
{
    struct arena *arena = &run->session->arena;
    char *name = arena_printf(arena, "%s-%s%s%s", sku_code(run->session->spec, plate->sku, arena),
                              plate->step->base.name, run->request->machine ? "-" : "",
                              run->request->machine ? run->request->machine : "");
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
            *c = '_';
    return arena_printf(arena, "%s/%s", run->request->output, name[0] == '.' ? "_" : name);
}

static const char *label_of(struct run *run, const struct plate *plate)
{
    struct arena *arena = &run->session->arena;
    char *label =
        arena_printf(arena, "%s %s on %s", sku_code(run->session->spec, plate->sku, arena),
                     plate->step->base.name, plate->machine->base.name);
    for (char *c = label; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '_';
    return label;
}

static void say_plate(struct run *run, const struct plate *plate, const struct gcode_facts *facts,
                      int pieces, bool from_cache)
{
    buffer_addf(&run->out, "%s.gcode: %d piece%s, ", plate->file, pieces, pieces == 1 ? "" : "s");
    duration_print(&run->out, facts->time_s.number);
    if (facts->total_g.said) {
        buffer_add_text(&run->out, ", ");
        rational_print_short(&run->out, facts->total_g.number, 2);
        buffer_add_text(&run->out, " g");
    }
    buffer_addf(&run->out, "; %s %s%s\n", facts->slicer, facts->version,
                from_cache ? ", from the cache" : "");
}

static bool slice_one(struct run *run, const struct plate *plate, const struct buffer *package,
                      int pieces, struct failure *failure)
{
    struct spec *spec = run->session->spec;
    struct arena *arena = &run->session->arena;
    const struct gcode_facts *facts;
    char said[2048];
    bool from_cache;
    const struct material *materials[MATERIALS_AT_MOST];
    struct bed bed;
    struct plate_slicing slicing = {
        .request = {.plate = package->text,
                    .plate_length = package->length,
                    .settings = file_path(spec, &plate->step->base, &plate->step->slice->value,
                                          plate->sku, arena),
                    .output = arena_printf(arena, "%s.gcode", plate->file),
                    .use_cache = !run->request->no_cache,
                    .limit_s = run->request->limit_s,
                    .progress = progress_is_seen() ? progress_draw : NULL,
                    .context = (void *)plate->label},
        .materials = slicing_materials(spec, plate->step, plate->sku, materials),
        .bed = &bed,
        .machine = plate->machine->base.name,
    };
    if (!bed_of(plate->machine, plate->sku, &bed))
        return fail(failure, "`%s` says no volume to print in", plate->machine->base.name);
    bool good = slice_with_slots(&run->slicer, &slicing, arena, &facts, &from_cache, said, failure);
    progress_clear();
    if (!good) {
        fputs(said, stderr);
        return false;
    }
    keep_answer(run, plate->step, plate->key, plate->label, facts);
    say_plate(run, plate, facts, pieces, from_cache);
    return true;
}

static bool slice_plate_of(struct run *run, struct plate *plate, struct failure *failure)
{
    struct buffer package = {0};
    int pieces;
    plate->label = label_of(run, plate);
    plate->file = file_name(run, plate);
    bool good = slice_plate(run->session->spec, plate->step, plate->sku, plate->machine, &package,
                            &pieces, failure) &&
                file_write(arena_printf(&run->session->arena, "%s.3mf", plate->file), package.text,
                           package.length, failure) &&
                slice_one(run, plate, &package, pieces, failure);
    buffer_free(&package);
    run->plates++;
    return good;
}

/* ---- which plates ---- */

static const struct machine *machine_for(const struct request *request, const struct step *step,
                                         const struct sku *sku)
{
    for (const struct simple *row = step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, sku);
        if (machine && machine->volume &&
            (!request->machine || strcmp(machine->base.name, request->machine) == 0))
            return machine;
    }
    return NULL;
}

static bool is_new(struct run *run, const char *key)
{
    for (const struct sliced *at = run->sliced; at; at = at->next)
        if (strcmp(at->key, key) == 0)
            return false;
    struct sliced *sliced = ARENA_NEW(&run->session->arena, struct sliced);
    snprintf(sliced->key, sizeof sliced->key, "%s", key);
    sliced->next = run->sliced;
    run->sliced = sliced;
    return true;
}

/* A step whose plate is to be sliced for the SKU; false where one could not be. */
static bool visit_step(struct run *run, const struct step *step, const struct sku *sku)
{
    const struct request *request = run->request;
    struct failure failure = {""};
    struct plate plate = {.step = step, .sku = sku};
    if (step->base.kind != KIND_print || !step->slice || !step_is_for(step, sku) ||
        (request->step && strcmp(request->step, step->base.name) != 0))
        return true;
    plate.machine = machine_for(request, step, sku);
    if (!plate.machine)
        return true;
    if (!slicing_key(run->session->spec, step, sku, plate.machine, plate.key)) {
        complain("`%s` cannot be sliced: the settings or a model of its parts is not there, or is "
                 "no solid; flowc check says which",
                 step->base.name);
        return false;
    }
    if (!is_new(run, plate.key) || slice_plate_of(run, &plate, &failure))
        return true;
    complain("%s: %s", plate.label, failure.message);
    return false;
}

static bool visit_product(struct run *run, const struct product *product)
{
    const struct request *request = run->request;
    const struct spec *spec = run->session->spec;
    struct sku *sku = ARENA_NEW(&run->session->arena, struct sku);
    if (!product->workflow ||
        (request->product && strcmp(request->product, product->base.name) != 0))
        return true;
    for (long i = 0; i < product->sku_count && i < SKUS_AT_MOST; i++) {
        if (request->sku ? i > 0 : false)
            break;
        if (!request->sku)
            sku_at(product, i, sku);
        else if (!sku_find(spec, product, request->sku, sku))
            break;
        for (int k = 0; k < product->workflow->step_count; k++)
            if (!visit_step(run, product->workflow->steps[k], sku))
                return false;
    }
    return true;
}

static enum exit_status slice_all(struct run *run)
{
    const struct spec *spec = run->session->spec;
    struct failure failure = {""};
    bool good = true;
    if (!slicer_find(run->request->slicer, &run->slicer, &failure) ||
        !folder_create(run->request->output, &failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    for (int i = 0; good && i < spec->product_count; i++)
        good = visit_product(run, spec->products[i]);
    if (good && run->plates == 0) {
        complain("%s has no print step with `slice` of that name, product, SKU and machine",
                 run->request->path);
        return EXIT_USAGE;
    }
    good = write_answers(run) && good; /* what was found before a failure is found */
    good = print_out(&run->out) && good;
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* ---- the command line ---- */

static enum exit_status read_request(int argc, char **argv, struct request *request, bool *done)
{
    const struct verb *verb = verb_find("slice");
    const char *limit = NULL;
    const struct option_row options[] = {{"--output", true, &request->output, NULL},
                                         {"-o", true, &request->output, NULL},
                                         {"--product", true, &request->product, NULL},
                                         {"--step", true, &request->step, NULL},
                                         {"--sku", true, &request->sku, NULL},
                                         {"--machine", true, &request->machine, NULL},
                                         {"--slicer", true, &request->slicer, NULL},
                                         {"--timeout", true, &limit, NULL},
                                         {"--no-cache", false, NULL, &request->no_cache}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, done);
    char *end = NULL;
    if (count < 0 || *done)
        return *done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one spec at a time" : "which spec?");
    if (strcmp(argv[1], "-") == 0)
        return usage_error(verb, "what the slicer says is kept beside the spec; name a file");
    if (!request->output)
        return usage_error(verb, "where to? -o DIR");
    request->limit_s = limit ? strtol(limit, &end, 10) : SLICER_LIMIT_USUAL_S;
    if (limit &&
        (end == limit || *end || request->limit_s < 1 || request->limit_s > SLICER_LIMIT_AT_MOST_S))
        return usage_error(verb, "--timeout wants seconds from 1 to %d, not `%s`",
                           SLICER_LIMIT_AT_MOST_S, limit);
    request->path = argv[1];
    return EXIT_CLEAN;
}

int cmd_slice(int argc, char **argv)
{
    struct request request = {.slicer = SLICER_USUAL};
    struct session session;
    bool done;
    enum exit_status status = read_request(argc, argv, &request, &done);
    if (status != EXIT_CLEAN || done)
        return status;
    status = EXIT_ENVIRONMENT;
    if (session_open(&session, request.path)) {
        struct run run = {.request = &request, .session = &session};
        session_show(&session, true);
        status = figures_hold(session.spec) ? slice_all(&run) : EXIT_FINDINGS;
        buffer_free(&run.out);
    }
    session_close(&session);
    return status;
}
