#include "grammar/flow_parser.h"
#include "schema/units.h"
#include "syntax/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A bad line is said once; what its words would mean is not asked. */
static void mute_line(struct reader *reader, uint32_t at)
{
    uint32_t begin = at, end = at;
    while (begin > 0 && reader->text[begin - 1] != '\n')
        begin--;
    while (end < reader->limit && reader->text[end] != '\n')
        end++;
    if (at < reader->limit)
        mute_while_bound(reader->diagnostics, reader_span(reader, begin, end));
}

struct diagnostic *mistake(struct reader *reader, uint32_t begin, uint32_t end, const char *format,
                           ...)
{
    if (reader->skipping)
        return NULL;
    va_list arguments;
    char message[256];
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    bool said = is_muted(reader->diagnostics, reader_span(reader, begin, end));
    struct diagnostic *d =
        report(reader->diagnostics, RULE_syntax, reader_span(reader, begin, end), "%s", message);
    if (!said)
        mute_line(reader, begin);
    return d;
}

/* ---- what the scanner finds ---- */

static const struct {
    const char *character, *message, *help, *replacement;
} characters[] = {
    {"“", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"”", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"„", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"«", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"»", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"’", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"‘", "a typographic quote", "texts stand between straight quotes: \"...\"", "\""},
    {"'", "unexpected character '", "texts stand between double quotes: \"...\"", "\""},
    {"–", "a dash that is no minus sign", "write '-'", "-"},
    {"—", "a dash that is no minus sign", "write '-'", "-"},
    {"−", "a dash that is no minus sign", "write '-'", "-"},
    {"→", "unexpected character →", "write '->'", "->"},
    {"…", "unexpected character …", "a range is written '..'", ".."},
    {"µ", "unexpected character µ", "write the unit as 'um'", "u"},
    {"μ", "unexpected character μ", "write the unit as 'um'", "u"},
    {"°", "unexpected character °", "an angle is written '45 deg', a temperature '60 degC'", NULL},
    {"·", "unexpected character ·", "write '*'", "*"},
    {"$", "unexpected character $", "money is written '4.10 USD'", NULL},
    {"€", "unexpected character €", "money is written '4.10 EUR'", NULL},
    {"£", "unexpected character £", "money is written '4.10 GBP'", NULL},
    {"\xc2\xa0", "a no-break space", "write an ordinary space", " "},
};

void report_character(struct reader *reader)
{
    const char *text = reader->text + reader->begin;
    while (reader->end < reader->limit && (reader->text[reader->end] & 0xC0) == 0x80)
        reader->end++;
    size_t length = reader->end - reader->begin;
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        if (strlen(characters[i].character) != length ||
            memcmp(characters[i].character, text, length) != 0)
            continue;
        struct diagnostic *d =
            mistake(reader, reader->begin, reader->end, "%s", characters[i].message);
        if (d)
            set_help(reader->diagnostics, d, "%s", characters[i].help);
        if (d && characters[i].replacement)
            add_fix(reader->diagnostics, d, FIX_LIKELY,
                    reader_span(reader, reader->begin, reader->end), characters[i].replacement,
                    "write %s", characters[i].replacement);
        return;
    }
    if (*text > ' ' || *text & 0x80)
        mistake(reader, reader->begin, reader->end, "unexpected character '%.*s'", (int)length,
                text);
    else
        mistake(reader, reader->begin, reader->end, "a control character (0x%02x)", *text);
}

void report_brace_below(struct reader *reader)
{
    uint32_t brace = reader->end;
    struct diagnostic *d = mistake(reader, brace, brace + 1, "a '{' on a line of its own");
    if (!d)
        return;
    set_help(reader->diagnostics, d, "put the '{' at the end of the line that it belongs to");
    add_fix(reader->diagnostics, d, FIX_LIKELY,
            reader_span(reader, reader->previous_end, brace + 1), " {",
            "put the '{' on the line above");
}

void report_unclosed_text(struct reader *reader, uint32_t begin, uint32_t end, bool is_long)
{
    if (is_long) {
        struct diagnostic *d = mistake(reader, begin, begin + 3, "this text is never closed");
        if (d)
            set_help(reader->diagnostics, d, "close it with \"\"\"");
        return;
    }
    struct diagnostic *d =
        mistake(reader, begin, end, "this text has no closing quote on its line");
    if (!d)
        return;
    set_help(reader->diagnostics, d,
             "close it with '\"'; a text over several lines stands between \"\"\"");
    add_fix(reader->diagnostics, d, FIX_LIKELY, reader_span(reader, end, end), "\"",
            "close the text here");
}

