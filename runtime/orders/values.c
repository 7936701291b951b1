#include "orders/values.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "orders/csv.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- dates ---- */

struct date_token {
    int number; /* -1 for a word */
    int digits;
    int month;  /* of a word, 0 where it is none */
    char after; /* the sign behind it */
};

static int month_of(const char *word, size_t length)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char begin[3];
    if (length < 3)
        return 0;
    for (int i = 0; i < 3; i++)
        begin[i] = (char)tolower((unsigned char)word[i]);
    for (int i = 0; i < 12; i++)
        if (memcmp(months + 3 * i, begin, 3) == 0)
            return i + 1;
    return 0;
}

/* The first three tokens that are numbers or months; the names of weekdays are passed over. Returns where it ended. */
static const char *read_tokens(const char *text, struct date_token tokens[3], int *count)
{
    const char *c = text;
    *count = 0;
    while (*c && *count < 3) {
        struct date_token token = {.number = -1};
        if (isdigit((unsigned char)*c)) {
            token.number = 0;
            for (; isdigit((unsigned char)*c) && token.digits < 9; c++, token.digits++)
                token.number = 10 * token.number + (*c - '0');
        } else if (isalpha((unsigned char)*c)) {
            size_t length = 0;
            while (isalpha((unsigned char)c[length]))
                length++;
            token.month = month_of(c, length);
            c += length;
        } else {
            c++;
            continue;
        }
        token.after = *c;
        if (token.number >= 0 || token.month)
            tokens[(*count)++] = token;
    }
    return c;
}

static bool is_day(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 2000 && year < 2200 && month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (leap && month == 2);
}

static int whole_year(const struct date_token *token)
{
    return token->digits == 2 ? 2000 + token->number : token->number;
}

static enum date_reading as_day(int year, int month, int day, char text[11])
{
    if (!is_day(year, month, day))
        return DATE_WRONG;
    snprintf(text, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day % 100);
    return DATE_READ;
}

/* Two numbers and a year, with what stands between them. */
static enum date_reading read_numbers(const struct date_token *at, enum date_order order,
                                      char day[11])
{
    int year = whole_year(&at[2]), a = at[0].number, b = at[1].number;
    bool month_first_fits = is_day(year, a, b), day_first_fits = is_day(year, b, a);

    if (at[0].after == '.') /* nobody writes 02.15.2027 */
        return as_day(year, b, a, day);
    if (!month_first_fits && !day_first_fits)
        return DATE_WRONG;
    if (month_first_fits && day_first_fits && a != b && order != DATES_MONTH_FIRST &&
        order != DATES_DAY_FIRST)
        return DATE_AMBIGUOUS;
    if (month_first_fits && day_first_fits)
        month_first_fits = order != DATES_DAY_FIRST;
    return month_first_fits ? as_day(year, a, b, day) : as_day(year, b, a, day);
}

static bool has_time_behind(const char *end)
{
    return !*end || isspace((unsigned char)*end) || *end == 'T' || *end == ',';
}

enum date_reading date_read(const char *text, enum date_order order, char day[11])
{
    struct date_token at[3];
    int count;

    day[0] = '\0';
    text += strspn(text, " ");
    if (!*text)
        return DATE_NONE;
    const char *end = read_tokens(text, at, &count);
    if (count && at[0].digits == 8 && (!at[0].after || strchr(" T", at[0].after)))
        return as_day(at[0].number / 10000, at[0].number / 100 % 100, at[0].number % 100, day);
    if (count < 3 || !has_time_behind(end))
        return DATE_WRONG;
    if (at[0].month && at[1].number >= 0 && at[2].number >= 0)
        return as_day(whole_year(&at[2]), at[0].month, at[1].number, day);
    if (at[1].month && at[0].number >= 0 && at[2].number >= 0)
        return as_day(whole_year(&at[2]), at[1].month, at[0].number, day);
    if (at[0].month || at[1].month || at[2].month || !strchr("-/. ", at[0].after) ||
        at[1].after != at[0].after)
        return DATE_WRONG;
    if (at[0].digits == 4)
        return as_day(at[0].number, at[1].number, at[2].number, day);
    return at[2].digits == 4 || at[2].digits == 2 ? read_numbers(at, order, day) : DATE_WRONG;
}

