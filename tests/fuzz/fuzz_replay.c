/* Any lines as the events of a shop: what fits is applied, whatever it does to the shop's sense, and nothing breaks. */
#include "engine/decide.h"
#include "harness.h"

#include "base/rational.h"

#include <string.h>

static struct revision revision;
static struct arena arena;

static const struct revision *find(const char *snapshot, const char *product, void *names)
{
    (void)snapshot, (void)names;
    return strcmp(product, "lamp") == 0 ? &revision : NULL;
}

/* The spec is compiled once. */
static void open_spec(void)
{
    static struct interner names;
    static struct source_set sources;
    static struct diagnostics diagnostics;
    struct failure failure;
    interner_open(&names, &arena);
    source_set_open(&sources, &arena);
    diagnostics.arena = &arena;
    struct spec *spec = spec_load("tests/unit/specs/all_rules.flow", &arena, &names, &sources,
                                  &diagnostics, &failure);
    require(spec && !diagnostics.errors);
    revision = (struct revision){.snapshot = "s",
                                 .product = "lamp",
                                 .number = "A",
                                 .fingerprint = "f",
                                 .spec = spec,
                                 .made = spec->products[0]};
    revision.graphs = ARENA_ARRAY(&arena, struct graph *, revision.made->sku_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct state state;
    const char *at = (const char *)bytes, *end = at + length;

    if (!revision.spec)
        open_spec();
    state_open(&state, find, NULL);
    revision.fingerprint = intern_text(&state.names, "f");
    while (at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        struct message event;
        struct failure failure = {""};
        size_t own = next ? (size_t)(next - at) : (size_t)(end - at);
        if (message_read(at, own, true, &state.names, &event, &failure) &&
            event_fits(&state, &event, &failure))
            apply(&state, &event, 1000);
        else
            require(failure.message[0] != '\0');
        at += own + 1;
    }
    state_close(&state);
    return 0;
}
