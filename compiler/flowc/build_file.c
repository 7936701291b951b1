/* The documents of one file, and what came of them. */
#include "flowc/build.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FLOW_VERSION
#define FLOW_VERSION "0.0.0"
#endif

/* ---- telling ---- */

static void tell(struct builder *builder, enum build_record record, const char *text)
{
    builder->tell(builder->context, record, text, strlen(text));
}

/* A product's own documents are no input, though a packet is made of some of them. */
static bool is_output(const struct builder *builder, const char *path)
{
    const struct spec *spec = builder->session.spec;
    for (int i = 0; spec && i < spec->product_count; i++) {
        struct arena arena = {0};
        const char *folder = path_join(&arena, builder->request->out, spec->products[i]->base.name);
        size_t length = strlen(folder);
        bool inside = strncmp(path, folder, length) == 0 && (!path[length] || path[length] == '/');
        arena_free(&arena);
        if (inside)
            return true;
    }
    return false;
}

static void note_input(void *context, const char *path, const struct file_mark *mark)
{
    struct builder *builder = context;
    size_t length = strlen(path);
    if (intern_find(&builder->noted, path, length) || is_output(builder, path))
        return;
    intern(&builder->noted, path, length);
    struct buffer record = {0};
    buffer_add(&record, (const char *)mark, sizeof *mark);
    buffer_add(&record, path, length);
    builder->tell(builder->context, RECORD_INPUT, record.text, record.length);
    buffer_free(&record);
}

static void tell_findings(struct builder *builder)
{
    struct session *session = &builder->session;
    struct buffer text = {0};
    struct render_options options = {
        .format = RENDER_HUMAN, .color = true, .max_errors = 100, .version = FLOW_VERSION};
    if (session->diagnostics.count)
        render_diagnostics(&text, &session->diagnostics, &session->sources, &options);
    tell(builder, RECORD_FINDINGS, buffer_text(&text));
    buffer_free(&text);
}

/* ---- making ---- */

/* The products that a build of this file makes. */
static const struct product *product_of(const struct spec *spec, int index)
{
    for (int i = 0; i < spec->product_count; i++) {
        const struct product *product = spec->products[i];
        if (product->base.source == spec->main && product->workflow && index-- == 0)
            return product;
    }
    return NULL;
}

void builder_close(struct builder *builder)
{
    inputs_listen(NULL, NULL);
    if (!builder->open)
        return;
    interner_close(&builder->noted);
    arena_free(&builder->noted_texts);
    session_close(&builder->session);
    builder->open = false;
}

static void tell_loaded(struct builder *builder)
{
    struct session *session = &builder->session;
    struct build_loaded loaded = {.errors = session->diagnostics.errors,
                                  .warnings = session->diagnostics.warnings};
    while (product_of(session->spec, loaded.products))
        loaded.products++;
    builder->tell(builder->context, RECORD_LOADED, &loaded, sizeof loaded);
    if (builder->request->preview)
        tell_findings(builder);
}

enum exit_status builder_load(struct builder *builder, const char *path, bool again)
{
    builder_close(builder);
    builder->open = true;
    builder->session = (struct session){.spec = NULL};
    interner_open(&builder->noted, &builder->noted_texts);
    if (builder->request->inputs)
        inputs_listen(note_input, builder);
    if (again)
        return session_load(&builder->session, path) && !builder->session.diagnostics.errors
                   ? EXIT_CLEAN
                   : EXIT_ENVIRONMENT;
    if (!session_open(&builder->session, path))
        return EXIT_ENVIRONMENT;
    bool errors = session_show(&builder->session, builder->request->quiet);
    tell_loaded(builder);
    return errors ? EXIT_FINDINGS : EXIT_CLEAN; /* the last good documents stay as they are */
}

static bool list_written(const struct emit_context *context)
{
    struct buffer out = {0};
    for (int i = 0; i < context->written_count; i++)
        buffer_addf(&out, "%s/%s\n", context->folder, context->written[i]);
    bool good = print_out(&out);
    buffer_free(&out);
    return good;
}

static bool emit_all(const struct builder *builder, struct emit_context *context, bool terminal)
{
    const char *name = context->product->base.name;
    for (int i = 0; i < emit_row_count; i++) {
        if (!builder->request->wanted[i])
            continue;
        if (terminal)
            fprintf(stderr, "\r\x1b[K%s: %s", name, emit_rows[i].name);
        bool good = emit_rows[i].emit(context);
        if (terminal)
            fputs("\r\x1b[K", stderr);
        if (good)
            continue;
        complain("%s of %s: %s", emit_rows[i].name, name, context->failure->message);
        return false;
    }
    return true;
}

static void tell_product(struct builder *builder, const struct emit_context *context)
{
    const struct product *product = context->product;
    const struct spec *spec = builder->session.spec;
    for (int i = 0; i < context->written_count; i++)
        tell(builder, RECORD_WRITTEN, context->written[i]);
    if (!builder->request->preview)
        return;
    struct buffer costs = {0};
    build_costs(&costs, spec, product);
    tell(builder, RECORD_TITLE, declaration_title(spec, &product->base, NULL, context->arena));
    tell(builder, RECORD_COSTS, buffer_text(&costs));
    buffer_free(&costs);
}

