/* Pages, diagrams and workbooks stand on libraries that take 15 ms to load, ten times what a check
   of a small spec takes. So they are a module beside the program, opened the first time a document
   is asked for. This file is the door: the functions of emit/emit.h, each calling the one of the
   same name in the module. */
#include "base/arena.h"
#include "base/file.h"
#include "emit/emit.h"
#include "flowc/flowc.h"
#include "page/drawing.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = {
    "flow_documents.so",             /* a build folder */
    "../lib/flow/flow_documents.so", /* installed */
};

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

/* The module, opened once; NULL with a failure where it cannot be. */
static void *module(struct failure *failure)
{
    static void *handle;
    if (handle)
        return handle;
    struct arena arena = {0};
    const char *folder = program_folder(&arena);
    const char *path = NULL;
    for (size_t i = 0; i < sizeof places / sizeof places[0] && !path; i++) {
        char *candidate = path_join(&arena, folder, places[i]);
        if (file_exists(candidate))
            path = candidate;
    }
    if (!path) {
        fail(failure, "%s: the part of flowc that draws documents is not there; install flow again",
             path_join(&arena, folder, places[1]));
    } else {
        handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (!handle)
            fail(failure, "%s; `flowc doctor` says what is missing", dlerror());
    }
    arena_free(&arena);
    return handle;
}

bool documents_are_there(struct failure *failure)
{
    return module(failure) != NULL;
}

/* The address of a function of the module, written to *function; false with a failure. */
static bool find(const char *name, void *function, struct failure *failure)
{
    void *handle = module(failure);
    void *address = handle ? dlsym(handle, name) : NULL;
    if (handle && !address)
        fail(failure, "the documents' module has no %s; install flow again", name);
    memcpy(function, &address, sizeof address); /* C has no cast from an object to a function */
    return address != NULL;
}

#define OUTPUTS(O) O(instructions) O(diagram) O(workbook) O(packet) O(labels) O(forms) O(spec)

#define DOOR(name)                                                                                 \
    bool emit_##name(struct emit_context *context)                                                 \
    {                                                                                              \
        bool (*emit)(struct emit_context *);                                                       \
        return find("emit_" #name, &emit, context->failure) && emit(context);                      \
    }
OUTPUTS(DOOR)

bool diagram_render(const struct spec *spec, const struct product *product, const char *format,
                    struct buffer *out, struct failure *failure)
{
    bool (*render)(const struct spec *, const struct product *, const char *, struct buffer *,
                   struct failure *);
    return find("diagram_render", &render, failure) && render(spec, product, format, out, failure);
}

bool diagram_render_with(const struct spec *spec, const struct product *product,
                         const struct diagram_options *options, const char *format,
                         struct buffer *out, struct failure *failure)
{
    bool (*render)(const struct spec *, const struct product *, const struct diagram_options *,
                   const char *, struct buffer *, struct failure *);
    return find("diagram_render_with", &render, failure) &&
           render(spec, product, options, format, out, failure);
}

bool drawing_render(const struct scene *scene, const char *view, const char *format,
                    const char *title, struct buffer *out, struct failure *failure)
{
    bool (*render)(const struct scene *, const char *, const char *, const char *, struct buffer *,
                   struct failure *);
    return find("drawing_render", &render, failure) &&
           render(scene, view, format, title, out, failure);
}
