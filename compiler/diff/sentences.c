/* What changed, as somebody in the shop would say it. */
#include "diff/private.h"

#include <string.h>

enum {
    SHOWN_BEFORE = 24,
    SHOWN_AT_MOST = 72
}; /* of a text in a sentence; the JSON has all of it */

/* A text that is too long for a sentence, cut before a character. */
static const char *shortened(const char *words, struct arena *arena)
{
    size_t length = strlen(words), end = SHOWN_AT_MOST;

    for (size_t i = 0; i < length; i++)
        if (words[i] == '\n')
            return shortened(arena_printf(arena, "%.*s...\"", (int)i, words), arena);
    if (length <= SHOWN_AT_MOST)
        return words;
    while (end > 0 && ((unsigned char)words[end] & 0xc0) == 0x80)
        end--;
    return arena_printf(arena, "%.*s...%s", (int)end, words, words[0] == '"' ? "\"" : "");
}

/* Two long texts from shortly before where they differ, so that what is shown of them is not the same. */
static void from_the_difference(const char **before, const char **after, struct arena *arena)
{
    const char *a = *before, *b = *after;
    size_t same = 0, start;

    if ((strlen(a) <= SHOWN_AT_MOST && strlen(b) <= SHOWN_AT_MOST) || a[0] != '"' || b[0] != '"')
        return;
    while (a[same] && a[same] == b[same])
        same++;
    for (start = same > SHOWN_BEFORE ? same - SHOWN_BEFORE : 0; start && a[start - 1] != ' ';)
        start--;
    if (!start)
        return;
    *before = arena_printf(arena, "\"...%s", a + start);
    *after = arena_printf(arena, "\"...%s", b + start);
}

/* "from 15.00 to 14.50 USD": a unit that both have is said once. */
static const char *from_to(const char *before, const char *after, const char *between,
                           struct arena *arena)
{
    const char *unit = strrchr(after, ' '), *same = strrchr(before, ' ');
    bool number = before[0] == '-' || (before[0] >= '0' && before[0] <= '9');

    if (number && unit && same && strcmp(unit, same) == 0)
        return arena_printf(arena, "%.*s%s%s", (int)(same - before), before, between, after);
    return arena_printf(arena, "%s%s%s", before, between, after);
}

/* ---- rows of lists ---- */

static const struct {
    const char *list, *new, *gone; /* behind the owner; the row in place of %s */
} verbs[] = {
    {"check", "now also checks %s", "no longer checks %s"},
    {"defects", "now also rejects %s", "no longer rejects %s"},
    {"contains", "now also contains %s", "no longer contains %s"},
    {"consume", "now also consumes %s", "no longer consumes %s"},
    {"spare", "now comes with spare %s", "no longer comes with spare %s"},
    {"variant", "now also comes by %s", "no longer comes by %s"},
    {"do", "has a new line of work: %s", "no longer has the line of work %s"},
    {"makes", "now also makes %s", "no longer makes %s"},
    {"works", "now also works %s", "no longer works %s"},
    {"on", "may now also run on %s", "may no longer run on %s"},
    {"using", "now also follows %s", "no longer follows %s"},
    {"tool", "now also needs %s", "no longer needs %s"},
    {"caution", "now also warns %s", "no longer warns %s"},
    {"label", "now also labels %s", "no longer labels %s"},
    {"requires", "now also requires %s", "no longer requires %s"},
    {"inspection", "is now also accepted by %s", "is no longer accepted by %s"},
    {"supplied", "now also supplies %s", "no longer supplies %s"},
    {"quantity", "now also asks for %s", "no longer asks for %s"},
    {"only", "is now also for %s", "is no longer for %s"},
    {"skip", "now also skips %s", "no longer skips %s"},
    {"void_on", "is now also voided by %s", "is no longer voided by %s"},
    {"record", "now also records %s", "no longer records %s"},
    {"asks", "now also asks for %s", "no longer asks for %s"},
    {"approve", "now also needs the approval %s", "no longer needs the approval %s"},
};

static const char *filled(const char *owner, const char *verb, const char *words,
                          struct arena *arena)
{
    const char *at = strstr(verb, "%s");
    return arena_printf(arena, "%s %.*s%s%s", owner, (int)(at - verb), verb, words, at + 2);
}

const char *sentence_row(struct comparing *at, const char *list, const char *subject,
                         const struct fact *row, bool is_new)
{
    struct arena *arena = at->diff->arena;
    const char *words = shortened(row_words(at, list, row), arena);

    if (strcmp(list, "cases") == 0)
        return arena_printf(arena, "%s may %s be %s", subject, is_new ? "now also" : "no longer",
                            words);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].list, list) == 0)
            return filled(strcmp(at->field, "do") == 0 && strcmp(list, "do") ? subject : at->owner,
                          is_new ? verbs[i].new : verbs[i].gone, words, arena);
    const char *called = row_subject(at, list, subject, row);
    const struct fact *price = strcmp(list, "breaks") == 0 ? fact_child(row, "price") : NULL;
    if (price)
        words = price->words;
    return is_new ? arena_printf(arena, "%s is new: %s", called, words)
                  : arena_printf(arena, "%s is gone (was %s)", called, words);
}

/* ---- sizes ---- */

static const char *value_words(const struct comparing *at, const struct spec *spec,
                               const struct value *value)
{
    return value_string(spec, value, NULL, at->diff->arena);
}

