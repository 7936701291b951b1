/* flowd verify, backup: the journal looked through, and copied. */
#include "flowd/views.h"

#include "base/file.h"
#include "base/sink.h"

#include <string.h>

/* ---- verify ---- */

static void add_finding(int64_t sequence, const char *text, void *data)
{
    json_array_append_new(data,
                          json_pack("{sI ss}", "event", (json_int_t)sequence, "finding", text));
}

static int say_verified(const struct desk *desk, json_t *findings, int64_t last, const char *hash)
{
    struct buffer out = {0};
    json_t *finding;
    size_t i;
    int status = json_array_size(findings) ? EXIT_FINDINGS : EXIT_CLEAN;

    if (desk->json)
        return print_json(json_pack("{sb sI ss sO}", "sound", status == EXIT_CLEAN, "events",
                                    (json_int_t)last, "head", hash, "findings", findings)) ==
                       EXIT_CLEAN
                   ? status
                   : EXIT_ENVIRONMENT;
    json_array_foreach(findings, i, finding)
        buffer_addf(&out, "%s\n", json_string_value(json_object_get(finding, "finding")));
    if (status == EXIT_CLEAN)
        buffer_addf(&out, "%lld events, none changed, missing or moved\nhead %s\n", (long long)last,
                    hash);
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? status : EXIT_ENVIRONMENT;
}

/* Of the journal alone: also one that cannot be replayed any more. */
static int verify(struct desk *desk)
{
    struct arena arena = {0};
    struct failure failure;
    char hash[JOURNAL_HASH_DIGITS + 1];
    json_t *findings = json_array();
    int status = EXIT_ENVIRONMENT;

    desk_settle(desk);
    struct journal *journal =
        journal_open(path_join(&arena, desk->folder, "journal.db"), JOURNAL_READ, &failure);
    int64_t last = journal ? journal_head(journal, hash) : 0;
    if (journal && journal_verify(journal, add_finding, findings, &failure) >= 0)
        status = say_verified(desk, findings, last, hash);
    else
        complain("%s", failure.message);
    journal_close(journal);
    json_decref(findings);
    arena_free(&arena);
    return status;
}

int cmd_verify(int argc, char **argv)
{
    const struct verb *verb = verb_find("verify");
    struct desk desk = {0};
    const struct option_row options[] = {DESK_OPTIONS(&desk)};
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count)
        return usage_error(verb, "it takes no argument; --shop says which shop");
    return verify(&desk);
}

/* ---- backup ---- */

static bool copy_folder(struct arena *arena, const char *from, const char *to,
                        struct failure *failure)
{
    int count;
    char **names = folder_list(arena, from, &count);
    if (!folder_create(to, failure))
        return false;
    for (int i = 0; i < count; i++) {
        const char *source = path_join(arena, from, names[i]);
        const char *target = path_join(arena, to, names[i]);
        if (strncmp(names[i], "unfinished-", 11) == 0)
            continue;
        if (folder_exists(source) ? !copy_folder(arena, source, target, failure)
                                  : !file_copy(source, target, failure))
            return false;
    }
    return true;
}

/* The journal first: what it goes by is there before it is written, and so in what is copied after it. */
bool back_up(const struct desk *desk, const char *to, struct arena *arena, struct failure *failure)
{
    const char *journal_to = path_join(arena, to, "journal.db");
    if (folder_exists(to) || file_exists(to))
        return fail(failure, "%s is there already; a backup goes into a new folder", to);
    struct journal *journal =
        journal_open(path_join(arena, desk->folder, "journal.db"), JOURNAL_READ, failure);
    bool good = journal && folder_create(to, failure) &&
                journal_backup(journal, journal_to, failure) &&
                copy_folder(arena, path_join(arena, desk->folder, "specs"),
                            path_join(arena, to, "specs"), failure);
    journal_close(journal);
    return good;
}

int cmd_backup(int argc, char **argv)
{
    const struct verb *verb = verb_find("backup");
    struct desk desk = {0};
    const struct option_row options[] = {DESK_OPTIONS(&desk)};
    struct arena arena = {0};
    struct failure failure;
    struct buffer said = {0};
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, "into which folder?");
    desk_settle(&desk);
    bool good = back_up(&desk, argv[1], &arena, &failure);
    if (!good)
        complain("%s", failure.message);
    else if (desk.json)
        buffer_add_text(&said, "{\"backed_up\":true}\n");
    else
        buffer_addf(&said,
                    "%s is a whole shop as it was just now: flowd verify --shop %s looks it "
                    "through; to restore, use it in the place of the shop\n",
                    argv[1], argv[1]);
    good = good && print_out(&said);
    buffer_free(&said);
    arena_free(&arena);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
