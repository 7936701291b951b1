/* flowc check PATH... */
#include "flowc/flowc.h"

#include "base/file.h"
#include "base/sink.h"
#include "check/check.h"

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
static int apply_fixes(struct session *session)
{
    struct pending_edit *edits = ARENA_ARRAY(&session->arena, struct pending_edit, EDITS_AT_MOST);
    int count = collect_edits(&session->diagnostics, &session->sources, edits, EDITS_AT_MOST);
    for (int begin = 0; begin < count;) {
        int end = begin;
        while (end < count && edits[end].source == edits[begin].source)
            end++;
        if (!apply_to_file(edits + begin, end - begin, &session->failure)) {
            complain("%s", session->failure.message);
            return -1;
        }
        begin = end;
    }
    return count;
}

/* ---- checking ---- */

/* Several files in one run: one list, over one line of positions. */
static enum exit_status load_all(struct session *session, const char **paths, int count)
{
    memset(session, 0, sizeof *session);
    interner_open(&session->names, &session->arena);
    source_set_open(&session->sources, &session->arena);
    session->diagnostics.arena = &session->arena;
    enum exit_status status = EXIT_CLEAN;
    for (int i = 0; i < count; i++) {
        struct spec *spec = spec_load(paths[i], &session->arena, &session->names, &session->sources,
                                      &session->diagnostics, &session->failure);
        if (!spec) {
            complain("%s", session->failure.message);
            status = EXIT_ENVIRONMENT;
            continue;
        }
        check(spec);
        spec_close(spec);
    }
    diagnostics_sort(&session->diagnostics, &session->sources);
    return status;
}

static bool show(struct session *session, const struct render_options *options)
{
    struct buffer text = {0};
    bool data = options->format != RENDER_HUMAN && options->format != RENDER_SHORT;
    bool good = true;
    render_diagnostics(&text, &session->diagnostics, &session->sources, options);
    if (data || options->format == RENDER_SHORT)
        good = print_out(&text);
    else
        fwrite(buffer_text(&text), 1, text.length, stderr);
    buffer_free(&text);
    return good;
}

int cmd_check(int argc, char **argv)
{
    const struct verb *verb = verb_find("check");
    const char *format = "human", *deny = NULL, *max_errors = "20";
    bool fix = false, done;
    const struct option_row options[] = {{"--format", true, &format, NULL},
                                         {"--deny", true, &deny, NULL},
                                         {"--fix", false, NULL, &fix},
                                         {"--max-errors", true, &max_errors, NULL}};
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
    render.color = color_wanted(render.format == RENDER_HUMAN);
    struct arena arena = {0};
    const char **paths;
    int files = expand_paths(&arena, count, argv, &paths);
    struct session session;
    enum exit_status status = files < 0 ? EXIT_ENVIRONMENT : load_all(&session, paths, files);
    if (files >= 0) {
        int fixed = fix ? apply_fixes(&session) : 0;
        if (fixed > 0) { /* what is left is said of the mended files */
            fprintf(stderr, "flowc: %d fix%s applied\n", fixed, fixed == 1 ? "" : "es");
            session_close(&session);
            status = load_all(&session, paths, files);
        }
        if (fixed < 0 || !show(&session, &render))
            status = EXIT_ENVIRONMENT;
        if (status == EXIT_CLEAN &&
            (session.diagnostics.errors || (deny && session.diagnostics.warnings)))
            status = EXIT_FINDINGS;
        session_close(&session);
    }
    arena_free(&arena);
    return status;
}
