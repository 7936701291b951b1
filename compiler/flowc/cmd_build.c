/* flowc build PATH... -o DIR: every output of every product, a folder a product. */
#include "flowc/build.h"
#include "flowc/check_files.h"
#include "flowc/ending.h"
#include "flowc/watch.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUTS_AT_MOST 16

/* --only instructions,diagram: marks the rows; false after a message. */
static bool read_only(const struct verb *verb, const char *only, bool *wanted)
{
    for (int i = 0; i < emit_row_count && i < OUTPUTS_AT_MOST; i++)
        wanted[i] = !only;
    for (const char *at = only; at && *at;) {
        size_t length = strcspn(at, ",");
        int i = 0;
        while (i < emit_row_count &&
               (strlen(emit_rows[i].name) != length || strncmp(emit_rows[i].name, at, length)))
            i++;
        if (i == emit_row_count) {
            usage_error(verb, "there is no output `%.*s`", (int)length, at);
            fputs("the outputs are", stderr);
            for (i = 0; i < emit_row_count; i++)
                fprintf(stderr, " %s", emit_rows[i].name);
            fputc('\n', stderr);
            return false;
        }
        wanted[i] = true;
        at += length + (at[length] == ',');
    }
    return true;
}

/* ---- in this process ---- */

struct here {
    struct built_file *file;
    int product;
};

static void take_here(void *context, enum build_record record, const void *bytes, size_t length)
{
    struct here *here = context;
    built_take(here->file, here->product, record, bytes, length);
}

/* Only loads a file of several products, where others are to make them. */
static void build_here(const struct build_request *request, struct built_file *built, int jobs)
{
    struct here here = {built, -1};
    struct builder builder = {.request = request, .tell = take_here, .context = &here};
    enum exit_status status = builder_load(&builder, built->path, false);
    take_here(&here, RECORD_DONE, &status, sizeof status);
    int count = jobs > 1 && built->product_count > 1 ? 0 : built->product_count;
    for (here.product = 0; here.product < count; here.product++) {
        status = builder_make(&builder, here.product);
        take_here(&here, RECORD_DONE, &status, sizeof status);
    }
    builder_close(&builder);
}

/* ---- in others ---- */

static void print_built(struct built_file *file, void *context)
{
    bool *printed = context;
    fwrite(buffer_text(&file->error), 1, file->error.length, stderr);
    for (int i = 0; i < file->product_count; i++) {
        const struct built_product *product = &file->products[i];
        fwrite(buffer_text(&product->error), 1, product->error.length, stderr);
        *printed = print_out(&product->out) && *printed;
    }
}

/* ---- all of them ---- */

struct place {
    const char *product, *path;
    int order;
};

static int by_product(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = strcmp(a->product, b->product);
    return order ? order : a->order - b->order;
}

/* Two products of one name would be written over one another, and which one stays would be chance. */
static bool each_has_its_folder(const struct built_file *built, int count, struct arena *arena)
{
    int products = 0;
    for (int i = 0; i < count; i++)
        products += built[i].product_count;
    struct place *places = ARENA_ARRAY(arena, struct place, products + 1);
    products = 0;
    for (int i = 0; i < count; i++)
        for (int p = 0; p < built[i].product_count; p++)
            if (built[i].products[p].name) {
                places[products] =
                    (struct place){built[i].products[p].name, built[i].path, products};
                products++;
            }
    qsort(places, (size_t)products, sizeof *places, by_product);
    bool good = true;
    for (int i = 1; i < products; i++)
        if (strcmp(places[i - 1].product, places[i].product) == 0) {
            complain("%s is in %s and in %s, and both were written to one folder; build them apart",
                     places[i].product, places[i - 1].path, places[i].path);
            good = false;
        }
    return good;
}

static enum exit_status verdict(const struct built_file *built, int count, bool printed,
                                struct arena *arena)
{
    enum exit_status worst = printed ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    int products = 0;
    for (int i = 0; i < count; i++) {
        worst = built[i].status > worst ? built[i].status : worst;
        products += built[i].product_count;
    }
    if (worst == EXIT_CLEAN && !products) {
        complain("there is no product with a workflow in what was given");
        return EXIT_FINDINGS;
    }
    if (!each_has_its_folder(built, count, arena) && worst == EXIT_CLEAN)
        worst = EXIT_FINDINGS;
    return worst;
}

static enum exit_status build_all(const struct build_request *request, const char **paths,
                                  int count, int jobs, struct arena *arena)
{
    struct built_file *built = ARENA_ARRAY(arena, struct built_file, count);
    bool printed = true;
    int here = jobs == 1 ? count : count == 1;
    for (int i = 0; i < here; i++) {
        built[i].path = paths[i];
        build_here(request, &built[i], jobs);
    }
    if (here < count || (jobs > 1 && built[0].product_count > 1)) {
        ending_begin();
        pool_build(request, paths, count, jobs, built, print_built, &printed);
        ending_end();
        ending_by_signal();
    }
    enum exit_status status = verdict(built, count, printed, arena);
    for (int i = 0; i < count; i++)
        built_close(&built[i]);
    return status;
}

static enum exit_status watch_all(struct build_request *request, const struct verb *verb, int count,
                                  char **argv, int jobs)
{
    for (int i = 1; i <= count; i++)
        if (strcmp(argv[i], "-") == 0)
            return usage_error(verb, "--watch wants files: standard input does not change");
    request->quiet = request->inputs = true;
    return watch_and_build(&(struct watch){
        .request = request, .argc = count, .argv = argv, .jobs = jobs, .ended = watch_say});
}

/* ---- the command line ---- */

int cmd_build(int argc, char **argv)
{
    const struct verb *verb = verb_find("build");
    const char *only = NULL, *paper = "a4", *jobs = NULL;
    bool wanted[OUTPUTS_AT_MOST] = {false}, watch = false, done;
    struct build_request request = {.wanted = wanted};
    const struct option_row options[] = {
        {"-o", true, &request.out, NULL}, {"--output", true, &request.out, NULL},
        {"--only", true, &only, NULL},    {"--paper", true, &paper, NULL},
        {"--jobs", true, &jobs, NULL},    {"--history", true, &request.history, NULL},
        {"--watch", false, NULL, &watch}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count)
        return usage_error(verb, "which file?");
    if (!request.out)
        return usage_error(verb, "where to? say `-o DIR`");
    if (strcmp(paper, "a4") && strcmp(paper, "letter"))
        return usage_error(verb, "--paper is a4 or letter, not `%s`", paper);
    request.paper = strcmp(paper, "letter") ? PAPER_A4 : PAPER_LETTER;
    int at_once = jobs_read(jobs);
    if (!at_once)
        return usage_error(verb, "--jobs wants a number from 1 to 64, not `%s`", jobs);
    if (!read_only(verb, only, wanted))
        return EXIT_USAGE;
    if (request.history && !folder_exists(request.history)) {
        complain("there is no folder %s", request.history);
        return EXIT_ENVIRONMENT;
    }
    if (watch)
        return watch_all(&request, verb, count, argv, at_once);
    struct arena arena = {0};
    const char **paths;
    int files = expand_paths(&arena, count, argv, &paths);
    enum exit_status status = EXIT_ENVIRONMENT;
    if (files >= 0)
        status = build_all(&request, paths, files, at_once, &arena);
    arena_free(&arena);
    return status;
}
