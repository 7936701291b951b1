#include "flowc/preview_state.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- JSON ---- */

static void add_text(struct buffer *out, const char *before, const char *text)
{
    buffer_addf(out, "%s\"", before);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

/* By its bytes: what did not change is not loaded again. */
static void add_document(struct previewed *file, const char *product, const char *path,
                         const char *name, bool first)
{
    struct failure failure;
    char hex[65] = "";
    file_sha256(path, hex, &failure);
    add_text(&file->products, first ? "{\"name\":" : ",{\"name\":", name);
    buffer_addf(&file->products, ",\"version\":\"%.16s\",\"size\":%zu}", hex, file_size(path));
    buffer_addf(&file->addresses, "/files/%s/%s", product, name);
    buffer_add_char(&file->addresses, '\0');
    buffer_add(&file->addresses, path, strlen(path) + 1);
}

static void add_product(struct previewed *file, const char *out,
                        const struct built_product *product)
{
    struct buffer *json = &file->products;
    struct arena arena = {0};
    const char *folder = path_join(&arena, out, product->name);
    add_text(json, json->length ? ",{\"name\":" : "{\"name\":", product->name);
    add_text(json, ",\"title\":", product->title);
    add_text(json, ",\"file\":", file->path);
    buffer_addf(json, ",\"costs\":%s,\"documents\":[", buffer_text(&product->costs));
    for (int i = 0; i < product->written_count; i++)
        add_document(file, product->name, path_join(&arena, folder, product->written[i]),
                     product->written[i], i == 0);
    buffer_add_text(json, "]}");
    arena_free(&arena);
}

static void add_said(struct buffer *out, const struct built_file *file)
{
    struct buffer messages = {0};
    if (!file->findings.length) /* else they are the same, drawn */
        buffer_add_text(&messages, buffer_text(&file->error));
    for (int i = 0; i < file->product_count; i++)
        buffer_add_text(&messages, buffer_text(&file->products[i].error));
    add_text(out, out->length ? ",{\"path\":" : "{\"path\":", file->path);
    buffer_addf(out, ",\"errors\":%d,\"warnings\":%d,\"failed\":%s", file->errors, file->warnings,
                file->status == EXIT_CLEAN ? "false" : "true");
    add_text(out, ",\"findings\":", buffer_text(&file->findings));
    add_text(out, ",\"messages\":", buffer_text(&messages));
    buffer_add_char(out, '}');
    buffer_free(&messages);
}

/* ---- the last good ones ---- */

static void forget(struct previewed *file)
{
    buffer_free(&file->products);
    buffer_free(&file->addresses);
    free(file->path);
    file->path = NULL;
}

static struct previewed taken(struct preview_state *state, const char *path)
{
    for (int i = 0; i < state->count; i++)
        if (state->files[i].path && strcmp(state->files[i].path, path) == 0) {
            struct previewed file = state->files[i];
            state->files[i].path = NULL;
            return file;
        }
    struct previewed file = {.path = memory_alloc(strlen(path) + 1)};
    strcpy(file.path, path);
    return file;
}

/* Those of files that are still there, in their order. */
static void arrange(struct preview_state *state, const struct watch_round *round)
{
    struct previewed *files = memory_zeroed((size_t)round->count, sizeof *files);
    for (int i = 0; i < round->count; i++)
        files[i] = taken(state, round->all[i].path);
    for (int i = 0; i < state->count; i++)
        if (state->files[i].path)
            forget(&state->files[i]);
    free(state->files);
    state->files = files;
    state->count = round->count;
}

static void take_fresh(struct preview_state *state, const struct built_file *fresh)
{
    for (int i = 0; i < state->count; i++) {
        struct previewed *file = &state->files[i];
        if (strcmp(file->path, fresh->path) || fresh->status != EXIT_CLEAN)
            continue;
        buffer_clear(&file->products);
        buffer_clear(&file->addresses);
        for (int p = 0; p < fresh->product_count; p++)
            add_product(file, state->out, &fresh->products[p]);
    }
}

/* ---- telling ---- */

/* Whoever serves may be gone: then this process is told to end as well. */
static void tell(const struct preview_state *state, const struct buffer *message)
{
    uint32_t length = (uint32_t)message->length;
    struct buffer whole = {0};
    buffer_add(&whole, (const char *)&length, sizeof length);
    buffer_add(&whole, message->text, message->length);
    for (size_t at = 0; at < whole.length;) {
        ssize_t written = write(state->states, whole.text + at, whole.length - at);
        if (written <= 0)
            break;
        at += (size_t)written;
    }
    buffer_free(&whole);
}

static void tell_state(const struct preview_state *state, bool working)
{
    struct buffer message = {0};
    buffer_addf(&message, "{\"working\":%s,\"seconds\":\"%.1f\",\"files\":[%s],\"products\":[",
                working ? "true" : "false", state->seconds, buffer_text(&state->said));
    for (int i = 0, told = 0; i < state->count; i++) {
        const struct buffer *products = &state->files[i].products;
        if (products->length)
            buffer_addf(&message, "%s%s", told++ ? "," : "", products->text);
    }
    buffer_add_text(&message, "]}");
    buffer_add_char(&message, '\0');
    for (int i = 0; i < state->count; i++)
        if (state->files[i].addresses.length)
            buffer_add(&message, state->files[i].addresses.text, state->files[i].addresses.length);
    tell(state, &message);
    buffer_free(&message);
}

void preview_begun(void *context, int files)
{
    (void)files;
    tell_state(context, true);
}

void preview_ended(void *context, const struct watch_round *round)
{
    struct preview_state *state = context;
    watch_say(NULL, round);
    arrange(state, round);
    for (int i = 0; i < round->fresh_count; i++)
        take_fresh(state, &round->fresh[i]);
    buffer_clear(&state->said);
    for (int i = 0; i < round->count; i++)
        add_said(&state->said, &round->all[i]);
    state->seconds = round->seconds;
    tell_state(state, false);
}
