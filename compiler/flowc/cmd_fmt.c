/* flowc fmt PATH...: lays out specs; --check and --diff change nothing. */
#include "flowc/flowc.h"

#include "base/file.h"
#include "base/sink.h"
#include "syntax/format.h"

#include <stdlib.h>
#include <string.h>

/* ---- what would change, as a unified diff ---- */

struct lines {
    const char **text;
    int *length;
    int count;
};

static struct lines split(struct arena *arena, const char *text, size_t length)
{
    struct lines lines = {0};
    int capacity = 1;
    for (size_t i = 0; i < length; i++)
        capacity += text[i] == '\n';
    lines.text = ARENA_ARRAY(arena, const char *, capacity);
    lines.length = ARENA_ARRAY(arena, int, capacity);
    for (size_t begin = 0; begin < length;) {
        const char *end = memchr(text + begin, '\n', length - begin);
        size_t size = end ? (size_t)(end - text) - begin : length - begin;
        lines.text[lines.count] = text + begin;
        lines.length[lines.count++] = (int)size;
        begin += size + 1;
    }
    return lines;
}

static bool same(const struct lines *a, int i, const struct lines *b, int j)
{
    return a->length[i] == b->length[j] &&
           memcmp(a->text[i], b->text[j], (size_t)a->length[i]) == 0;
}

/* Layout changes lines in place: where two texts part, the nearest pair of equal lines ahead joins them again. */
static void next_match(const struct lines *old, int i, const struct lines *new, int j, int *to_i,
                       int *to_j)
{
    int left_old = old->count - i, left_new = new->count - j;
    for (int sum = 1; sum <= left_old + left_new && sum < 2000; sum++)
        for (int di = sum > left_new ? sum - left_new : 0; di <= sum && di <= left_old; di++) {
            int dj = sum - di;
            if (di < left_old && dj < left_new && same(old, i + di, new, j + dj)) {
                *to_i = i + di;
                *to_j = j + dj;
                return;
            }
        }
    *to_i = old->count;
    *to_j = new->count;
}

static void add_lines(struct buffer *out, char mark, const struct lines *lines, int from, int to)
{
    for (int i = from; i < to; i++)
        buffer_addf(out, "%c%.*s\n", mark, lines->length[i], lines->text[i]);
}

static void add_diff(struct buffer *out, struct arena *arena, const struct source *source,
                     const struct buffer *laid)
{
    struct lines old = split(arena, source->text, source->length),
                 new = split(arena, laid->text, laid->length);
    buffer_addf(out, "--- %s\n+++ %s\n", source->path, source->path);
    for (int i = 0, j = 0; i < old.count || j < new.count;) {
        if (i < old.count && j < new.count &&same(&old, i, &new, j)) {
            i++, j++;
            continue;
        }
        int to_i, to_j;
        next_match(&old, i, &new, j, &to_i, &to_j);
        buffer_addf(out, "@@ -%d,%d +%d,%d @@\n", i + 1, to_i - i, j + 1, to_j - j);
        add_lines(out, '-', &old, i, to_i);
        add_lines(out, '+', &new, j, to_j);
        i = to_i;
        j = to_j;
    }
}

/* ---- one file ---- */

struct request {
    bool check, diff;
};

static enum exit_status deliver(const struct request *request, struct session *session,
                                const struct source *source, const struct buffer *laid)
{
    bool input = strcmp(source->path, "<stdin>") == 0;
    bool changed = laid->length != source->length || memcmp(laid->text, source->text, laid->length);
    struct buffer out = {0};
    enum exit_status status = EXIT_CLEAN;
    if (request->diff && changed)
        add_diff(&out, &session->arena, source, laid);
    else if (request->check && changed)
        buffer_addf(&out, "%s\n", source->path);
    else if (input && !request->check && !request->diff)
        buffer_add(&out, buffer_text(laid), laid->length);
    else if (changed && !request->check && !request->diff &&
             !file_write(source->path, buffer_text(laid), laid->length, &session->failure)) {
        complain("%s", session->failure.message);
        status = EXIT_ENVIRONMENT;
    }
    if (out.length && !print_out(&out))
        status = EXIT_ENVIRONMENT;
    if (status == EXIT_CLEAN && changed && request->check)
        status = EXIT_FINDINGS;
    buffer_free(&out);
    return status;
}

static enum exit_status format_one(const struct request *request, const char *path)
{
    struct session session = {0};
    char *text;
    size_t length;
    if (file_read(path, (size_t)100 << 20, &text, &length, &session.failure) != FILE_OK) {
        complain("%s", session.failure.message);
        return EXIT_ENVIRONMENT;
    }
    interner_open(&session.names, &session.arena);
    source_set_open(&session.sources, &session.arena);
    session.diagnostics.arena = &session.arena;
    const char *shown = strcmp(path, "-") ? path : "<stdin>";
    struct source *source = source_add(&session.sources, shown, ".", text, length);
    struct buffer laid = {0};
    enum exit_status status;
    if (format_source(source, &session.arena, &session.names, &session.diagnostics, &laid)) {
        status = deliver(request, &session, source, &laid);
    } else {
        diagnostics_sort(&session.diagnostics, &session.sources);
        session_show(&session, true);
        status = EXIT_FINDINGS;
    }
    buffer_free(&laid);
    session_close(&session);
    return status;
}

int cmd_fmt(int argc, char **argv)
{
    const struct verb *verb = verb_find("fmt");
    struct request request = {false, false};
    bool done;
    const struct option_row options[] = {{"--check", false, NULL, &request.check},
                                         {"--diff", false, NULL, &request.diff}};
    int count = options_read(argc, argv, verb, options, 2, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count)
        return usage_error(verb, "which file?");
    struct arena arena = {0};
    const char **paths;
    int files = expand_paths(&arena, count, argv, &paths);
    enum exit_status worst = files < 0 ? EXIT_ENVIRONMENT : EXIT_CLEAN;
    for (int i = 0; i < files; i++) {
        enum exit_status status = format_one(&request, paths[i]);
        worst = status > worst ? status : worst;
    }
    arena_free(&arena);
    return worst;
}
