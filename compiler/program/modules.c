#include "program/modules.h"

#include "base/arena.h"
#include "base/file.h"
#include "program/program.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = {
    ".",           /* a build folder */
    "../lib/flow", /* installed */
};
enum { PLACES = sizeof places / sizeof *places };

/* The folder this program stands in; "" where the system does not say. */
static const char *program_folder(struct arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return "";
    path[length] = '\0';
    return path_folder(arena, path);
}

bool module_open(struct module *module, struct failure *failure)
{
    if (module->handle)
        return true;
    struct arena arena = {0};
    const char *folder = program_folder(&arena);
    const char *path = NULL, *candidate = NULL;
    for (int i = 0; i < PLACES && !path; i++) {
        candidate = path_join(&arena, path_join(&arena, folder, places[i]), module->file);
        if (file_exists(candidate))
            path = candidate;
    }
    if (!path) {
        fail(failure, "%s: the part of %s that %s is not there; install flow again", candidate,
             program.name, module->does);
    } else {
        module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (!module->handle)
            fail(failure, "%s; `flowc doctor` says what is missing", dlerror());
    }
    arena_free(&arena);
    return module->handle != NULL;
}

bool module_find(struct module *module, const char *name, void *function, struct failure *failure)
{
    void *address = module_open(module, failure) ? dlsym(module->handle, name) : NULL;
    if (module->handle && !address)
        fail(failure, "%s has no %s; install flow again", module->file, name);
    memcpy(function, &address, sizeof address); /* C has no cast from an object to a function */
    return address != NULL;
}

void module_need(struct module *module, const char *name, void *function)
{
    struct failure failure;
    if (module_find(module, name, function, &failure))
        return;
    fprintf(stderr, "%s: %s\n", program.name, failure.message);
    exit(EXIT_ENVIRONMENT);
}