static const char *size_words(const struct comparing *at, const struct spec *spec,
                              const struct size *size)
{
    struct arena *arena = at->diff->arena;

    switch (size->form) {
    case SIZE_AT_MOST:
        return arena_printf(arena, "at most %s", value_words(at, spec, &size->upper));
    case SIZE_AT_LEAST:
        return arena_printf(arena, "at least %s", value_words(at, spec, &size->lower));
    case SIZE_BARE:
        return value_words(at, spec, &size->nominal);
    case SIZE_LIMITS:
    case SIZE_SCALE:
        break;
    }
    return arena_printf(arena, "%s%s%s",
                        from_to(value_words(at, spec, &size->lower),
                                value_words(at, spec, &size->upper), " .. ", arena),
                        size->scale ? " " : "", size->scale ? size->scale : "");
}

static const char *sentence_size(const struct comparing *at, const char *subject,
                                 const struct size *old, const struct size *new)
{
    struct arena *arena = at->diff->arena;
    const struct spec *before = at->diff->before.spec, *after = at->diff->after.spec;
    const char *was = size_words(at, before, old), *is = size_words(at, after, new);
    bool opens = size_opens(old, new), tightens = size_opens(new, old);

    if (old->form == SIZE_LIMITS && new->form == SIZE_LIMITS && !opens && !tightens)
        return arena_printf(arena, "nominal of %s changes from %s", subject,
                            from_to(value_words(at, before, &old->nominal),
                                    value_words(at, after, &new->nominal), " to ", arena));
    const char *verb = old->form == SIZE_BARE || new->form == SIZE_BARE ? "changes"
                       : opens &&tightens                               ? "shifts"
                       : opens                                          ? "opens"
                                                                        : "tightens";
    return arena_printf(arena, "%s %s from %s", subject, verb,
                        arena_printf(arena, "%s to %s", was, is));
}

/* ---- leaves ---- */

static bool is_key(const struct fact *fact, const char *key)
{
    return fact->key && strcmp(fact->key, key) == 0;
}

/* Slots that are said by a sentence of their own; NULL for others. */
static const char *sentence_slot(struct comparing *at, const char *subject, const struct fact *old,
                                 const struct fact *new)
{
    static const struct {
        const char *key, *verb, *none;
    } slots[] = {
        {"class", "is now", "is no longer"},
        {"basis", "is now per", "is no longer per"},
        {"target", "now goes to", "no longer goes to"},
        {"text", "now says", "no longer says"},
        {"carrier", "now carries", "no longer carries"},
    };
    struct arena *arena = at->diff->arena;
    const struct fact *any = new ? new : old;
    bool in_row = any->parent && any->parent->parent && any->parent->form == FACT_OBJECT;

    if (is_key(any, "tracked"))
        return arena_printf(arena, "lots of %s are %s tracked", at->owner,
                            new ? "now" : "no longer");
    if (!in_row)
        return NULL;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (!is_key(any, slots[i].key))
            continue;
        if (!new)
            return arena_printf(arena, "%s %s %s", subject, slots[i].none,
                                shortened(old->words, arena));
        const char *was = old ? old->words : "", *is = new->words;
        if (old)
            from_the_difference(&was, &is, arena);
        return arena_printf(arena, "%s %s %s%s%s%s", subject, slots[i].verb, shortened(is, arena),
                            old ? " (was " : "", shortened(was, arena), old ? ")" : "");
    }
    return NULL;
}

/* Rises, falls; or NULL where neither can be said. */
static const char *direction(const struct comparing *at, const struct fact *old,
                             const struct fact *new)
{
    const struct value *a = old->value, *b = new->value;

    if (!a || !b || !value_is(a, VALUE_NUMBER) || !value_is(b, VALUE_NUMBER) ||
        !dimension_equal(a->dimension, b->dimension))
        return NULL;
    const struct unit *before = spec_unit(at->diff->before.spec, a);
    const struct unit *after = spec_unit(at->diff->after.spec, b);
    if (strcmp(before ? before->currency : "", after ? after->currency : "") != 0)
        return NULL;
    int order = rational_compare(a->number, b->number);
    return order < 0 ? "rises" : order > 0 ? "falls" : NULL;
}

const char *sentence_leaf(struct comparing *at, const char *subject, const struct fact *old,
                          const struct fact *new)
{
    struct arena *arena = at->diff->arena;
    const char *special = sentence_slot(at, subject, old, new);

    if (special)
        return special;
    if (old && new && old->value &&new->value && value_is(old->value, VALUE_SIZE) &&
        value_is(new->value, VALUE_SIZE))
        return sentence_size(at, subject, old->value->size, new->value->size);
    if (!old)
        return arena_printf(arena, "%s is new: %s", subject, shortened(new->words, arena));
    if (!new)
        return arena_printf(arena, "%s is gone (was %s)", subject, shortened(old->words, arena));
    if (old->digest && new->digest && strcmp(old->words, new->words) == 0)
        return arena_printf(arena, "the file of %s is another one, %s", subject, new->words);
    const char *verb = direction(at, old, new);
    return arena_printf(
        arena, "%s %s from %s", subject, verb ? verb : "changes",
        from_to(shortened(old->words, arena), shortened(new->words, arena), " to ", arena));
}
