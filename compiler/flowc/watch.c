#include "flowc/watch.h"
#include "program/modules.h"

#include "base/file.h"
#include "base/memory.h"
#include "flowc/ending.h"
#include "flowc/watching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Everything that is watched. A file's path is its own memory. */
struct shelf {
    const struct watch *watch;
    struct watching watching;
    struct built_file *files;
    int count, rounds;
    bool fewer; /* a file went away */
};

/* ---- which files there are ---- */

static char *kept_text(const char *text)
{
    char *copy = memory_alloc(strlen(text) + 1);
    strcpy(copy, text);
    return copy;
}

static void drop(struct built_file *file)
{
    char *path;
    memcpy(&path, &file->path, sizeof path);
    built_close(file);
    free(path);
}

/* The file of that path, taken off the old shelf; a new one where there was none. */
static struct built_file taken(struct shelf *shelf, const char *path)
{
    for (int i = 0; i < shelf->count; i++)
        if (shelf->files[i].path && strcmp(shelf->files[i].path, path) == 0) {
            struct built_file file = shelf->files[i];
            shelf->files[i].path = NULL;
            return file;
        }
    return (struct built_file){.path = kept_text(path)};
}

static void note_folder(void *context, const char *path, const struct file_mark *mark)
{
    struct shelf *shelf = context;
    if (mark->folder)
        watching_add(&shelf->watching, path);
}

/* Looks through the folders that were given: files come and go. What is written is no reason to look again. */
static bool look(struct shelf *shelf)
{
    struct arena arena = {0};
    const char **paths;
    inputs_listen(note_folder, shelf);
    int count = expand_paths(&arena, shelf->watch->argc, shelf->watch->argv, &paths);
    inputs_listen(NULL, NULL);
    if (count < 0 && shelf->files) { /* a folder is empty now: it may fill again */
        count = 0;
        paths = NULL;
    }
    if (count >= 0) {
        struct built_file *files = memory_zeroed((size_t)count, sizeof *files);
        for (int i = 0; i < count; i++)
            files[i] = taken(shelf, paths[i]);
        for (int i = 0; i < shelf->count; i++)
            if (shelf->files[i].path) {
                drop(&shelf->files[i]);
                shelf->fewer = true;
            }
        free(shelf->files);
        shelf->files = files;
        shelf->count = count;
    }
    arena_free(&arena);
    return count >= 0;
}

/* ---- what changed ---- */

static bool has_changed(const struct built_file *file)
{
    for (int i = 0; i < file->input_count; i++) {
        struct file_mark now = file_mark_of(file->inputs[i].path);
        if (!file_mark_equal(&now, &file->inputs[i].mark))
            return true;
    }
    return file->input_count == 0;
}

/* Where a process died before it told what it read: the file itself. */
static void watch_inputs(struct shelf *shelf, struct built_file *file)
{
    if (file->input_count == 0) {
        file->inputs = memory_resize(file->inputs, sizeof *file->inputs);
        file->inputs[file->input_count++] =
            (struct built_input){arena_copy_text(&file->arena, file->path, strlen(file->path)),
                                 file_mark_of(file->path)};
        file->input_capacity = 1;
    }
    for (int i = 0; i < file->input_count; i++)
        watching_add(&shelf->watching, file->inputs[i].path);
}

/* ---- a round ---- */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void nothing(struct built_file *file, void *context)
{
    (void)file;
    (void)context;
}

/* Makes what changed anew; whoever listens still finds what it was before in `all` of the round before. */
static bool make(struct shelf *shelf, const int *changed, int count)
{
    const struct watch *watch = shelf->watch;
    double begun_s = now_s();
    const char **paths = memory_zeroed((size_t)count, sizeof *paths);
    struct built_file *fresh = memory_zeroed((size_t)count, sizeof *fresh);
    for (int i = 0; i < count; i++)
        paths[i] = shelf->files[changed[i]].path;
    if (watch->begun)
        watch->begun(watch->context, count);
    bool good = pool_build(watch->request, paths, count, watch->jobs, fresh, nothing, NULL);
    for (int i = 0; i < count; i++) {
        struct built_file *file = &shelf->files[changed[i]];
        fresh[i].path = file->path;
        built_close(file);
        watch_inputs(shelf, &fresh[i]);
        *file = fresh[i];
    }
    if (good) {
        struct watch_round round = {++shelf->rounds, fresh,        count,
                                    shelf->files,    shelf->count, now_s() - begun_s};
        watch->ended(watch->context, &round);
    }
    free(paths);
    free(fresh);
    return good;
}

/* False where a signal ends it. */
static bool make_changed(struct shelf *shelf)
{
    int *changed = memory_zeroed((size_t)shelf->count, sizeof *changed);
    int count = 0;
    for (int i = 0; i < shelf->count; i++)
        if (has_changed(&shelf->files[i]))
            changed[count++] = i;
    bool good = true;
    if (count || shelf->fewer)
        good = make(shelf, changed, count);
    shelf->fewer = false;
    free(changed);
    return good && !ending_signal();
}

enum exit_status watch_and_build(const struct watch *watch)
{
    struct shelf shelf = {.watch = watch};
    struct failure failure;
    if (!watching_open(&shelf.watching, &failure) || !documents_are_there(&failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    ending_begin();
    bool good = look(&shelf);
    while (good && make_changed(&shelf) && watching_wait(&shelf.watching))
        look(&shelf);
    ending_end();
    for (int i = 0; i < shelf.count; i++)
        drop(&shelf.files[i]);
    free(shelf.files);
    watching_close(&shelf.watching);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