enum date_order date_tells(const char *text)
{
    char first[11], second[11];
    enum date_reading month_first = date_read(text, DATES_MONTH_FIRST, first);
    enum date_reading unsaid = date_read(text, DATES_UNKNOWN, second);
    struct date_token at[3];
    int count;

    if (month_first != DATE_READ || unsaid != DATE_READ)
        return DATES_UNKNOWN;
    read_tokens(text, at, &count);
    if (count < 3 || at[0].month || at[1].month || at[0].digits > 2 || at[0].after == '.' ||
        at[0].number == at[1].number)
        return DATES_UNKNOWN;
    return at[0].number > 12 ? DATES_DAY_FIRST : DATES_MONTH_FIRST;
}

enum date_order dates_together(enum date_order a, enum date_order b)
{
    if (a == b || b == DATES_UNKNOWN)
        return a;
    return a == DATES_UNKNOWN ? b : DATES_CONTRADICT;
}

/* ---- numbers ---- */

enum number_reading count_read(const char *text, int64_t *count)
{
    bool negative = *text == '-', fraction = false;
    const char *c = text + (negative || *text == '+');

    *count = 0;
    if (!*text)
        return NUMBER_NONE;
    if (!isdigit((unsigned char)*c))
        return NUMBER_WRONG;
    for (; isdigit((unsigned char)*c); c++)
        if (*count <= COUNT_AT_MOST)
            *count = 10 * *count + (*c - '0');
    if (*c == '.' || *c == ',')
        for (c++; isdigit((unsigned char)*c); c++)
            fraction |= *c != '0';
    if (*c)
        return NUMBER_WRONG;
    if (strchr(text, ',') && !fraction) /* "1,000" */
        return NUMBER_AMBIGUOUS;
    if (fraction)
        return NUMBER_NOT_WHOLE;
    if (*count == 0)
        return NUMBER_ZERO;
    if (negative)
        return NUMBER_NEGATIVE;
    return *count > COUNT_AT_MOST ? NUMBER_TOO_LARGE : NUMBER_READ;
}

static const struct {
    const char *sign, *currency; /* "$" says no currency: many have it */
} currency_signs[] = {{"$", ""},      {"\xe2\x82\xac", "EUR"}, {"\xc2\xa3", "GBP"}, {"US$", "USD"},
                      {"C$", "CAD"},  {"CA$", "CAD"},          {"A$", "AUD"},       {"AU$", "AUD"},
                      {"NZ$", "NZD"}, {"\xc2\xa5", ""}};

/* What stands before or behind the digits. */
static bool take_currency(const char *text, size_t length, struct price_said *price)
{
    while (length && text[length - 1] == ' ')
        length--;
    while (length && *text == ' ')
        text++, length--;
    if (!length)
        return true;
    for (size_t i = 0; i < sizeof currency_signs / sizeof *currency_signs; i++)
        if (strlen(currency_signs[i].sign) == length &&
            memcmp(currency_signs[i].sign, text, length) == 0) {
            if (*currency_signs[i].currency)
                memcpy(price->currency, currency_signs[i].currency, 4);
            return true;
        }
    if (length != 3)
        return false;
    for (int i = 0; i < 3; i++) {
        if (!isalpha((unsigned char)text[i]))
            return false;
        price->currency[i] = (char)toupper((unsigned char)text[i]);
    }
    return true;
}

/* Signs of one kind that part groups of three digits, to the end of the text. */
static bool parts_thousands(const char *digits, size_t length, char sign)
{
    size_t begin = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && digits[i] != sign)
            continue;
        size_t group = i - begin;
        if (begin == 0 ? group < 1 || group > 3 : group != 3)
            return false;
        begin = i + 1;
    }
    return true;
}

/* The digits, points and commas of an amount. */
static enum number_reading read_amount(const char *digits, size_t length, struct price_said *price)
{
    const char *point = memrchr(digits, '.', length), *comma = memrchr(digits, ',', length);
    const char *decimal = NULL; /* the sign that the decimals follow */
    size_t whole = length;

