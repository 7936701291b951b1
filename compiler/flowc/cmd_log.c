/* flowc log PRODUCT: the revisions of a product, commit by commit, and what each changed. */
#include "base/file.h"
#include "diff/diff.h"
#include "flowc/flowc.h"
#include "flowc/history.h"

#include <stdlib.h>
#include <string.h>

struct request {
    const char *format, *product; /* product NULL: that of the file */
    bool public;                  /* only what may go along in a packet */
    struct arena arena;
};

/* A commit as it is told. */
struct told {
    const struct commit *commit;
    const char *revision;   /* of the product then; "" where it is not known */
    const char *class;      /* NULL: nothing that the spec says */
    const char **sentences; /* of the changes */
    int count;
    bool first;
};

/* ---- one commit ---- */

static const struct product *product_in(const struct spec *spec, const char *name)
{
    for (int i = 0; i < spec->product_count; i++) {
        const struct product *product = spec->products[i];
        if (name ? strcmp(product->base.name, name) == 0 : product->base.source == spec->main)
            return product;
    }
    return NULL;
}

static void note_revision(struct request *request, struct told *told, const struct spec *spec)
{
    const struct product *product = product_in(spec, request->product);

    if (product && product->revision)
        told->revision = value_string(spec, &product->revision->value, NULL, &request->arena);
}

static void note_changes(struct request *request, struct told *told, const struct spec_diff *diff)
{
    told->sentences = ARENA_ARRAY(&request->arena, const char *, diff->count + 1);
    for (int class = CHANGE_CLASS_COUNT - 1; class >= 0; class --)
        for (int i = 0; i < diff->count; i++) {
            const struct change *change = &diff->changes[i];
            if ((int)change->class == class && (request->public || !change->follows))
                told->sentences[told->count++] =
                    arena_copy_text(&request->arena, change->sentence, strlen(change->sentence));
        }
    told->class = diff->count ? change_class_names[diff_class(diff)] : NULL;
}

static bool tell(struct request *request, struct history *history, const struct commit *commit,
                 struct told *told, struct failure *failure)
{
    struct session before, after;
    struct arena arena = {0};
    bool had = history_load(history, &history->before, commit->parent, &before, failure);
    bool good = had || !failure->message[0];
    bool has = good && history_load(history, &history->after, commit->hash, &after, failure);

    good = good && (has || !failure->message[0]);
    *told = (struct told){.commit = commit, .revision = "", .first = !had};
    if (has)
        note_revision(request, told, after.spec);
    if (had && has) {
        struct spec_diff diff = {.arena = &arena,
                                 .before = {before.spec, commit->parent, 0},
                                 .after = {after.spec, commit->hash, 0}};
        compare_declarations(&diff);
        good = compare_approvals(&diff, failure);
        const struct product *product = product_in(after.spec, request->product);
        if (request->public)
            diff_keep_public(&diff, product ? product->base.name : "");
        note_changes(request, told, &diff);
    }
    if (has)
        session_close(&after);
    if (had)
        session_close(&before);
    arena_free(&arena);
    return good;
}

/* ---- as it is read ---- */

static const char *class_words(const struct told *told)
{
    return told->first ? "first" : told->class ? told->class : "says the same";
}

static void print_human(struct buffer *out, const struct told *told, bool public, bool color)
{
    const struct commit *commit = told->commit;

    buffer_addf(out, "%s%s  %.10s%s  revision %s, %s\n", color ? "\033[1m" : "", commit->date,
                commit->hash, color ? "\033[0m" : "",
                told->revision[0] ? told->revision : "unknown", class_words(told));
    if (!public)
        buffer_addf(out, "    %s: %s\n", commit->author, commit->subject);
    for (int i = 0; i < told->count; i++)
        buffer_addf(out, "    - %s\n", told->sentences[i]);
}

static void add_cell(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("|\\*_`<[", *text))
            buffer_add_char(out, '\\');
        buffer_add_char(out, *text);
    }
}

