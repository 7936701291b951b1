/* Values as people read them. */
#include "spec/spec.h"

#include <ctype.h>
#include <string.h>

static void print_written(struct buffer *out, const struct spec *spec, const struct value *value)
{
    struct span span = {value->written_begin, value->written_begin + value->written_length};
    const char *text = span_text(spec->sources, span);
    for (uint32_t i = 0; i < value->written_length; i++) { /* comments and line ends do not count */
        if (text[i] == '#')
            while (i < value->written_length && text[i] != '\n')
                i++;
        bool space = i < value->written_length && isspace((unsigned char)text[i]);
        if (i >= value->written_length)
            break;
        if (!space)
            buffer_add_char(out, text[i]);
        else if (out->length && out->text[out->length - 1] != ' ')
            buffer_add_char(out, ' ');
    }
}

static void print_number(struct buffer *out, const struct spec *spec, const struct value *value)
{
    const struct unit *unit = spec_unit(spec, value);
    if (value->flags & VALUE_WRITTEN && value->written_length) {
        print_written(out, spec, value);
        return;
    }
    if (!unit) {
        rational_print_short(out, value->number, 4);
        return;
    }
    struct rational number = value->number;
    if (unit->absolute)
        number = rational_subtract(number, unit->offset);
    if (dimension_equal(unit->dimension, value->dimension))
        number = rational_divide(number, unit->scale);
    bool money = dimension_equal(value->dimension, (struct dimension){.money = 1});
    if (money)
        rational_print_fixed(out, number, currency_decimals(unit->currency));
    else
        rational_print_short(out, number, 4);
    bool glued = unit->text[0] == '%';
    buffer_addf(out, "%s%s", glued ? "" : " ", unit->text);
}

static void print_text(struct buffer *out, const struct spec *spec, const struct text *text,
                       const struct sku *sku)
{
    if (text->plain) {
        buffer_add_text(out, text->plain);
        return;
    }
    for (const struct text_part *part = text->parts; part; part = part->next)
        if (part->text)
            buffer_add(out, part->text, part->length);
        else
            value_print(out, spec, &part->value, sku);
}

static void print_size(struct buffer *out, const struct spec *spec, const struct size *size)
{
    if (size->form == SIZE_AT_MOST || size->form == SIZE_AT_LEAST) {
        buffer_add_text(out, size->form == SIZE_AT_MOST ? "at most " : "at least ");
        value_print(out, spec, size->form == SIZE_AT_MOST ? &size->upper : &size->lower, NULL);
        return;
    }
    if (size->form == SIZE_BARE) {
        value_print(out, spec, &size->nominal, NULL);
        return;
    }
    if (size->form == SIZE_LIMITS) {
        value_print(out, spec, &size->nominal, NULL);
        buffer_add_text(out, " (");
    }
    value_print(out, spec, &size->lower, NULL);
    buffer_add_text(out, " .. ");
    value_print(out, spec, &size->upper, NULL);
    if (size->form == SIZE_LIMITS)
        buffer_add_char(out, ')');
    if (size->scale)
        buffer_addf(out, " %s", size->scale);
}

static void print_member(struct buffer *out, const struct spec *spec, const struct member *member,
                         const struct sku *sku)
{
    if (member->dimension)
        value_print(out, spec, &member->dimension->size, sku);
    else
        buffer_addf(out, "%s.%s", member->declaration->name, member->name);
}

void value_print(struct buffer *out, const struct spec *spec, const struct value *value,
                 const struct sku *sku)
{
    if (value->kind == VALUE_CHOICE && !value->choice->count) { /* an axis itself */
        const char *word = sku_case(sku, value->choice->axis);
        buffer_addf(out, word ? "%s" : "{%s}", word ? word : value->choice->axis);
        return;
    }
    value = value_for(value, sku);
    switch ((enum value_kind)value->kind) {
    case VALUE_NUMBER:
        print_number(out, spec, value);
        break;
    case VALUE_TEXT:
        print_text(out, spec, value->text, sku);
        break;
    case VALUE_DATE:
        buffer_addf(out, "%04d-%02d-%02d", value->date.year, value->date.month, value->date.day);
        break;
    case VALUE_WORD:
        buffer_add_text(out, value->word);
        break;
    case VALUE_REFERENCE: {
        const struct declaration *declaration = value->declaration;
        if (declaration->title.kind == VALUE_TEXT)
            value_print(out, spec, &declaration->title, sku);
        else if (declaration->name)
            buffer_add_text(out, declaration->name);
        break;
    }
    case VALUE_MEMBER:
        print_member(out, spec, value->member, sku);
        break;
    case VALUE_SIZE:
        print_size(out, spec, value->size);
        break;
    case VALUE_CHOICE:
        value_print(out, spec, value, sku); /* a case that is an axis itself */
        break;
    case VALUE_ABSENT:
    case VALUE_POISON:
        break;
    }
}

char *value_string(const struct spec *spec, const struct value *value, const struct sku *sku,
                   struct arena *arena)
{
    struct buffer text = {0};
    value_print(&text, spec, value, sku);
    char *copy = arena_copy_text(arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

char *declaration_title(const struct spec *spec, const struct declaration *declaration,
                        const struct sku *sku, struct arena *arena)
{
    if (declaration->title.kind == VALUE_TEXT)
        return value_string(spec, &declaration->title, sku, arena);
    const char *name = declaration->name ? declaration->name : kind_rows[declaration->kind].name;
    char *title = arena_copy_text(arena, name, strlen(name));
    for (char *at = title; *at; at++)
        if (*at == '_')
            *at = ' ';
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
    return title;
}

void money_print(struct buffer *out, const struct spec *spec, struct rational amount)
{
    const char *currency = shop_currency(spec);
    int decimals = strlen(currency) == 3 ? currency_decimals(currency) : 2;
    rational_print_fixed(out, amount, decimals < 0 ? 2 : decimals);
    if (*currency)
        buffer_addf(out, " %s", currency);
}

void duration_print(struct buffer *out, struct rational seconds)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{3600, "h"}, {60, "min"}};
    bool started = false;
    if (rational_sign(seconds) < 0) {
        buffer_add_char(out, '-');
        seconds = rational_negate(seconds);
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct rational unit = rational_integer(units[i].seconds);
        if (rational_compare(seconds, unit) < 0)
            continue;
        struct rational whole = rational_floor(rational_divide(seconds, unit));
        rational_print_short(out, whole, 0);
        buffer_addf(out, " %s", units[i].unit);
        seconds = rational_subtract(seconds, rational_multiply(whole, unit));
        started = true;
        if (rational_is_zero(seconds))
            return;
        buffer_add_char(out, ' ');
    }
    rational_print_short(out, seconds, started ? 0 : 2);
    buffer_add_text(out, " s");
}
