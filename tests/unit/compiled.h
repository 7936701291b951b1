/* A spec compiled for a test, and what it stands on. Include it after cmocka.h. */
#ifndef FLOW_TEST_COMPILED_H
#define FLOW_TEST_COMPILED_H

#include "base/file.h"
#include "spec/spec.h"

#include <string.h>

struct compiled {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct spec *spec;
};

/* The spec must be without a mistake of reading, names, units or variants. */
static void compiled_open(struct compiled *compiled, const char *path)
{
    struct failure failure = {""};

    memset(compiled, 0, sizeof *compiled);
    interner_open(&compiled->names, &compiled->arena);
    source_set_open(&compiled->sources, &compiled->arena);
    compiled->diagnostics.arena = &compiled->arena;
    compiled->spec = spec_load(path, &compiled->arena, &compiled->names, &compiled->sources,
                               &compiled->diagnostics, &failure);
    assert_string_equal(failure.message, "");
    assert_non_null(compiled->spec);
    assert_int_equal(compiled->diagnostics.errors, 0);
}

static void compiled_close(struct compiled *compiled)
{
    spec_close(compiled->spec);
    source_set_close(&compiled->sources);
    interner_close(&compiled->names);
    arena_free(&compiled->arena);
    rational_release_all();
}

#endif