static void print_markdown(struct buffer *out, const struct told *told, bool public)
{
    buffer_add_text(out, "| ");
    add_cell(out, told->revision);
    buffer_addf(out, " | %s | %.10s | ", told->commit->date, told->commit->hash);
    if (!public) {
        add_cell(out, told->commit->author);
        buffer_add_text(out, " | ");
    }
    buffer_addf(out, "%s | ", class_words(told));
    for (int i = 0; i < told->count; i++) {
        buffer_add_text(out, i ? "; " : "");
        add_cell(out, told->sentences[i]);
    }
    if (!told->count && !public)
        add_cell(out, told->commit->subject);
    buffer_add_text(out, " |\n");
}

static void add_member(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, "\"%s\": \"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_text(out, "\", ");
}

static void print_json(struct buffer *out, const struct told *told, bool public)
{
    buffer_add_text(out, "  {");
    add_member(out, "commit", told->commit->hash);
    add_member(out, "date", told->commit->date);
    if (!public) { /* prose that may say anything */
        add_member(out, "author", told->commit->author);
        add_member(out, "subject", told->commit->subject);
    }
    add_member(out, "revision", told->revision);
    add_member(out, "class", class_words(told));
    buffer_add_text(out, "\"changes\": [");
    for (int i = 0; i < told->count; i++) {
        buffer_add_text(out, i ? ", \"" : "\"");
        buffer_add_json(out, told->sentences[i], strlen(told->sentences[i]));
        buffer_add_char(out, '"');
    }
    buffer_add_text(out, "]}");
}

static bool print_history(struct request *request, struct history *history, struct failure *failure)
{
    bool json = strcmp(request->format, "json") == 0;
    bool markdown = strcmp(request->format, "markdown") == 0, public = request->public;
    struct buffer out = {0};
    bool good = true, any = false;

    if (json)
        buffer_add_text(&out, "{\n \"format_version\": \"1.0\",\n \"commits\": [");
    if (markdown)
        buffer_addf(
            &out,
            "| Revision | Date | Commit | %sClass | What changed |\n|---|---|---|%s---|---|\n",
            public ? "" : "By | ", public ? "" : "---|");
    for (int i = 0; i < history->count && good; i++) {
        struct told told;
        good = tell(request, history, &history->commits[i], &told, failure);
        if (!good || (public && !told.count && !told.first))
            continue; /* nothing that others may know */
        if (json) {
            buffer_add_text(&out, any ? ",\n" : "\n");
            print_json(&out, &told, public);
        } else if (markdown)
            print_markdown(&out, &told, public);
        else
            print_human(&out, &told, public, color_wanted(false));
        any = true;
    }
    if (json)
        buffer_add_text(&out, "\n ]\n}\n");
    good = good && print_out(&out);
    buffer_free(&out);
    return good;
}

int cmd_log(int argc, char **argv)
{
    const struct verb *verb = verb_find("log");
    struct request request = {.format = "human"};
    const char *limit = "0";
    const struct option_row options[] = {{"--format", true, &request.format, NULL},
                                         {"--product", true, &request.product, NULL},
                                         {"--public", false, NULL, &request.public},
                                         {"--limit", true, &limit, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    struct history history = {.count = 0};
    struct failure failure = {""};
    char *end;

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one product at a time" : "which product, or file?");
    long most = strtol(limit, &end, 10);
    if (*end || end == limit || most < 0 || most > 1000000)
        return usage_error(verb, "--limit wants a number, not `%s`", limit);
    if (strcmp(request.format, "human") != 0 && strcmp(request.format, "json") != 0 &&
        strcmp(request.format, "markdown") != 0)
        return usage_error(verb, "there is no format `%s`; it is human, json or markdown",
                           request.format);
    const char *path = product_file(&request.arena, argv[1], &request.product);
    enum exit_status status = path ? EXIT_CLEAN : EXIT_USAGE;
    if (path && (!history_open(&history, path, (int)most, &failure) ||
                 !print_history(&request, &history, &failure))) {
        if (failure.message[0])
            complain("%s", failure.message);
        status = EXIT_ENVIRONMENT;
    }
    history_close(&history);
    arena_free(&request.arena);
    return status;
}
