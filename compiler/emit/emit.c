/* What every output needs: its paths, what it wrote, what a source is called. */
#include "emit/emit.h"

#include "base/file.h"

#include <string.h>

void emit_wrote(struct emit_context *context, const char *name)
{
    if (context->written_count == context->written_capacity) {
        int capacity = 2 * context->written_capacity + 16;
        const char **grown = ARENA_ARRAY(context->arena, const char *, capacity);
        if (context->written_count > 0)
            memcpy(grown, context->written, sizeof *grown * (size_t)context->written_count);
        context->written = grown;
        context->written_capacity = capacity;
    }
    context->written[context->written_count++] =
        arena_copy_text(context->arena, name, strlen(name));
}

char *emit_path(struct emit_context *context, const char *name)
{
    return path_join(context->arena, context->folder, name);
}

/* How many leading components two paths share, and where in each the rest begins. */
static void skip_common(const char **a, const char **b)
{
    for (;;) {
        size_t length = strcspn(*a, "/");
        if (length == 0 || strcspn(*b, "/") != length || strncmp(*a, *b, length) != 0 ||
            (*a)[length] != '/' || (*b)[length] != '/')
            return;
        *a += length + 1;
        *b += length + 1;
    }
}

const char *emit_source_name(const struct spec *spec, const struct source *source,
                             struct arena *arena)
{
    const char *path = source->path, *from = spec->main->path;

    if (source->shared) { /* wherever the tool is installed */
        const char *specs = strstr(path, "specs/");
        for (const char *next = specs; next; next = strstr(next + 1, "specs/"))
            specs = next;
        return specs ? specs + strlen("specs/") : path_base(path);
    }
    if ((path[0] == '/') != (from[0] == '/'))
        return path_base(path);
    path += path[0] == '/';
    from += from[0] == '/';
    skip_common(&path, &from);
    for (; (from = strchr(from, '/')); from++)
        path = arena_printf(arena, "../%s", path);
    return path;
}
