#include "flowc/lsp/resident.h"

#include "base/inputs.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is noted while a spec is loaded ---- */

static void note_input(void *context, const char *path, const struct file_mark *mark)
{
    struct resident *resident = context;
    (void)mark;
    if (resident->input_count == resident->input_capacity) {
        resident->input_capacity = resident->input_capacity ? resident->input_capacity * 2 : 64;
        resident->inputs = memory_resize(resident->inputs, sizeof *resident->inputs *
                                                               (size_t)resident->input_capacity);
    }
    resident->inputs[resident->input_count++] =
        arena_copy_text(&resident->session.arena, path, strlen(path));
}

static void note_mention(void *context, const struct mention *mention)
{
    struct resident *resident = context;
    if (resident->mention_count == resident->mention_capacity) {
        resident->mention_capacity =
            resident->mention_capacity ? resident->mention_capacity * 2 : 256;
        resident->mentions = memory_resize(
            resident->mentions, sizeof *resident->mentions * (size_t)resident->mention_capacity);
    }
    resident->mentions[resident->mention_count++] = *mention;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* By place; of two names at one, the one that was declared first. */
static int by_place(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    if (a->span.begin != b->span.begin)
        return a->span.begin < b->span.begin ? -1 : 1;
    if (a->what->order != b->what->order)
        return a->what->order < b->what->order ? -1 : 1;
    if (a->own.begin != b->own.begin)
        return a->own.begin < b->own.begin ? -1 : 1;
    return (a->member != NULL) - (b->member != NULL);
}

static void tidy(struct resident *resident)
{
    int count = 0;
    if (resident->input_count)
        qsort(resident->inputs, (size_t)resident->input_count, sizeof *resident->inputs, by_text);
    for (int i = 0; i < resident->input_count; i++)
        if (!count || strcmp(resident->inputs[count - 1], resident->inputs[i]))
            resident->inputs[count++] = resident->inputs[i];
    resident->input_count = count;
    count = 0;
    if (resident->mention_count)
        qsort(resident->mentions, (size_t)resident->mention_count, sizeof *resident->mentions,
              by_place);
    for (int i = 0; i < resident->mention_count; i++)
        if (!count || by_place(&resident->mentions[count - 1], &resident->mentions[i]))
            resident->mentions[count++] = resident->mentions[i];
    resident->mention_count = count;
}

/* ---- opening ---- */

bool resident_open(struct resident *resident, const char *path)
{
    resident_close(resident);
    resident->open = true;
    struct session *session = &resident->session;
    /* session_load empties the session: what is noted before goes into an arena that is there from the begin */
    inputs_listen(note_input, resident);
    spec_mentions_listen(note_mention, resident);
    bool loaded = session_load(session, path);
    spec_mentions_listen(NULL, NULL);
    inputs_listen(NULL, NULL);
    resident->path = arena_copy_text(&session->arena, path, strlen(path));
    diagnostics_sort(&session->diagnostics, &session->sources);
    resident->lined = ARENA_ARRAY(&session->arena, struct lined_text, session->sources.count + 1);
    tidy(resident);
    return loaded;
}

void resident_close(struct resident *resident)
{
    if (!resident->open)
        return;
    for (int i = 0; i < resident->session.sources.count; i++)
        lined_text_close(&resident->lined[i]);
    session_close(&resident->session);
    resident->open = false;
    resident->mention_count = resident->input_count = 0;
    resident->path = NULL;
}

/* ---- asking ---- */

const struct source *resident_source(const struct resident *resident, const char *path)
{
    const struct source_set *sources = &resident->session.sources;
    for (int i = 0; resident->open && i < sources->count; i++)
        if (strcmp(sources->files[i]->path, path) == 0)
            return sources->files[i];
    return NULL;
}

const struct lined_text *resident_lines(struct resident *resident, const struct source *source)
{
    const struct source_set *sources = &resident->session.sources;
    int index = 0;
    while (sources->files[index] != source)
        index++;
    if (!resident->lined[index].lines)
        lined_text_open(&resident->lined[index], source->text, source->length);
    return &resident->lined[index];
}

const struct mention *resident_mention(const struct resident *resident, uint32_t position)
{
    int low = 0, high = resident->mention_count;
    while (low < high) { /* the last that begins at or before it */
        int middle = (low + high) / 2;
        if (resident->mentions[middle].span.begin <= position)
            low = middle + 1;
        else
            high = middle;
    }
    const struct mention *found = low ? &resident->mentions[low - 1] : NULL;
    if (!found || found->span.end < position)
        return NULL;
    while (found > resident->mentions && found[-1].span.begin == found->span.begin)
        found--;
    return found;
}

const struct declaration *resident_declared(const struct resident *resident, uint32_t position)
{
    const struct spec *spec = resident->session.spec;
    for (int i = 0; spec && i < spec->declaration_count; i++) {
        struct span span = spec->declarations[i]->name_span;
        if (span.begin && position >= span.begin && position <= span.end)
            return spec->declarations[i];
    }
    return NULL;
}
