/* flowc doctor: is everything there that this tool needs? */
#include "flowc/flowc.h"
#include "program/modules.h"

#include "base/file.h"
#include "emit/emit.h"
#include "quality/sampling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct visit {
    struct arena arena;
    struct buffer out;
    int wrong;
};

static void say(struct visit *visit, bool good, const char *what, const char *detail,
                const char *remedy)
{
    bool color = color_wanted(false);
    const char *mark = good ? "ok  " : "FAIL";
    buffer_addf(&visit->out, "%s%s%s  %-18s %s\n", color ? (good ? "\x1b[32m" : "\x1b[31m") : "",
                mark, color ? "\x1b[0m" : "", what, detail);
    if (!good && remedy)
        buffer_addf(&visit->out, "      %s\n", remedy);
    visit->wrong += !good;
}

static void look_at_specs(struct visit *visit)
{
    struct failure failure;
    const char *specs = specs_folder(&visit->arena);
    bool found = specs_found(&failure);
    say(visit, found, "specs", specs ? specs : "not found", found ? NULL : failure.message);
    bool tables = sampling_has_aql(rational_integer(1));
    say(visit, tables, "sampling tables",
        tables ? "ISO 2859-1 and accept on zero" : "they cannot be read",
        "they belong into specs/sampling; install flow again");
}

static void look_at_paths(struct visit *visit)
{
    const char *rest = getenv("FLOW_PATH");
    while (rest && *rest) {
        size_t length = strcspn(rest, ":");
        char *folder = arena_copy_text(&visit->arena, rest, length);
        if (length)
            say(visit, folder_exists(folder), "FLOW_PATH", folder,
                "there is no such folder; take it out of FLOW_PATH");
        rest += length + (rest[length] == ':');
    }
}

static void look_at_documents(struct visit *visit)
{
    struct failure failure = {""};
    bool good = documents_are_there(&failure);
    say(visit, good, "documents",
        good ? "pages, diagrams and workbooks can be drawn" : failure.message,
        "install what is named, or flow again");
    good = preview_is_there(&failure);
    say(visit, good, "preview", good ? "the page can be served" : failure.message,
        "install what is named, or flow again");
}

static void look_at_disk(struct visit *visit)
{
    bool good = access(".", W_OK) == 0;
    say(visit, good, "this folder", good ? "can be written" : "cannot be written",
        "build into another one: flowc build PATH -o DIR");
}

int cmd_doctor(int argc, char **argv)
{
    bool done;
    const struct verb *verb = verb_find("doctor");
    int count = options_read(argc, argv, verb, NULL, 0, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count)
        return usage_error(verb, "it takes no file; `flowc check` looks at specs");
    struct visit visit = {0};
    look_at_specs(&visit);
    look_at_paths(&visit);
    look_at_documents(&visit);
    look_at_disk(&visit);
    buffer_add_text(&visit.out, visit.wrong
                                    ? "\nSomething is missing; each line above says what to do.\n"
                                    : "\nEverything is there.\n");
    bool good = print_out(&visit.out);
    buffer_free(&visit.out);
    arena_free(&visit.arena);
    return !good ? EXIT_ENVIRONMENT : visit.wrong ? EXIT_ENVIRONMENT : EXIT_CLEAN;
}
