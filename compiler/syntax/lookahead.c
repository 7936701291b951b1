#include "schema/units.h"
#include "syntax/reader.h"

#include <string.h>

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A carriage return alone is a blank too; before a newline it does no harm. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

uint32_t after_blanks(const struct reader *reader, uint32_t at)
{
    while (at < reader->limit && is_blank(reader->text[at]))
        at++;
    return at;
}

uint32_t after_name(const struct reader *reader, uint32_t at)
{
    if (at >= reader->limit || !is_name_start(reader->text[at]))
        return at;
    do
        at++;
    while (at < reader->limit && (is_name_start(reader->text[at]) || is_digit(reader->text[at])));
    return at;
}

/* The name of a unit at `at`: a word that is one, `%`, or `°C`. */
static uint32_t after_unit_name(const struct reader *reader, uint32_t at, bool any_name)
{
    if (at >= reader->limit)
        return at;
    if (reader->text[at] == '%')
        return at + 1;
    if (reader->limit - at >= 3 && memcmp(reader->text + at, "°C", 3) == 0)
        return after_name(reader, at + 2) == at + 3 ? at + 3 : at;
    uint32_t end = after_name(reader, at);
    return any_name || unit_is_name(reader->text + at, end - at) ? end : at;
}

static uint32_t after_power(const struct reader *reader, uint32_t at)
{
    if (at + 1 >= reader->limit || reader->text[at] != '^' || !is_digit(reader->text[at + 1]))
        return at;
    do
        at++;
    while (at < reader->limit && is_digit(reader->text[at]));
    return at;
}

/* `5 mm per`, `22 USD/kg`, `2 h * 3`: behind a unit, `/` and `*` go on with it where they stand between two
   names without blanks, or where the next name is a unit. */
uint32_t after_unit(const struct reader *reader, uint32_t at)
{
    uint32_t begin = after_blanks(reader, at);
    uint32_t end = after_unit_name(reader, begin, false);
    if (end == begin)
        return at;
    for (;;) {
        end = after_power(reader, end);
        uint32_t sign = after_blanks(reader, end);
        if (sign >= reader->limit || (reader->text[sign] != '/' && reader->text[sign] != '*'))
            return end;
        uint32_t name = after_blanks(reader, sign + 1);
        uint32_t next = after_unit_name(reader, name, sign == end && name == sign + 1);
        if (next == name)
            return end;
        end = next;
    }
}

bool name_and_sign_follow(const struct reader *reader, uint32_t at, char sign)
{
    uint32_t begin = after_blanks(reader, at);
    uint32_t end = after_name(reader, begin);
    if (begin == at || end == begin)
        return false;
    end = after_blanks(reader, end);
    return !sign || (end < reader->limit && reader->text[end] == sign);
}

static uint32_t after_comment(const struct reader *reader, uint32_t at)
{
    const char *end = memchr(reader->text + at, '\n', reader->limit - at);
    return end ? (uint32_t)(end - reader->text) : reader->limit;
}

static uint32_t after_space_and_comments(const struct reader *reader, uint32_t at)
{
    while (at < reader->limit) {
        char c = reader->text[at];
        if (c == '#')
            at = after_comment(reader, at);
        else if (is_blank(c) || c == '\n')
            at++;
        else
            break;
    }
    return at;
}

/* Behind the text that begins at `at`: its quote, or the end of its line. *plain: no expression in it. */
static uint32_t after_text(const struct reader *reader, uint32_t at, bool *plain)
{
    const char *text = reader->text;
    bool is_long = reader->limit - at >= 3 && memcmp(text + at, "\"\"\"", 3) == 0;
    *plain = true;
    for (at += is_long ? 3 : 1; at < reader->limit; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == '{')
            *plain = false;
        else if (text[at] == '\n' && !is_long)
            return at;
        else if (text[at] == '"' && !is_long)
            return at + 1;
        else if (text[at] == '"' && reader->limit - at >= 3 && memcmp(text + at, "\"\"\"", 3) == 0)
            return at + 3;
    }
    return reader->limit;
}

bool case_follows(const struct reader *reader, uint32_t at)
{
    uint32_t begin = after_space_and_comments(reader, at);
    if (begin >= reader->limit)
        return false;
    const char *text = reader->text;
    bool plain = true;
    uint32_t end = begin;
    if (text[begin] == '"') {
        end = after_text(reader, begin, &plain);
    } else if (is_digit(text[begin])) {
        while (end < reader->limit && (is_digit(text[end]) || text[end] == '.'))
            end++;
    } else {
        end = after_name(reader, begin);
    }
    end = after_blanks(reader, end);
    return plain && end > begin && end + 1 < reader->limit && text[end] == '-' &&
           text[end + 1] == '>';
}

uint32_t after_braces(const struct reader *reader, uint32_t at)
{
    bool plain;
    for (uint32_t depth = 1; at < reader->limit && depth;) {
        char c = reader->text[at];
        if (c == '"') {
            at = after_text(reader, at, &plain);
            continue;
        }
        if (c == '#') {
            at = after_comment(reader, at);
            continue;
        }
        depth += (c == '{');
        depth -= (c == '}');
        at++;
    }
    return at;
}
