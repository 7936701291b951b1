#include "harness.h"

#include "base/memory.h"
#include "check/check.h"
#include "cost/cost.h"
#include "source/render.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void require(bool holds)
{
    if (!holds)
        abort();
}

struct source *add_bytes(struct source_set *set, const uint8_t *bytes, size_t length)
{
    char *copy = memory_zeroed(1, length + 2);
    if (length)
        memcpy(copy, bytes, length);
    return source_add(set, "fuzz.flow", ".", copy, length);
}

void draw_all(struct diagnostics *diagnostics, const struct source_set *sources)
{
    diagnostics_sort(diagnostics, sources);
    for (int i = 0; i < diagnostics->count; i++) {
        struct span span = diagnostics->items[i]->span;
        const struct source *source = source_of(sources, span.begin);
        require(source && span.end >= span.begin && source_of(sources, span.end) == source);
    }
    for (int format = RENDER_HUMAN; format <= RENDER_GITHUB; format++) {
        struct buffer out = {0};
        struct render_options options = {(enum render_format)format, true, 20, "0.0.0", NULL};
        render_diagnostics(&out, diagnostics, sources, &options);
        buffer_free(&out);
    }
}

/* ---- a folder with files whose bytes change from run to run ---- */

/* A link to memory: nothing is written to a disk. Returns the descriptor. */
static int memory_file(const char *name)
{
    char target[64];
    int descriptor = memfd_create(name, 0);
    require(descriptor >= 0);
    snprintf(target, sizeof target, "/proc/self/fd/%d", descriptor);
    unlink(name);
    require(symlink(target, name) == 0);
    return descriptor;
}

static void fill(int descriptor, const uint8_t *bytes, size_t length)
{
    require(ftruncate(descriptor, 0) == 0);
    require(pwrite(descriptor, bytes, length, 0) == (ssize_t)length);
}

static void fill_text(const char *name, const char *text)
{
    fill(memory_file(name), (const uint8_t *)text, strlen(text));
}

static const char tetrahedron[] =
    "solid t\n"
    "facet outer loop vertex 0 0 0 vertex 0 9 0 vertex 9 0 0 endloop endfacet\n"
    "facet outer loop vertex 0 0 0 vertex 9 0 0 vertex 0 0 9 endloop endfacet\n"
    "facet outer loop vertex 0 0 0 vertex 0 0 9 vertex 0 9 0 endloop endfacet\n"
    "facet outer loop vertex 9 0 0 vertex 0 9 0 vertex 0 0 9 endloop endfacet\n"
    "endsolid t\n";
static const char other[] =
    "edition 1\nuse \"other.flow\"\nstation other_bench \"B\" { rate 30 USD/h }\n";

/* The folder that run.sh has made for us becomes the current one; run.sh removes it. */
static int yaml_descriptor(void)
{
    static int descriptor = -1;
    if (descriptor >= 0)
        return descriptor;
    const char *folder = getenv("FUZZ_FOLDER");
    require(folder && chdir(folder) == 0);
    fill_text("model.stl", tetrahedron);
    fill_text("other.flow", other);
    return descriptor = memory_file("m.yaml");
}

static void fill_standard_input(const uint8_t *bytes, size_t length)
{
    static int descriptor = -1;
    if (descriptor < 0)
        descriptor = memfd_create("input", 0);
    fill(descriptor, bytes, length);
    require(lseek(descriptor, 0, SEEK_SET) == 0 && dup2(descriptor, STDIN_FILENO) == STDIN_FILENO);
}

/* ---- costs ---- */

/* Where one of these families found an error, no figure would mean anything and `flowc cost` gives none. */
static bool figures_hold(const struct diagnostics *list)
{
    static const char *const families[] = {"reading", "names", "units", "variants", "graph"};
    for (int i = 0; i < list->count; i++)
        for (size_t f = 0; f < sizeof families / sizeof *families; f++)
            if (list->items[i]->severity == SEVERITY_ERROR &&
                strcmp(rule_rows[list->items[i]->rule].family, families[f]) == 0)
                return false;
    return true;
}

static void cost_sku(const struct spec *spec, const struct product *product, long index)
{
    static const long quantities[] = {1, 7, 1000000000};
    for (size_t q = 0; q < sizeof quantities / sizeof *quantities; q++) {
        struct arena arena = {0};
        struct buffer out = {0};
        struct sku sku;
        struct cost_sheet sheet;
        sku_at(product, index, &sku);
        cost_reckon(spec, &sku, rational_integer(quantities[q]), &arena, &sheet);
        cost_print_json(&out, spec, &sheet);
        cost_print_human(&out, spec, &sheet, true);
        cost_print_batch_sizes(&out, spec, &sku, true);
        cost_print_overview(&out, spec, &sheet, 1, true);
        buffer_free(&out);
        arena_free(&arena);
    }
}

static void cost_all(const struct spec *spec)
{
    enum { SKUS_TRIED = 3 };
    for (int p = 0; p < spec->product_count; p++) {
        const struct product *product = spec->products[p];
        for (long i = 0; i < product->sku_count && i < SKUS_TRIED; i++)
            cost_sku(spec, product, i);
    }
}

void compile_bytes(const uint8_t *text, size_t length, const uint8_t *yaml, size_t yaml_length)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics = {.arena = &arena};
    struct failure failure;
    fill(yaml_descriptor(), yaml, yaml_length);
    fill_standard_input(text, length);
    interner_open(&names, &arena);
    source_set_open(&sources, &arena);
    struct spec *spec = spec_load("-", &arena, &names, &sources, &diagnostics, &failure);
    require(spec);
    check(spec);
    draw_all(&diagnostics, &sources);
    if (figures_hold(&diagnostics))
        cost_all(spec);
    spec_close(spec);
    source_set_close(&sources);
    interner_close(&names);
    arena_free(&arena);
    rational_release_all();
}