    if (point && comma)
        decimal = point > comma ? point : comma;
    else if (point || comma) {
        const char *last = point ? point : comma;
        size_t behind = length - (size_t)(last - digits) - 1;
        bool once = memchr(digits, *last, length) == last;
        if (once && behind == 3 && last == comma && digits[0] != '0')
            return NUMBER_AMBIGUOUS;
        if (once)
            decimal = last;
    }
    if (decimal)
        whole = (size_t)(decimal - digits);
    char parted = decimal ? (*decimal == '.' ? ',' : '.') : point ? '.' : ',';
    if (memchr(digits, parted, whole) ? !parts_thousands(digits, whole, parted) : whole == 0)
        return NUMBER_WRONG;
    size_t at = 0;
    for (size_t i = 0; i < length && at < sizeof price->amount - 1; i++)
        if (isdigit((unsigned char)digits[i]))
            price->amount[at++] = digits[i];
        else if (digits + i == decimal && i + 1 < length)
            price->amount[at++] = '.';
        else if (i >= whole && digits + i != decimal)
            return NUMBER_WRONG;
    price->amount[at] = '\0';
    return length < sizeof price->amount ? NUMBER_READ : NUMBER_TOO_LARGE;
}

enum number_reading price_read(const char *text, struct price_said *price)
{
    *price = (struct price_said){0};
    size_t before = strcspn(text, "0123456789");
    if (!text[before])
        return *text ? NUMBER_WRONG : NUMBER_NONE;
    size_t length = strspn(text + before, "0123456789.,");
    if (memchr(text, '-', before))
        return NUMBER_NEGATIVE;
    if (!take_currency(text, before, price) ||
        !take_currency(text + before + length, strlen(text + before + length), price))
        return NUMBER_WRONG;
    return read_amount(text + before, length, price);
}

/* ---- words ---- */

/* What would move the cursor of a terminal or tear a table: a control character, also of those behind ASCII. */
static void blank_controls(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if ((*c < ' ' && *c != '\n') || *c == 0x7f)
            *c = ' ';
        if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            c[0] = c[1] = ' ';
    }
}

const char *cell_text(const char *text, struct arena *arena)
{
    text = csv_unguarded(text + strspn(text, " \t\n"));
    size_t length = strlen(text);
    if (length >= 3 && text[0] == '=' && text[1] == '"') { /* ="00501" */
        length = strlen(text += 2);
        length -= text[length - 1] == '"';
    }
    char *copy = arena_copy_text(arena, text, length);
    blank_controls(copy);
    while (length && strchr(" \n", copy[length - 1]))
        copy[--length] = '\0';
    return copy;
}

const char *line_text(const char *text, struct arena *arena)
{
    struct buffer line = {0};
    if (!strchr(text, '\n'))
        return text;
    for (; *text; text += strspn(text, "\n")) {
        size_t length = strcspn(text, "\n");
        if (line.length)
            buffer_add_text(&line, ", ");
        buffer_add(&line, text, length);
        text += length;
    }
    const char *copy = arena_copy_text(arena, buffer_text(&line), line.length);
    buffer_free(&line);
    return copy;
}

static const char *past_signs(const char *c)
{
    while (*c && !isalnum((unsigned char)*c) && !((unsigned char)*c & 0x80))
        c++;
    return c;
}

bool same_words(const char *a, const char *b)
{
    for (;;) {
        a = past_signs(a);
        b = past_signs(b);
        if (!*a || !*b)
            return *a == *b;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        a++;
        b++;
    }
}

const char *text_unescaped(const char *text, struct arena *arena)
{
    static const char *const names[][2] = {
        {"&amp;", "&"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}};
    char *copy = arena_copy_text(arena, text, strlen(text)), *to = copy;
    for (const char *c = text; *c;) {
        size_t taken = 0;
        for (size_t i = 0; i < sizeof names / sizeof *names && !taken; i++)
            if (strncmp(c, names[i][0], strlen(names[i][0])) == 0) {
                taken = strlen(names[i][0]);
                *to++ = *names[i][1];
            }
        if (!taken)
            *to++ = *c;
        c += taken ? taken : 1;
    }
    *to = '\0';
    return copy;
}

size_t text_characters(const char *text)
{
    size_t count = 0;
    for (const char *c = text; *c; c++)
        count += ((unsigned char)*c & 0xC0) != 0x80;
    return count;
}