void report_nesting(struct reader *reader, uint32_t begin, uint32_t end)
{
    mistake(reader, begin, end, "nested more than %d deep", MAX_NESTING);
}

static void label_brace(struct reader *reader, struct diagnostic *d, uint32_t brace)
{
    add_label(reader->diagnostics, d, reader_span(reader, brace, brace + 1),
              "this '{' is never closed");
}

void report_unclosed_braces(struct reader *reader)
{
    struct diagnostic *d = NULL;
    uint32_t end = reader->limit;
    for (int i = 0; i < reader->mend_count; i++) {
        if (reader->mends[i].drop || reader->mends[i].open)
            continue;
        if (!d && !(d = mistake(reader, end, end, "expected '}' before the end of the file")))
            return;
        label_brace(reader, d, reader->mends[i].brace);
    }
    if (!reader->depth || reader->unbalanced)
        return;
    if (d || (d = mistake(reader, end, end, "expected '}' before the end of the file")))
        label_brace(reader, d, reader->frames[reader->depth - 1].begin);
}

/* ---- what the parser does not take ---- */

#define MAX_EXPECTED 5 /* of which four at most are listed */

struct expectation {
    const char *texts[MAX_EXPECTED + 1];
    int count;
    bool has[256];  /* by token */
    bool head_only; /* of an entry nothing but its head is read */
};

static bool is_operator(int token)
{
    return token == TOK_RANGE || token == TOK_PLUS_MINUS || token == TOK_WITHIN ||
           token == TOK_TIMES || token == TOK_PLUS || token == TOK_STAR || token == TOK_SLASH;
}

static bool is_operand(int token)
{
    return token == TOK_NAME || token == TOK_PATH || token == TOK_NUMBER || token == TOK_QUANTITY ||
           token == TOK_DATE || token == TOK_TEXT || token == TOK_TEXT_HEAD ||
           token == TOK_LPAREN || token == TOK_FUNCTION || token == TOK_BOUND || token == TOK_BY;
}

/* Whether a token is said by "an expression", "an operator", or by one that comes anyway. */
static bool is_covered(int token, bool expression, bool operators)
{
    return token == TOK_MINUS || token == TOK_CASE_COMMA || token == TOK_TEXT_MID ||
           token == TOK_END || (expression && (is_operand(token) || token == TOK_COMMA)) ||
           (operators && (is_operator(token) || token == TOK_ARROW || token == TOK_QUANTITY));
}

/* The expected tokens by name, whole sets of them as one. */
static struct expectation expectations(const int *expected, int count, const char *(*name)(int))
{
    struct expectation e = {.count = 0};
    for (int i = 0; i < count; i++)
        e.has[expected[i]] = true;
    bool expression = e.has[TOK_LPAREN] && e.has[TOK_NUMBER];
    bool operators = e.has[TOK_PLUS] && e.has[TOK_STAR];
    e.head_only = expression && e.has[TOK_ARROW] && !operators;
    if (expression)
        e.texts[e.count++] = "an expression";
    if (operators)
        e.texts[e.count++] = "an operator";
    for (int i = 0; i < count && e.count < MAX_EXPECTED && !e.head_only; i++)
        if (!is_covered(expected[i], expression, operators))
            e.texts[e.count++] = expected[i] == TOK_TEXT_TAIL ? "'}'" : name(expected[i]);
    if (e.has[TOK_END] && !e.head_only)
        e.texts[e.count++] = name(TOK_END);
    return e;
}

/* "an operator, ',' or ')'" */
static void list_expectations(const struct expectation *e, char *out, size_t size)
{
    size_t length = 0;
    *out = '\0';
    for (int i = 0; i < e->count && length < size; i++)
        length += (size_t)snprintf(out + length, size - length, "%s%s",
                                   i == 0              ? ""
                                   : i == e->count - 1 ? " or "
                                                       : ", ",
                                   e->texts[i]);
}

static struct diagnostic *report_sign_after_head(struct reader *reader, const char *sign)
{
    struct diagnostic *d =
        mistake(reader, reader->begin, reader->end, "expected an expression, found '%s'", sign);
    if (!d)
        return NULL;
    uint32_t after = after_blanks(reader, reader->end);
    set_help(reader->diagnostics, d, "a field has no '%s': its value follows its name", sign);
    add_fix(reader->diagnostics, d, FIX_LIKELY, reader_span(reader, reader->previous_end, after),
            "  ", "take the '%s' away", sign);
    return d;
}

