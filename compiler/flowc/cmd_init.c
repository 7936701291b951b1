/* flowc init DIR: a copy of specs/starter, a shop that checks clean and teaches by its comments. */
#include "flowc/flowc.h"

#include "base/file.h"
#include "base/sink.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct made {
    struct made *before;
    const char *path;
};

struct copying {
    struct arena arena;
    struct failure failure;
    struct made *last;
    struct buffer list; /* what was made, for people */
};

static bool is_for_us(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strcmp(dot, ".py") == 0; /* how the model was made is no part of a shop */
}

static bool copy_file(struct copying *copying, const char *from, const char *to)
{
    char *bytes;
    size_t length;
    if (file_exists(to))
        return fail(&copying->failure, "%s is there already; nothing is written over", to);
    if (file_read(from, (size_t)64 << 20, &bytes, &length, &copying->failure) != FILE_OK)
        return false;
    bool good = file_write(to, bytes, length, &copying->failure);
    free(bytes);
    buffer_addf(&copying->list, "%s\n", to);
    struct made *made = ARENA_NEW(&copying->arena, struct made);
    *made = (struct made){copying->last, to};
    copying->last = made;
    return good;
}

/* Half a shop would stand in the way of the next try: what was made goes, and the folders that are empty then, but not
   the one that was asked for. */
static void take_back(struct copying *copying, const char *folder)
{
    for (const struct made *made = copying->last; made; made = made->before) {
        const char *inside = path_folder(&copying->arena, made->path);
        unlink(made->path);
        if (strcmp(inside, path_join(&copying->arena, folder, ".")) != 0)
            rmdir(inside);
    }
}

static bool copy_folder(struct copying *copying, const char *from, const char *to, int depth)
{
    int count;
    char **names = folder_list(&copying->arena, from, &count);
    if (count < 0)
        return fail(&copying->failure, "%s cannot be read", from);
    for (int i = 0; i < count && depth < 8; i++) {
        char *source = path_join(&copying->arena, from, names[i]),
             *target = path_join(&copying->arena, to, names[i]);
        if (is_for_us(names[i]))
            continue;
        bool good = folder_exists(source) ? copy_folder(copying, source, target, depth + 1)
                                          : copy_file(copying, source, target);
        if (!good)
            return false;
    }
    return true;
}

/* Looked at before anything is written, so that a refusal leaves the folder as it was. */
static bool is_free(struct copying *copying, const char *from, const char *to)
{
    int count;
    char **names = folder_list(&copying->arena, from, &count);
    for (int i = 0; i < count; i++) {
        const char *target = path_join(&copying->arena, to, names[i]);
        if (file_exists(target) || folder_exists(target))
            return fail(&copying->failure, "%s is there already; choose another folder", target);
    }
    return true;
}

int cmd_init(int argc, char **argv)
{
    const struct verb *verb = verb_find("init");
    bool done;
    int count = options_read(argc, argv, verb, NULL, 0, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one folder" : "which folder?");
    struct copying copying = {0};
    const char *specs = specs_folder(&copying.arena);
    const char *from = specs ? path_join(&copying.arena, specs, "starter") : "";
    bool good =
        folder_exists(from) ||
        (specs_found(&copying.failure) &&
         fail(&copying.failure, "the starter shop is not installed; `flowc doctor` says more"));
    good = good && is_free(&copying, from, argv[1]) && folder_create(argv[1], &copying.failure) &&
           copy_folder(&copying, from, argv[1], 0);
    if (good) {
        buffer_addf(&copying.list, "\nNext: flowc check %s/coaster.flow\n", argv[1]);
        good = print_out(&copying.list);
    } else {
        take_back(&copying, argv[1]);
        complain("%s", copying.failure.message);
    }
    buffer_free(&copying.list);
    arena_free(&copying.arena);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
