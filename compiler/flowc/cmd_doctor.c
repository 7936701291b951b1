/* flowc doctor: whether everything this tool needs is there, and what to do where it is not. */
#include "flowc/flowc.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum finding { THERE, LACKS, NICE_TO_HAVE };

static const char *const finding_words[] = {"ok", "missing", "optional"};

struct checkup {
    struct arena arena;
    struct buffer text;
    bool color;
    int missing;
};

static void say(struct checkup *checkup, enum finding finding, const char *what, const char *detail)
{
    static const char *const colors[] = {"32", "31", "33"};
    checkup->missing += finding == LACKS;
    if (checkup->color)
        buffer_addf(&checkup->text, "\x1b[%sm%-9s\x1b[0m", colors[finding], finding_words[finding]);
    else
        buffer_addf(&checkup->text, "%-9s", finding_words[finding]);
    buffer_addf(&checkup->text, " %-12s %s\n", what, detail);
}

static void look_for_specs(struct checkup *checkup)
{
    const char *folder = specs_folder(&checkup->arena);
    const char *processes =
        folder ? path_join(&checkup->arena, folder, "std/processes.flow") : NULL;
    if (processes && file_exists(processes))
        say(checkup, THERE, "specs", folder);
    else
        say(checkup, LACKS, "specs",
            folder
                ? arena_printf(&checkup->arena,
                               "%s is not there; install flow again, or set FLOW_SPECS", processes)
                : "the shipped specs are nowhere; install flow again, or set FLOW_SPECS to their "
                  "folder");
}

static void look_at_path(struct checkup *checkup)
{
    const char *path = getenv("FLOW_PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        const char *folder = arena_copy_text(&checkup->arena, path, length);
        if (length && folder_exists(folder))
            say(checkup, THERE, "FLOW_PATH", folder);
        else if (length)
            say(checkup, LACKS, "FLOW_PATH",
                arena_printf(&checkup->arena, "%s is no folder", folder));
        path += length + (path[length] == ':');
    }
}

static void look_for_documents(struct checkup *checkup)
{
    struct failure failure;
    if (documents_are_there(&failure))
        say(checkup, THERE, "documents", "pages, diagrams and workbooks can be drawn");
    else
        say(checkup, LACKS, "documents", failure.message);
}

/* The program's path in one of PATH's folders; NULL if it is in none. */
static const char *find_program(struct arena *arena, const char *name)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        const char *program = path_join(arena, arena_copy_text(arena, path, length), name);
        if (access(program, X_OK) == 0 && file_exists(program))
            return program;
        path += length + (path[length] == ':');
    }
    return NULL;
}

static void look_for_programs(struct checkup *checkup)
{
    static const struct {
        const char *name, *otherwise;
    } programs[] = {
        {"prusa-slicer",
         "without it plates are packed, not sliced; on Debian: apt-get install prusa-slicer"},
        {"git", "without it `flowc diff` compares files only, not revisions; on Debian: apt-get "
                "install git"},
    };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const char *path = find_program(&checkup->arena, programs[i].name);
        say(checkup, path ? THERE : NICE_TO_HAVE, programs[i].name,
            path ? path : programs[i].otherwise);
    }
}

int cmd_doctor(int argc, char **argv)
{
    const struct verb *verb = verb_find("doctor");
    bool done;
    int count = options_read(argc, argv, verb, NULL, 0, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count > 0)
        return usage_error(verb, "it takes no argument, not `%s`", argv[1]);
    struct checkup checkup = {.color = color_wanted(false)};
    say(&checkup, THERE, "flowc", FLOW_VERSION ", language edition 1");
    look_for_specs(&checkup);
    look_at_path(&checkup);
    look_for_documents(&checkup);
    look_for_programs(&checkup);
    bool written = print_out(&checkup.text);
    buffer_free(&checkup.text);
    arena_free(&checkup.arena);
    return written && checkup.missing == 0 ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