/* The revision history that goes along with a product's packets; NULL where there is none. */
static const char *history_of(struct builder *builder, const struct product *product)
{
    struct arena *arena = &builder->session.arena;
    const char *folder = builder->request->history;
    const char *path =
        folder ? path_join(arena, folder, arena_printf(arena, "%s.md", product->base.name)) : NULL;
    return path && file_exists(path) ? path : NULL;
}

enum exit_status builder_make(struct builder *builder, int index)
{
    struct session *session = &builder->session;
    const struct product *product = product_of(session->spec, index);
    if (!product) {
        complain("%s changed while its documents were made", session->spec->main->path);
        return EXIT_ENVIRONMENT;
    }
    struct emit_context context = {
        .spec = session->spec,
        .product = product,
        .folder = path_join(&session->arena, builder->request->out, product->base.name),
        .paper = builder->request->paper,
        .history = history_of(builder, product),
        .arena = &session->arena,
        .failure = &session->failure};
    bool here = fileno(stderr) == STDERR_FILENO; /* not in a process that others wait for */

    tell(builder, RECORD_NAME, product->base.name);
    if (!emit_all(builder, &context, here && isatty(STDERR_FILENO)))
        return EXIT_ENVIRONMENT;
    tell_product(builder, &context);
    return builder->request->quiet || list_written(&context) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* ---- what came of it ---- */

static const char *copied(struct built_file *file, const char *bytes, size_t length)
{
    return arena_copy_text(&file->arena, bytes, length);
}

static void take_written(struct built_file *file, struct built_product *product, const char *name)
{
    if (product->written_count == product->written_capacity) {
        int capacity = 2 * product->written_capacity + 16;
        const char **grown = ARENA_ARRAY(&file->arena, const char *, capacity);
        if (product->written_count)
            memcpy(grown, product->written, sizeof *grown * (size_t)product->written_count);
        product->written = grown;
        product->written_capacity = capacity;
    }
    product->written[product->written_count++] = name;
}

static void take_input(struct built_file *file, const char *bytes, size_t length)
{
    struct built_input input;
    memcpy(&input.mark, bytes, sizeof input.mark);
    input.path =
        arena_copy_text(&file->arena, bytes + sizeof input.mark, length - sizeof input.mark);
    for (int i = 0; i < file->input_count; i++)
        if (strcmp(file->inputs[i].path, input.path) == 0)
            return;
    if (file->input_count == file->input_capacity) {
        file->input_capacity = 2 * file->input_capacity + 64;
        file->inputs =
            memory_resize(file->inputs, sizeof *file->inputs * (size_t)file->input_capacity);
    }
    file->inputs[file->input_count++] = input;
}

static void take_loaded(struct built_file *file, const char *bytes)
{
    struct build_loaded loaded;
    memcpy(&loaded, bytes, sizeof loaded);
    file->errors = loaded.errors;
    file->warnings = loaded.warnings;
    file->product_count = loaded.errors ? 0 : loaded.products;
    file->products = ARENA_ARRAY(&file->arena, struct built_product, file->product_count);
}

static void take_done(struct built_file *file, struct built_product *product, const char *bytes)
{
    enum exit_status status;
    memcpy(&status, bytes, sizeof status);
    file->status = status > file->status ? status : file->status;
    if (!product) {
        file->loaded = true;
        return;
    }
    product->status = status;
    product->done = true;
    file->done_count++;
}

void built_take(struct built_file *file, int index, enum build_record record, const char *bytes,
                size_t length)
{
    struct built_product *product = index >= 0 ? &file->products[index] : NULL;
    switch (record) {
    case RECORD_OUT:
        buffer_add(product ? &product->out : &file->out, bytes, length);
        break;
    case RECORD_ERROR:
        buffer_add(product ? &product->error : &file->error, bytes, length);
        break;
    case RECORD_INPUT:
        take_input(file, bytes, length);
        break;
    case RECORD_LOADED:
        take_loaded(file, bytes);
        break;
    case RECORD_FINDINGS:
        buffer_add(&file->findings, bytes, length);
        break;
    case RECORD_NAME:
        product->name = copied(file, bytes, length);
        break;
    case RECORD_TITLE:
        product->title = copied(file, bytes, length);
        break;
    case RECORD_WRITTEN:
        take_written(file, product, copied(file, bytes, length));
        break;
    case RECORD_COSTS:
        buffer_add(&product->costs, bytes, length);
        break;
    case RECORD_DONE:
        take_done(file, product, bytes);
        break;
    }
}

void built_close(struct built_file *file)
{
    for (int i = 0; i < file->product_count; i++) {
        buffer_free(&file->products[i].out);
        buffer_free(&file->products[i].error);
        buffer_free(&file->products[i].costs);
    }
    buffer_free(&file->out);
    buffer_free(&file->error);
    buffer_free(&file->findings);
    free(file->inputs);
    arena_free(&file->arena);
    *file = (struct built_file){.path = file->path};
}
