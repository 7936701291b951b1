#include "program/program.h"

#include "base/file.h"
#include "base/rational.h"
#include "check/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef FLOW_VERSION
#define FLOW_VERSION "0.0.0"
#endif

bool session_load(struct session *session, const char *path)
{
    memset(session, 0, sizeof *session);
    session->numbers = rational_mark();
    interner_open(&session->names, &session->arena);
    source_set_open(&session->sources, &session->arena);
    session->diagnostics.arena = &session->arena;
    session->spec = spec_load(path, &session->arena, &session->names, &session->sources,
                              &session->diagnostics, &session->failure);
    if (!session->spec)
        return false;
    check(session->spec);
    return true;
}

bool session_open(struct session *session, const char *path)
{
    if (!session_load(session, path)) {
        complain("%s", session->failure.message);
        return false;
    }
    diagnostics_sort(&session->diagnostics, &session->sources);
    return true;
}

void session_close(struct session *session)
{
    spec_close(session->spec);
    source_set_close(&session->sources);
    interner_close(&session->names);
    arena_free(&session->arena);
    rational_release_since(session->numbers);
}

bool session_show(struct session *session, bool errors_only)
{
    struct buffer text = {0};
    struct render_options options = {.format = RENDER_HUMAN,
                                     .color = color_wanted(true),
                                     .max_errors = 20,
                                     .version = FLOW_VERSION};
    struct diagnostics shown = session->diagnostics;
    if (errors_only) {
        shown.items = ARENA_ARRAY(&session->arena, struct diagnostic *, shown.count + 1);
        shown.count = shown.warnings = 0;
        for (int i = 0; i < session->diagnostics.count; i++)
            if (session->diagnostics.items[i]->severity == SEVERITY_ERROR)
                shown.items[shown.count++] = session->diagnostics.items[i];
    }
    if (shown.count) {
        render_diagnostics(&text, &shown, &session->sources, &options);
        fwrite(text.text, 1, text.length, stderr);
    }
    buffer_free(&text);
    return session->diagnostics.errors > 0;
}

static const struct product *only_product(struct session *session)
{
    const struct spec *spec = session->spec;
    const struct product *found = NULL;
    for (int i = 0; i < spec->product_count; i++) {
        const struct product *product = spec->products[i];
        if (product->workflow && product->base.source == spec->main && !found)
            found = product;
    }
    return found ? found : spec->product_count ? spec->products[0] : NULL;
}

const struct product *session_product(struct session *session, const char *name)
{
    const struct spec *spec = session->spec;
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; name && i < spec->product_count; i++) {
        int distance = edit_distance(name, spec->products[i]->base.name);
        if (distance == 0 && strcmp(name, spec->products[i]->base.name) == 0)
            return spec->products[i];
        if (distance < nearest)
            nearest = distance, best = spec->products[i]->base.name;
    }
    const struct product *only = name ? NULL : only_product(session);
    if (only)
        return only;
    if (name)
        complain("%s has no product `%s`", session->spec->main->path, name);
    else
        complain("%s has no product", session->spec->main->path);
    if (best && close_enough(name, nearest))
        fprintf(stderr, "did you mean `--product %s`?\n", best);
    return NULL;
}
