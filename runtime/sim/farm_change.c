#include "sim/farm_change.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_AT_MOST = 8 };

struct wish {
    char words[WORDS_AT_MOST][80];
    int count;
    const char *value;
};

struct piece {
    const char *text;
    size_t length;
};

/* ---- reading over a spec's text ---- */

/* Past a text, a comment, or one character. */
static const char *past(const char *at)
{
    if (*at == '#')
        return at + strcspn(at, "\n");
    if (*at != '"')
        return at + 1;
    for (at++; *at && *at != '"' && *at != '\n'; at++)
        at += *at == '\\' && at[1];
    return at + (*at == '"');
}

static bool is_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_word(struct piece word, const char *name)
{
    return word.length == strlen(name) && strncmp(word.text, name, word.length) == 0;
}

/* The next statement of a block, from its first word on; NULL at the block's end. */
static const char *next_statement(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n;");
        if (!*at || *at == '}')
            return NULL;
        if (*at != '#')
            return at;
        at = past(at);
    }
}

static struct piece word_at(const char *at)
{
    struct piece word = {at, 0};
    while (is_of_word(at[word.length]))
        word.length++;
    return word;
}

/* To its end, which is at a line's end, a semicolon or the end of the block; *inside: behind the brace of its own block, NULL
   where it has none. */
static const char *end_of_statement(const char *at, const char **inside)
{
    int depth = 0;
    *inside = NULL;
    for (; *at; at = past(at)) {
        if (*at == '{' && !depth++)
            *inside = at + 1;
        if (*at == '}' && --depth < 0)
            return at;
        if (*at == '}' && !depth)
            return at + 1;
        if (!depth && (*at == '\n' || *at == ';' || *at == '#'))
            return at;
    }
    return at;
}

/* What is inside the block of that name (and, at the top, of that word); NULL where there is none. */
static const char *block_inside(const char *text, const char *word, const char *name)
{
    for (const char *at = next_statement(text), *end, *inside; at; at = next_statement(end)) {
        struct piece first = word_at(at);
        const char *second = at + first.length;
        end = end_of_statement(at, &inside);
        if (end == at)
            end++;
        second += strspn(second, " \t");
        if (inside && (!word || is_word(first, word)) && is_word(word_at(second), name))
            return inside;
    }
    return NULL;
}

/* ---- changing it ---- */

static bool read_wish(const char *change, struct wish *wish, struct failure *failure)
{
    const char *equals = strchr(change, '=');
    *wish = (struct wish){.value = equals ? equals + 1 : ""};
    while (equals && change < equals && wish->count < WORDS_AT_MOST) {
        size_t length = strcspn(change, ".=");
        if (!length || length >= sizeof wish->words[0])
            break;
        memcpy(wish->words[wish->count++], change, length);
        change += length + 1;
    }
    return (wish->count >= 3 && *wish->value) ||
           fail(failure, "--set is as machine.mk4.count=6: a word, a name, a field and its value");
}

/* The text with the wish in it; NULL where the block is not there. */
static const char *granted(const char *text, const struct wish *wish, struct arena *arena)
{
    const char *inside = block_inside(text, wish->words[0], wish->words[1]);
    for (int i = 2; inside && i < wish->count - 1; i++)
        inside = block_inside(inside, NULL, wish->words[i]);
    if (!inside)
        return NULL;
    const char *field = wish->words[wish->count - 1];
    for (const char *at = next_statement(inside), *end, *own; at; at = next_statement(end)) {
        end = end_of_statement(at, &own);
        if (end == at)
            end++;
        if (is_word(word_at(at), field))
            return arena_printf(arena, "%.*s%s %s%s", (int)(at - text), text, field, wish->value,
                                end);
    }
    return arena_printf(arena, "%.*s\n%s %s\n%s", (int)(inside - text), text, field, wish->value,
                        inside);
}

static const char *text_now(const struct source *source, struct input_text *texts, int count,
                            struct input_text **at)
{
    *at = NULL;
    for (int i = 0; i < count; i++)
        if (strcmp(texts[i].path, source->path) == 0)
            *at = &texts[i];
    return *at ? (*at)->text : source->text;
}

bool farm_change_texts(const struct source_set *sources, const char *const *changes, int count,
                       bool *taken, struct arena *arena, struct input_text **texts, int *text_count,
                       struct failure *failure)
{
    *texts = ARENA_ARRAY(arena, struct input_text, sources->count + 1);
    *text_count = 0;
    for (int i = 0; i < count; i++) {
        struct wish wish;
        const char *text = NULL;
        if (!read_wish(changes[i], &wish, failure))
            return false;
        for (int k = 0; k < sources->count && !text; k++) {
            struct input_text *at;
            text = granted(text_now(sources->files[k], *texts, *text_count, &at), &wish, arena);
            if (!text)
                continue;
            if (!at)
                at = &(*texts)[(*text_count)++];
            *at = (struct input_text){
                arena_copy_text(arena, sources->files[k]->path, strlen(sources->files[k]->path)),
                text, strlen(text)};
        }
        taken[i] |= text != NULL;
    }
    return true;
}
