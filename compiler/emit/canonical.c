/* Values in the form in which they are compared: equal where they say the same, however it was written. */
#include "emit/model.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void add_quoted(struct buffer *out, const char *text, size_t length)
{
    buffer_add_char(out, '"');
    buffer_add_json(out, text, length);
    buffer_add_char(out, '"');
}

static void add_number(struct buffer *out, const struct spec *spec, const struct value *value)
{
    const struct unit *unit = spec_unit(spec, value);
    struct dimension d = value->dimension;

    rational_print_exact(out, value->number);
    buffer_addf(out, "[%d,%d,%d,%d,%d,%d]", d.length, d.mass, d.time, d.temperature, d.angle,
                d.money);
    if (unit && unit->currency[0])
        buffer_add_text(out, unit->currency);
}

static void add_size(struct buffer *out, const struct spec *spec, const struct size *size)
{
    static const char *const forms[] = {
        [SIZE_LIMITS] = "limits", [SIZE_AT_MOST] = "at most", [SIZE_AT_LEAST] = "at least",
        [SIZE_SCALE] = "scale",   [SIZE_BARE] = "bare",
    };

    buffer_addf(out, "%s(", forms[size->form]);
    value_canonical(out, spec, &size->nominal);
    buffer_add_char(out, ' ');
    value_canonical(out, spec, &size->lower);
    buffer_add_char(out, ' ');
    value_canonical(out, spec, &size->upper);
    if (size->scale)
        buffer_addf(out, " %s", size->scale);
    buffer_add_char(out, ')');
}

/* Cases sorted by their word: in which order they are written is layout. */
static int by_key(const void *left, const void *right)
{
    const struct choice_case *a = *(const struct choice_case *const *)left;
    const struct choice_case *b = *(const struct choice_case *const *)right;

    return strcmp(a->key, b->key);
}

static void add_choice(struct buffer *out, const struct spec *spec, const struct choice *choice)
{
    const struct choice_case **cases =
        memory_zeroed((size_t)choice->count + 1, sizeof(struct choice_case *));

    for (int i = 0; i < choice->count; i++)
        cases[i] = &choice->cases[i];
    qsort(cases, (size_t)choice->count, sizeof *cases, by_key);
    buffer_addf(out, "by %s{", choice->axis);
    for (int i = 0; i < choice->count; i++) {
        buffer_addf(out, "%s:", cases[i]->key);
        value_canonical(out, spec, &cases[i]->value);
        buffer_add_char(out, ';');
    }
    buffer_add_char(out, '}');
    free(cases);
}

static void add_text(struct buffer *out, const struct spec *spec, const struct text *text)
{
    if (text->plain)
        add_quoted(out, text->plain, strlen(text->plain));
    for (const struct text_part *part = text->plain ? NULL : text->parts; part; part = part->next)
        if (part->text)
            add_quoted(out, part->text, part->length);
        else
            value_canonical(out, spec, &part->value);
}

void value_canonical(struct buffer *out, const struct spec *spec, const struct value *value)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_NUMBER:
        add_number(out, spec, value);
        break;
    case VALUE_TEXT:
        add_text(out, spec, value->text);
        break;
    case VALUE_DATE:
        buffer_addf(out, "%04d-%02d-%02d", value->date.year, value->date.month, value->date.day);
        break;
    case VALUE_WORD:
        buffer_add_text(out, value->word);
        break;
    case VALUE_REFERENCE:
        buffer_addf(out, "->%s.%s", kind_rows[value->declaration->kind].name,
                    value->declaration->name);
        break;
    case VALUE_MEMBER:
        buffer_addf(out, "->%s.%s", value->member->declaration->name, value->member->name);
        break;
    case VALUE_SIZE:
        add_size(out, spec, value->size);
        break;
    case VALUE_CHOICE:
        add_choice(out, spec, value->choice);
        break;
    case VALUE_ABSENT:
    case VALUE_POISON:
        buffer_add_char(out, '-');
        break;
    }
}
