/* What changed between two fingerprints, in the spec's own words. */
#include "spec/fingerprint.h"

#include <string.h>

/* The row of that name that comes as the nth; NULL if there are fewer. */
static const struct fingerprint_field *nth(const struct fingerprint_fields *fields,
                                           const char *name, int n)
{
    for (int i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0 && n-- == 0)
            return &fields->items[i];
    return NULL;
}

/* How many rows before this one have its name: checks and lines of work may. */
static int rank(const struct fingerprint_fields *fields, int index)
{
    int count = 0;
    for (int i = 0; i < index; i++)
        count += strcmp(fields->items[i].name, fields->items[index].name) == 0;
    return count;
}

void fingerprint_visit_changes(const struct fingerprint_fields *before,
                               const struct fingerprint_fields *after, fingerprint_change *visit,
                               void *data)
{
    for (int i = 0; i < before->count; i++) {
        const struct fingerprint_field *old = &before->items[i];
        const struct fingerprint_field *new = nth(after, old->name, rank(before, i));
        if (!new)
            visit(old->name, old->words, "nothing", data);
        else if (strcmp(old->canonical, new->canonical) != 0)
            visit(old->name, old->words, new->words, data);
    }
    for (int i = 0; i < after->count; i++)
        if (!nth(before, after->items[i].name, rank(after, i)))
            visit(after->items[i].name, "nothing", after->items[i].words, data);
}

struct saying {
    struct buffer *out;
    int said, at_most;
};

static void say(const char *name, const char *before, const char *after, void *data)
{
    struct saying *saying = data;
    if (saying->said++ >= saying->at_most)
        return;
    buffer_addf(saying->out, "%s%s: %s -> %s", saying->said > 1 ? "; " : "", name, before, after);
}

void fingerprint_changes(struct buffer *out, const struct fingerprint_fields *before,
                         const struct fingerprint_fields *after, int at_most)
{
    struct saying saying = {out, 0, at_most};
    fingerprint_visit_changes(before, after, say, &saying);
    if (saying.said > at_most)
        buffer_addf(out, "; and %d more", saying.said - at_most);
}
