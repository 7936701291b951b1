/* Ways in a graph. */
#include "check/family.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LABELS_AT_MOST = 8 };

void ways_from(const struct graph *graph, const bool *from, const bool *stop, int *before)
{
    int *queue = memory_alloc(((size_t)graph->count + 1) * sizeof *queue), head = 0, tail = 0;
    for (int i = 0; i < graph->count; i++)
        before[i] = -2;
    for (int i = 0; i < graph->count; i++)
        if (from[i]) {
            before[i] = -1;
            queue[tail++] = i;
        }
    while (head < tail) {
        int at = queue[head++];
        if (stop[at])
            continue;
        const struct graph_node *node = &graph->nodes[at];
        for (int e = 0; e < node->edge_count; e++) {
            int to = node->edges[e].to;
            if (to < 0 || before[to] != -2)
                continue;
            before[to] = at;
            queue[tail++] = to;
        }
    }
    free(queue);
}

static int way_length(const int *before, int to)
{
    int length = 0;
    for (int at = to; at >= 0; at = before[at])
        length++;
    return length;
}

const char *way_text(const struct graph *graph, const int *before, int to, struct arena *arena)
{
    int length = way_length(before, to);
    const char **names = ARENA_ARRAY(arena, const char *, length + 1);
    int i = length;
    for (int at = to; at >= 0; at = before[at])
        names[--i] = graph->nodes[at].step->base.name;
    struct buffer text = {0};
    for (i = 0; i < length; i++)
        if (length <= 12 || i < 6 || i >= length - 5)
            buffer_addf(&text, "%s%s", i ? " -> " : "", names[i]);
        else if (i == 6)
            buffer_add_text(&text, " -> ...");
    const char *copy = arena_copy_text(arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

void way_keep(struct spec *spec, struct diagnostic *diagnostic, const struct graph *graph,
              const int *before, int to)
{
    if (!diagnostic)
        return;
    int left = way_length(before, to);
    diagnostic->way_length = left;
    diagnostic->way = ARENA_ARRAY(spec->diagnostics->arena, struct span, left);
    for (int at = to; at >= 0; at = before[at])
        diagnostic->way[--left] = graph->nodes[at].step->base.span;
}

void way_notes(struct spec *spec, struct diagnostic *diagnostic, const struct graph *graph,
               const int *before, int to)
{
    int hops = 0;
    way_keep(spec, diagnostic, graph, before, to);
    for (int at = before[to]; diagnostic && at >= 0 && hops++ < LABELS_AT_MOST; at = before[at])
        add_label(spec->diagnostics, diagnostic, graph->nodes[at].step->base.span,
                  before[at] < 0 ? "the way begins here" : "then here");
}

void way_close(struct spec *spec, struct diagnostic *diagnostic)
{
    if (!diagnostic)
        return;
    int length = diagnostic->way_length;
    struct span *ring = ARENA_ARRAY(spec->diagnostics->arena, struct span, length + 1);
    memcpy(ring, diagnostic->way, sizeof *ring * (size_t)length);
    ring[length] = ring[0];
    diagnostic->way = ring;
    diagnostic->way_length = length + 1;
}

bool labels_batch(const struct step *step)
{
    if (step->base.kind != KIND_pack)
        return false;
    if (step->base.failed) /* its label may be what could not be read */
        return true;
    for (const struct simple *row = step->label; row; row = row->next)
        if (row->value.kind == VALUE_WORD && strcmp(row->value.word, "batch") == 0)
            return true;
    return false;
}

const struct product *part_user(const struct spec *spec, const struct part *part)
{
    const struct user *user = spec_users(spec, &part->base);
    return user ? user->product : NULL;
}