static struct diagnostic *report_leading_comma(struct reader *reader)
{
    struct diagnostic *d =
        mistake(reader, reader->begin, reader->end, "a line that begins with a comma");
    if (!d)
        return NULL;
    const char *advice = "put the comma at the end of the line before";
    set_help(reader->diagnostics, d, "%s", advice);
    add_fix(reader->diagnostics, d, FIX_LIKELY,
            reader_span(reader, reader->previous_end, reader->end), ",\n", "%s", advice);
    return d;
}

/* A message is one line, whatever it quotes. */
static struct diagnostic *report_too_much(struct reader *reader, uint32_t begin, uint32_t end)
{
    int shown = 0;
    while (begin + (uint32_t)shown < end && !strchr("\r\n", reader->text[begin + (uint32_t)shown]))
        shown++;
    if (!shown)
        return mistake(reader, begin, end, "unexpected end of the line");
    return mistake(reader, begin, end, "unexpected '%.*s'", shown, reader->text + begin);
}

/* "expected ...", or "unexpected ..." where too much would do. */
static struct diagnostic *report_expectation(struct reader *reader, const struct expectation *e,
                                             uint32_t begin, uint32_t end)
{
    char list[256];
    list_expectations(e, list, sizeof list);
    if (e->has[TOK_LET])
        return mistake(reader, begin, end, "expected %s",
                       reader->depth ? "a field, a step or '}'" : "a declaration");
    if (e->count > 4 || (e->has[TOK_PLUS] && e->has[TOK_END]))
        return report_too_much(reader, begin, end);
    return mistake(reader, begin, end, "expected %s", list);
}

/* A word behind a number, where no phrase has words: it is meant as the number's unit. */
static void report_unit(struct reader *reader, struct span span)
{
    if (reader->skipping)
        return;
    int length = (int)(span.end - span.begin);
    const char *word = reader->text + (span.begin - reader->base);
    struct diagnostic *d = report(reader->diagnostics, RULE_unknown_unit, span,
                                  "there is no unit `%.*s`", length, word);
    char name[32];
    snprintf(name, sizeof name, "%.*s", length, word);
    const char *near = unit_suggest(name);
    if (!near)
        return;
    set_help(reader->diagnostics, d, "write `%s`", near);
    add_fix(reader->diagnostics, d, FIX_LIKELY, span, near, "write `%s`", near);
}

void report_unexpected(struct reader *reader, int token, struct span span, const int *expected,
                       int count, const char *(*name)(int token))
{
    struct expectation e = expectations(expected, count, name);
    reader->end_missing = count == 1 && expected[0] == TOK_END;
    if (e.head_only && (token == TOK_EQUALS || token == TOK_COLON)) {
        report_sign_after_head(reader, token == TOK_EQUALS ? "=" : ":");
        return;
    }
    if (e.has[TOK_LET] && (token == TOK_COMMA || token == TOK_CASE_COMMA)) {
        report_leading_comma(reader);
        return;
    }
    uint32_t begin = span.begin - reader->base, end = span.end - reader->base;
    bool later = token == TOK_END || (reader->begin == reader->line && reader->place > 1);
    if (!later && token == TOK_NAME && reader->before == TOK_NUMBER && e.has[TOK_PLUS]) {
        report_unit(reader, span);
        return;
    }
    if (later) { /* it is missing where the line before ended */
        begin = reader->previous_end;
        end = begin < reader->limit ? begin + 1 : begin;
    }
    if (token == TOK_TEXT_MID || token == TOK_TEXT_TAIL)
        end = begin + 1; /* the brace, not the text behind it */
    struct diagnostic *d = report_expectation(reader, &e, begin, end);
    if (d && reader->end_missing && token == TOK_NAME)
        add_fix(reader->diagnostics, d, FIX_LIKELY,
                reader_span(reader, reader->previous_end, reader->previous_end), ";",
                "end the entry before with ';'");
    if (d && token == TOK_TIMES && e.has[TOK_NAME])
        set_help(reader->diagnostics, d, "'x' stands between a thing and its count; it is no name");
    if (d && e.has[TOK_RPAREN] && reader->lost_group)
        add_label(reader->diagnostics, d,
                  reader_span(reader, reader->lost_group - 1, reader->lost_group),
                  "this '(' is not closed");
}
