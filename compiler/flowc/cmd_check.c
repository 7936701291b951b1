/* flowc check PATH... */
#include "base/file.h"
#include "base/sink.h"
#include "flowc/check_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FLOW_VERSION
#define FLOW_VERSION "0.0.0"
#endif

static const struct {
    const char *name;
    enum render_format format;
} formats[] = {{"human", RENDER_HUMAN},
               {"short", RENDER_SHORT},
               {"json", RENDER_JSON},
               {"sarif", RENDER_SARIF},
               {"github", RENDER_GITHUB}};

static bool format_find(const char *name, enum render_format *format)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0) {
            *format = formats[i].format;
            return true;
        }
    return false;
}

/* ---- --fix ---- */

struct pending_edit {
    const struct source *source;
    struct span span;
    const char *text;
};

static int by_place(const void *left, const void *right)
{
    const struct pending_edit *a = left, *b = right;
    if (a->span.begin != b->span.begin)
        return a->span.begin < b->span.begin ? -1 : 1;
    return (a->span.end > b->span.end) - (a->span.end < b->span.end);
}

/* The certain edits of the user's own files; those of specs/ are not the user's to change. */
static int collect_edits(const struct diagnostics *list, const struct source_set *sources,
                         struct pending_edit *edits, int capacity)
{
    int count = 0;
    for (int i = 0; i < list->count; i++)
        for (const struct fix *fix = list->items[i]->fixes; fix; fix = fix->next)
            for (const struct edit *edit = fix->edits; fix->certainty == FIX_CERTAIN && edit;
                 edit = edit->next) {
                const struct source *source = source_of(sources, edit->span.begin);
                bool ours = source && !source->shared && strcmp(source->path, "<stdin>");
                if (ours && count < capacity)
                    edits[count++] = (struct pending_edit){source, edit->span, edit->text};
            }
    qsort(edits, (size_t)count, sizeof *edits, by_place);
    return count;
}

static bool apply_to_file(const struct pending_edit *edits, int count, struct failure *failure)
{
    const struct source *source = edits[0].source;
    struct buffer text = {0};
    uint32_t at = 0;
    for (int i = 0; i < count; i++) {
        uint32_t begin = edits[i].span.begin - source->base, end = edits[i].span.end - source->base;
        if (begin < at)
            continue; /* two fixes of one place: the first is made, the next run makes the other */
        buffer_add(&text, source->text + at, begin - at);
        buffer_add_text(&text, edits[i].text);
        at = end;
    }
    buffer_add(&text, source->text + at, source->length - at);
    bool good = file_write(source->path, buffer_text(&text), text.length, failure);
    buffer_free(&text);
    return good;
}

#define EDITS_AT_MOST 100000

/* Applies what is certain; returns how many edits, -1 after a failure. */
static int apply_fixes(struct checked *checked)
{
    struct pending_edit *edits =
        ARENA_ARRAY(&checked->said.arena, struct pending_edit, EDITS_AT_MOST);
    int count =
        collect_edits(&checked->said.diagnostics, &checked->said.sources, edits, EDITS_AT_MOST);
    struct failure failure;
    for (int begin = 0; begin < count;) {
        int end = begin;
        while (end < count && edits[end].source == edits[begin].source)
            end++;
        if (!apply_to_file(edits + begin, end - begin, &failure)) {
            complain("%s", failure.message);
            return -1;
        }
        begin = end;
    }
    return count;
}

/* ---- checking ---- */

static bool show(struct checked *checked, const struct render_options *options)
{
    struct buffer text = {0};
    bool data = options->format != RENDER_HUMAN && options->format != RENDER_SHORT;
    bool good = true;
    render_diagnostics(&text, &checked->said.diagnostics, &checked->said.sources, options);
    if (data || options->format == RENDER_SHORT)
        good = print_out(&text);
    else
        fwrite(buffer_text(&text), 1, text.length, stderr);
    buffer_free(&text);
    return good;
}

struct request {
    const char **paths;
    int count, jobs;
    bool fix, deny_warnings;
    struct render_options render;
};

/* "3 products in 5 files", where there are several. */
static void say_scope(struct render_options *render, const struct checked *checked, char *text,
                      size_t size)
{
    if (checked->files < 2)
        return;
    snprintf(text, size, "%d product%s in %d files", checked->products,
             checked->products == 1 ? "" : "s", checked->files);
    render->scope = text;
}

static enum exit_status check_paths(struct request *request)
{
    struct checked checked;
    char scope[64];

    check_all(request->paths, request->count, request->jobs, &checked);
    int fixed = request->fix ? apply_fixes(&checked) : 0;
    if (fixed > 0) { /* what is left is said of the mended files */
        fprintf(stderr, "flowc: %d fix%s applied\n", fixed, fixed == 1 ? "" : "es");
        checked_close(&checked);
        check_all(request->paths, request->count, request->jobs, &checked);
    }
    say_scope(&request->render, &checked, scope, sizeof scope);
    enum exit_status status = checked.status;
    const struct diagnostics *said = &checked.said.diagnostics;
    if (fixed < 0 || !show(&checked, &request->render))
        status = EXIT_ENVIRONMENT;
    if (status == EXIT_CLEAN && (said->errors || (request->deny_warnings && said->warnings)))
        status = EXIT_FINDINGS;
    checked_close(&checked);
    return status;
}

int cmd_check(int argc, char **argv)
{
    const struct verb *verb = verb_find("check");
    const char *format = "human", *deny = NULL, *max_errors = "20", *jobs = NULL;
    bool fix = false, done;
    const struct option_row options[] = {{"--format", true, &format, NULL},
                                         {"--deny", true, &deny, NULL},
                                         {"--fix", false, NULL, &fix},
                                         {"--max-errors", true, &max_errors, NULL},
                                         {"--jobs", true, &jobs, NULL}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    struct render_options render = {.version = FLOW_VERSION};
    char *end;
    long most = strtol(max_errors, &end, 10);
    if (!count)
        return usage_error(verb, "which file?");
    if (!format_find(format, &render.format))
        return usage_error(verb, "there is no format `%s`", format);
    if (deny && strcmp(deny, "warnings"))
        return usage_error(verb, "--deny takes `warnings`, not `%s`", deny);
    if (*end || end == max_errors || most < 0 || most > 1000000000)
        return usage_error(verb, "--max-errors wants a number, not `%s`", max_errors);
    render.max_errors = (int)most;
    int at_once = jobs_read(jobs);
    if (!at_once)
        return usage_error(verb, "--jobs wants a number from 1 to 64, not `%s`", jobs);
    render.color = color_wanted(render.format == RENDER_HUMAN);
    struct arena arena = {0};
    const char **paths;
    int files = expand_paths(&arena, count, argv, &paths);
    enum exit_status status = EXIT_ENVIRONMENT;
    if (files >= 0)
        status = check_paths(&(struct request){paths, files, at_once, fix, deny != NULL, render});
    arena_free(&arena);
    return status;
}
