#include "slicing/answers.h"

#include <string.h>

enum { KEY = 64, WORDS = 6 };

/* ---- reading ---- */

struct word {
    const char *text;
    size_t length;
};

static struct word next_word(const char **at, const char *end)
{
    struct word word;
    while (*at < end && **at == ' ')
        ++*at;
    word.text = *at;
    while (*at < end && **at != ' ')
        ++*at;
    word.length = (size_t)(*at - word.text);
    return word;
}

static bool is_key(struct word word)
{
    return word.length == KEY && strspn(word.text, "0123456789abcdef") >= KEY;
}

/* True for "-", too. */
static bool read_figure(struct word word, struct gcode_figure *figure)
{
    enum { DIGITS = 18 };
    if (word.length == 1 && word.text[0] == '-')
        return true;
    figure->said = word.length > 0 && word.length <= DIGITS &&
                   rational_parse(word.text, word.length, &figure->number);
    return figure->said;
}

/* A figure a tool; the sum is of those that are said. */
static bool read_tools(struct word list, struct gcode_facts *facts, size_t offset,
                       struct gcode_figure *sum)
{
    for (int tool = 0; list.length; tool++) {
        const char *comma = memchr(list.text, ',', list.length);
        size_t length = comma ? (size_t)(comma - list.text) : list.length;
        struct gcode_figure figure = {0};
        if (tool == GCODE_TOOLS_AT_MOST || !read_figure((struct word){list.text, length}, &figure))
            return false;
        *(struct gcode_figure *)((char *)&facts->tools[tool] + offset) = figure;
        facts->tool_count = tool >= facts->tool_count ? tool + 1 : facts->tool_count;
        if (figure.said)
            *sum = (struct gcode_figure){true, sum->said ? rational_add(sum->number, figure.number)
                                                         : figure.number};
        length += comma != NULL;
        list = (struct word){list.text + length, list.length - length};
    }
    return true;
}

static struct answer *read_line(const char *at, const char *end, struct arena *arena)
{
    struct word words[WORDS];
    if (memchr(at, '\0', (size_t)(end - at))) /* torn: no text has one */
        return NULL;
    for (int i = 0; i < WORDS; i++)
        words[i] = next_word(&at, end);
    while (at < end && *at == ' ')
        at++;
    if (!is_key(words[0]) || at == end)
        return NULL;
    struct answer *answer = ARENA_NEW(arena, struct answer);
    struct gcode_facts *facts = &answer->facts;
    memcpy(answer->key, words[0].text, KEY);
    if (!read_figure(words[1], &facts->time_s) ||
        !read_tools(words[2], facts, offsetof(struct gcode_tool, mass_g), &facts->total_g) ||
        !read_tools(words[3], facts, offsetof(struct gcode_tool, length_mm), &facts->total_mm))
        return NULL;
    facts->slicer = arena_copy_text(arena, words[4].text, words[4].length);
    facts->version = arena_copy_text(arena, words[5].text, words[5].length);
    answer->label = arena_copy_text(arena, at, (size_t)(end - at));
    return answer;
}

struct answer *answers_put(struct answer *answers, struct answer *new)
{
    struct answer **at = &answers;
    while (*at && strcmp((*at)->label, new->label) < 0)
        at = &(*at)->next;
    new->next = *at &&strcmp((*at)->label, new->label) == 0 ? (*at)->next : *at;
    *at = new;
    return answers;
}

struct answer *answers_read(const char *text, size_t length, struct arena *arena)
{
    struct answer *answers = NULL, **last = &answers;
    for (const char *at = text, *end = text + length; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *stop = line_end ? line_end : end;
        if (stop > at && stop[-1] == '\r')
            stop--;
        struct answer *answer = *at == '#' ? NULL : read_line(at, stop, arena);
        if (answer) {
            *last = answer;
            last = &answer->next;
        }
        at = line_end ? line_end + 1 : end;
    }
    return answers;
}

/* ---- writing ---- */

static void add_figure(struct buffer *out, const struct gcode_figure *figure)
{
    if (figure->said)
        rational_print_short(out, figure->number, 3);
    else
        buffer_add_char(out, '-');
}

/* By tool; where only the sum is said, that. */
static void add_tools(struct buffer *out, const struct gcode_facts *facts, size_t offset,
                      const struct gcode_figure *sum)
{
    bool any = false;
    for (int i = 0; i < facts->tool_count; i++)
        any |= ((const struct gcode_figure *)((const char *)&facts->tools[i] + offset))->said;
    for (int i = 0; any && i < facts->tool_count; i++) {
        buffer_add_text(out, i ? "," : " ");
        add_figure(out, (const struct gcode_figure *)((const char *)&facts->tools[i] + offset));
    }
    if (any)
        return;
    buffer_add_char(out, ' ');
    add_figure(out, sum);
}

void answers_print(struct buffer *out, const struct answer *answers)
{
    buffer_add_text(out, "# What the slicer said of each plate. flowc slice writes it, flowc cost "
                         "reads it: keep it in git.\n"
                         "# what was sliced, s, g by tool, mm by tool, slicer, whose plate\n");
    for (; answers; answers = answers->next) {
        const struct gcode_facts *facts = &answers->facts;
        buffer_addf(out, "%s ", answers->key);
        add_figure(out, &facts->time_s);
        add_tools(out, facts, offsetof(struct gcode_tool, mass_g), &facts->total_g);
        add_tools(out, facts, offsetof(struct gcode_tool, length_mm), &facts->total_mm);
        buffer_addf(out, " %s %s %s\n", facts->slicer[0] ? facts->slicer : "-",
                    facts->version[0] ? facts->version : "-", answers->label);
    }
}
