#include "emit/spec/json.h"

#include <string.h>

enum { INLINE = 1000 }; /* depth from which on nothing is put on lines of its own */

static void begin(struct json *json, const char *key)
{
    if (!json->first)
        buffer_add_char(&json->out, ',');
    if (json->depth < INLINE && json->out.length > 0) {
        buffer_add_char(&json->out, '\n');
        for (int i = 0; i < json->depth; i++)
            buffer_add_char(&json->out, ' ');
    } else if (!json->first) {
        buffer_add_char(&json->out, ' ');
    }
    json->first = false;
    if (key) {
        buffer_add_char(&json->out, '"');
        buffer_add_json(&json->out, key, strlen(key));
        buffer_add_text(&json->out, "\": ");
    }
}

void json_open(struct json *json, const char *key, bool list)
{
    begin(json, key);
    buffer_add_char(&json->out, list ? '[' : '{');
    json->depth++;
    json->first = true;
}

void json_close(struct json *json, bool list)
{
    json->depth--;
    if (!json->first && json->depth < INLINE) {
        buffer_add_char(&json->out, '\n');
        for (int i = 0; i < json->depth; i++)
            buffer_add_char(&json->out, ' ');
    }
    buffer_add_char(&json->out, list ? ']' : '}');
    json->first = false;
}

static void add_string(struct json *json, const char *text, size_t length)
{
    buffer_add_char(&json->out, '"');
    buffer_add_json(&json->out, text, length);
    buffer_add_char(&json->out, '"');
}

void json_text(struct json *json, const char *key, const char *text)
{
    begin(json, key);
    add_string(json, text, strlen(text));
}

void json_number(struct json *json, const char *key, long number)
{
    begin(json, key);
    buffer_addf(&json->out, "%ld", number);
}

void json_bool(struct json *json, const char *key, bool truth)
{
    begin(json, key);
    buffer_add_text(&json->out, truth ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    begin(json, key);
    buffer_add_text(&json->out, "null");
}

void json_raw(struct json *json, const char *key, const char *text, size_t length)
{
    begin(json, key);
    buffer_add(&json->out, text, length);
}

/* ---- values ---- */

/* {"value": "22", "unit": "USD/kg"}: exact; a third is "1/3". */
static void add_number(struct json *json, const struct value *value)
{
    const struct unit *unit = spec_unit(json->spec, value);
    struct rational number = value->number;
    struct buffer text = {0};

    if (unit && unit->absolute)
        number = rational_subtract(number, unit->offset);
    if (unit && dimension_equal(unit->dimension, value->dimension))
        number = rational_divide(number, unit->scale);
    rational_print_exact(&text, number);
    json_text(json, "value", buffer_text(&text));
    if (unit)
        json_text(json, "unit", unit->text);
    buffer_free(&text);
}

static void add_text(struct json *json, const struct value *value)
{
    struct buffer text = {0};

    value_print(&text, json->spec, value, NULL);
    begin(json, "text");
    add_string(json, buffer_text(&text), text.length);
    buffer_free(&text);
    if (!value->text->quotes)
        return;
    json_open(json, "pieces", true);
    for (const struct text_part *part = value->text->parts; part; part = part->next) {
        if (!part->text) {
            json_value(json, NULL, &part->value);
            continue;
        }
        begin(json, NULL);
        add_string(json, part->text, part->length);
    }
    json_close(json, true);
}

static void add_reference(struct json *json, const struct declaration *declaration)
{
    json_text(json, "reference", declaration->name ? declaration->name : "");
    json_text(json, "kind", kind_rows[declaration->kind].name);
}

static void add_size(struct json *json, const struct size *size)
{
    static const char *const forms[] = {
        [SIZE_LIMITS] = "limits", [SIZE_AT_MOST] = "at most", [SIZE_AT_LEAST] = "at least",
        [SIZE_SCALE] = "scale",   [SIZE_BARE] = "bare",
    };
    const struct {
        const char *key;
        const struct value *value;
    } limits[] = {{"nominal", &size->nominal}, {"lower", &size->lower}, {"upper", &size->upper}};

    json_text(json, "size", forms[size->form]);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!value_is(limits[i].value, VALUE_ABSENT))
            json_value(json, limits[i].key, limits[i].value);
    if (size->scale)
        json_text(json, "scale", size->scale);
}

/* An axis itself, in a text, has no cases of its own: {"by": "size"}. */
static void add_choice(struct json *json, const struct choice *choice)
{
    json_text(json, "by", choice->axis);
    if (choice->count == 0)
        return;
    json_open(json, "cases", false);
    for (int i = 0; i < choice->count; i++)
        json_value(json, choice->cases[i].key, &choice->cases[i].value);
    json_close(json, false);
}

static void add_date(struct json *json, struct date date)
{
    struct buffer text = {0};

    buffer_addf(&text, "%04d-%02d-%02d", date.year, date.month, date.day);
    json_text(json, "date", text.text);
    buffer_free(&text);
}

void json_value(struct json *json, const char *key, const struct value *value)
{
    if (value_is(value, VALUE_ABSENT) || value_is(value, VALUE_POISON)) {
        json_null(json, key);
        return;
    }
    json_open(json, key, false);
    int depth = json->depth;
    json->depth += INLINE;
    if (value_is(value, VALUE_NUMBER))
        add_number(json, value);
    else if (value_is(value, VALUE_TEXT))
        add_text(json, value);
    else if (value_is(value, VALUE_DATE))
        add_date(json, value->date);
    else if (value_is(value, VALUE_WORD))
        json_text(json, "word", value->word);
    else if (value_is(value, VALUE_REFERENCE))
        add_reference(json, value->declaration);
    else if (value_is(value, VALUE_MEMBER)) {
        add_reference(json, value->member->declaration);
        json_text(json, "member", value->member->name);
    } else if (value_is(value, VALUE_SIZE))
        add_size(json, value->size);
    else
        add_choice(json, value->choice);
    if (value->flags & VALUE_INTERNAL)
        json_bool(json, "internal", true);
    json->depth = depth + INLINE; /* closed on the same line */
    json_close(json, false);
    json->depth = depth - 1;
}
