/* flowc blame FILE FIELD: which commit made a field what it is. */
#include "diff/diff.h"
#include "flowc/flowc.h"
#include "flowc/history.h"

#include <string.h>

struct request {
    const char *path, *field;
    bool json;
    struct arena arena;
};

/* What a field said at some time. */
struct said {
    const char *canonical, *words; /* NULL where it was not there */
};

static bool same(struct said a, struct said b)
{
    if (!a.canonical || !b.canonical)
        return a.canonical == b.canonical;
    return strcmp(a.canonical, b.canonical) == 0;
}

static struct said look_up(struct request *request, const struct spec *spec)
{
    struct spec_fact fact;

    if (!spec_find_fact(spec, request->field, &request->arena, &fact))
        return (struct said){NULL, NULL};
    return (struct said){fact.canonical, fact.words};
}

/* False with a failure where a revision could not be read; a revision without the file says nothing. */
static bool said_in(struct request *request, struct history *history, const char *revision,
                    struct said *said, struct failure *failure)
{
    struct session session;

    *said = (struct said){NULL, NULL};
    if (!history_load(history, &history->before, revision, &session, failure))
        return !failure->message[0];
    *said = look_up(request, session.spec);
    session_close(&session);
    return true;
}

static void add_member(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, ", \"%s\": ", name);
    if (!text) {
        buffer_add_text(out, "null");
        return;
    }
    buffer_add_char(out, '"');
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

/* commit NULL: it is not committed yet. */
static bool print_answer(const struct request *request, const struct commit *commit,
                         struct said before, struct said after)
{
    struct buffer out = {0};

    if (request->json) {
        buffer_add_text(&out, "{\"format_version\": \"1.0\"");
        add_member(&out, "field", request->field);
        add_member(&out, "commit", commit ? commit->hash : NULL);
        add_member(&out, "date", commit ? commit->date : NULL);
        add_member(&out, "author", commit ? commit->author : NULL);
        add_member(&out, "subject", commit ? commit->subject : NULL);
        add_member(&out, "before", before.words);
        add_member(&out, "after", after.words);
        buffer_add_text(&out, "}\n");
    } else {
        buffer_addf(&out, "%s: %s\n", request->field, after.words);
        if (commit)
            buffer_addf(&out, "%s  %.10s  %s: %s\n", commit->date, commit->hash, commit->author,
                        commit->subject);
        else
            buffer_add_text(&out, "not committed yet\n");
        if (before.words)
            buffer_addf(&out, "before: %s\n", before.words);
        else
            buffer_add_text(&out, "it was new then\n");
    }
    bool good = print_out(&out);
    buffer_free(&out);
    return good;
}

/* Newest first: the commit whose parent said something else. Each revision is looked up once where commits follow one
   another. */
static bool find_commit(struct request *request, struct history *history, struct said now,
                        struct failure *failure)
{
    struct said after, before = {NULL, NULL};
    const char *known = ""; /* the revision that `before` is of */

    for (int i = 0; i < history->count; i++) {
        const struct commit *commit = &history->commits[i];
        if (strcmp(known, commit->hash) == 0)
            after = before;
        else if (!said_in(request, history, commit->hash, &after, failure))
            return false;
        if (i == 0 && !same(after, now))
            return print_answer(request, NULL, after, now);
        if (!said_in(request, history, commit->parent, &before, failure))
            return false;
        known = commit->parent;
        if (same(after, now) && !same(before, after))
            return print_answer(request, commit, before, after);
    }
    return fail(failure, "%s has never been committed", request->path);
}

static enum exit_status blame(struct request *request)
{
    struct session session;
    struct history history;
    struct failure failure = {""};
    struct said now = {NULL, NULL};
    enum exit_status status = EXIT_ENVIRONMENT;

    if (session_open(&session, request->path)) {
        now = look_up(request, session.spec);
        status = EXIT_CLEAN;
    }
    session_close(&session);
    if (status != EXIT_CLEAN)
        return status;
    if (!now.words) {
        complain("%s says nothing that is called %s; a field is called like hook.mass, a dimension "
                 "like hook.bore",
                 request->path, request->field);
        return EXIT_USAGE;
    }
    bool good = history_open(&history, request->path, 0, &failure) &&
                find_commit(request, &history, now, &failure);
    history_close(&history);
    if (!good && failure.message[0])
        complain("%s", failure.message);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int cmd_blame(int argc, char **argv)
{
    const struct verb *verb = verb_find("blame");
    struct request request = {.json = false};
    const char *format = "human";
    const struct option_row options[] = {{"--format", true, &format, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, 1, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 2)
        return usage_error(verb,
                           count > 2 ? "one field at a time" : "which file, and which field?");
    request.json = strcmp(format, "json") == 0;
    if (!request.json && strcmp(format, "human") != 0)
        return usage_error(verb, "there is no format `%s`; it is human or json", format);
    request.path = argv[1];
    request.field = argv[2];
    enum exit_status status = blame(&request);
    arena_free(&request.arena);
    return status;
}
