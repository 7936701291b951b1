/* Messages from JSON. A journal is read event by event whenever a shop is opened, so this reads only what a message is: one
   flat object of texts and whole numbers. Anything else is refused with its place. */
#include "engine/message.h"

#include "base/utf8.h"

#include <string.h>

enum { PAIRS_AT_MOST = MESSAGE_FIELDS_AT_MOST + 2 }; /* the fields, what it is, and by whom */

/* A text is a slice of the input, or, where it has escapes, of the scratch. */
struct slice {
    const char *text;
    size_t length;
};

struct pair {
    struct slice key, value;
    int64_t whole;
    bool is_text;
};

struct reading {
    const char *begin, *at, *end;
    struct buffer scratch; /* texts without their escapes; NULL until one has some */
    struct pair pairs[PAIRS_AT_MOST];
    int count;
    struct failure *failure;
};

static bool wrong(struct reading *reading, const char *what)
{
    return fail(reading->failure, "no JSON at byte %d: %s", (int)(reading->at - reading->begin),
                what);
}

static void skip_blanks(struct reading *reading)
{
    while (reading->at < reading->end && strchr(" \t\r\n", *reading->at) && *reading->at)
        reading->at++;
}

static bool take(struct reading *reading, char c)
{
    skip_blanks(reading);
    if (reading->at == reading->end || *reading->at != c)
        return false;
    reading->at++;
    return true;
}

/* ---- texts ---- */

static bool read_hex(struct reading *reading, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, reading->at++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF", *digit = NULL;
        if (reading->at < reading->end && *reading->at)
            digit = strchr(digits, *reading->at);
        if (!digit)
            return wrong(reading, "four digits come after \\u");
        *code = *code << 4 | (uint32_t)((digit - digits) & 15);
    }
    return true;
}

static void add_code(struct buffer *out, uint32_t code)
{
    if (code < 0x80) {
        buffer_add_char(out, (char)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint32_t marks[] = {0, 0xc0, 0xe0, 0xf0};
    buffer_add_char(out, (char)(marks[more] | code >> 6 * more));
    while (more--)
        buffer_add_char(out, (char)(0x80 | (code >> 6 * more & 0x3f)));
}

/* Behind the backslash. */
static bool read_escape(struct reading *reading)
{
    static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    char c = reading->at < reading->end ? *reading->at++ : '\0';
    const char *name = c ? strchr(names, c) : NULL;
    uint32_t code, low;

    if (name) {
        buffer_add_char(&reading->scratch, means[name - names]);
        return true;
    }
    if (c != 'u')
        return wrong(reading, "there is no such escape");
    if (!read_hex(reading, &code))
        return false;
    if (code >= 0xd800 && code < 0xdc00) {
        if (reading->end - reading->at < 2 || memcmp(reading->at, "\\u", 2) != 0)
            return wrong(reading, "half a character");
        reading->at += 2;
        if (!read_hex(reading, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return wrong(reading, "half a character");
        code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
    } else if (code == 0 || (code >= 0xdc00 && code <= 0xdfff)) {
        return wrong(reading, "this is no character");
    }
    add_code(&reading->scratch, code);
    return true;
}

/* The rest of a text from its first escape on, into the scratch: `begin` is where it began. */
static bool read_escaped(struct reading *reading, const char *begin, struct slice *slice)
{
    size_t from = reading->scratch.length;
    buffer_add(&reading->scratch, begin, (size_t)(reading->at - begin));
    while (reading->at < reading->end && *reading->at != '"') {
        unsigned char c = (unsigned char)*reading->at;
        size_t size = 1;
        if (c == '\\') {
            reading->at++;
            if (!read_escape(reading))
                return false;
            continue;
        }
        if (c < ' ' || (c >= 0x80 && utf8_read(reading->at, (size_t)(reading->end - reading->at),
                                               &size) == UTF8_NONE))
            return wrong(reading, "this is no text");
        buffer_add(&reading->scratch, reading->at, size);
        reading->at += size;
    }
    /* the scratch may still move: where the text is in it is turned into an address when all is read */
    slice->text = NULL;
    slice->length = reading->scratch.length - from;
    return true;
}

static bool read_text(struct reading *reading, struct slice *slice)
{
    const char *begin = reading->at;
    while (reading->at < reading->end && *reading->at != '"' && *reading->at != '\\') {
        unsigned char c = (unsigned char)*reading->at;
        size_t size = 1;
        if (c < ' ' || (c >= 0x80 && utf8_read(reading->at, (size_t)(reading->end - reading->at),
                                               &size) == UTF8_NONE))
            return wrong(reading, "this is no text");
        reading->at += size;
    }
    *slice = (struct slice){begin, (size_t)(reading->at - begin)};
    if (reading->at < reading->end && *reading->at == '\\' && !read_escaped(reading, begin, slice))
        return false;
    return take(reading, '"') || wrong(reading, "the text does not end");
}

/* ---- the object ---- */

static bool read_whole(struct reading *reading, struct pair *pair)
{
    bool negative = *reading->at == '-';
    const char *begin = reading->at += negative;
    uint64_t value = 0, most = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;

    for (; reading->at < reading->end && *reading->at >= '0' && *reading->at <= '9';
         reading->at++) {
        uint64_t digit = (uint64_t)(*reading->at - '0');
        if (value > (most - digit) / 10)
            return wrong(reading, "the number is too large");
        value = 10 * value + digit;
    }
    if (reading->at == begin || (*begin == '0' && reading->at > begin + 1))
        return wrong(reading, "a text or a whole number was expected");
    if (reading->at < reading->end && *reading->at && strchr(".eE", *reading->at))
        return wrong(reading, "a whole number was expected");
    pair->whole = (int64_t)(negative ? 0 - value : value);
    return true;
}

static bool read_pair(struct reading *reading)
{
    if (reading->count == PAIRS_AT_MOST)
        return wrong(reading, "no message has so many fields");
    struct pair *pair = &reading->pairs[reading->count++];
    *pair = (struct pair){0};
    if (!take(reading, '"'))
        return wrong(reading, "a name in quotes was expected");
    if (!read_text(reading, &pair->key))
        return false;
    if (!take(reading, ':'))
        return wrong(reading, "a colon was expected");
    pair->is_text = take(reading, '"');
    if (pair->is_text)
        return read_text(reading, &pair->value);
    return reading->at < reading->end ? read_whole(reading, pair)
                                      : wrong(reading, "a value was expected");
}

static bool read_object(struct reading *reading)
{
    if (!take(reading, '{'))
        return wrong(reading, "it is no object");
    if (!take(reading, '}')) {
        do
            if (!read_pair(reading))
                return false;
        while (take(reading, ','));
        if (!take(reading, '}'))
            return wrong(reading, "a comma or the end of the object was expected");
    }
    skip_blanks(reading);
    return reading->at == reading->end || wrong(reading, "there is more behind the object");
}

/* Texts that had escapes lie in the scratch, one behind the other. */
static void place_texts(struct reading *reading)
{
    const char *next = reading->scratch.text;
    for (int i = 0; i < reading->count; i++) {
        struct slice *const slices[] = {&reading->pairs[i].key, &reading->pairs[i].value};
        for (int k = 0; k < 1 + reading->pairs[i].is_text; k++)
            if (!slices[k]->text) {
                slices[k]->text = next;
                next += slices[k]->length;
            }
    }
}

/* ---- what it says ---- */

static bool is(const struct slice *slice, const char *name)
{
    return strncmp(name, slice->text, slice->length) == 0 && name[slice->length] == '\0';
}

static const struct pair *pair_named(const struct reading *reading, const char *name)
{
    for (int i = 0; i < reading->count; i++)
        if (is(&reading->pairs[i].key, name))
            return &reading->pairs[i];
    return NULL;
}

static enum message_kind kind_named(const struct slice *name, bool event)
{
    int end = event ? MESSAGE_COUNT : COMMAND_COUNT;
    for (int i = event ? COMMAND_COUNT : 0; i < end; i++)
        if (is(name, message_rows[i].name))
            return (enum message_kind)i;
    return MESSAGE_COUNT;
}

static bool set_field(const struct pair *pair, const struct message_row *row, uint32_t *set,
                      struct interner *names, struct message *message, struct failure *failure)
{
    int length = pair->key.length < 60 ? (int)pair->key.length : 60;
    int i = 0;
    while (i < row->field_count && !is(&pair->key, row->fields[i].name))
        i++;
    if (i == row->field_count)
        return fail(failure, "`%s` has no `%.*s`", row->name, length, pair->key.text);
    if (*set & 1u << i)
        return fail(failure, "`%s` is said twice", row->fields[i].name);
    if (row->fields[i].whole == pair->is_text)
        return fail(failure, "`%s` of `%s` is %s", row->fields[i].name, row->name,
                    pair->is_text ? "a whole number" : "a text");
    *set |= 1u << i;
    if (pair->is_text)
        message->cells[i].text = intern(names, pair->value.text, pair->value.length);
    else
        message->cells[i].whole = pair->whole;
    return true;
}

static bool understand(const struct reading *reading, bool event, struct interner *names,
                       struct message *message)
{
    struct failure *failure = reading->failure;
    const char *word = event ? "event" : "command", *none = intern(names, "", 0);
    const struct pair *kind = pair_named(reading, word), *by = pair_named(reading, "by");
    uint32_t set = 0;

    if (!kind || !kind->is_text)
        return fail(failure, "it does not say which `%s` it is", word);
    message->kind = kind_named(&kind->value, event);
    if (message->kind == MESSAGE_COUNT)
        return fail(failure, "there is no %s `%.*s`", word,
                    kind->value.length < 60 ? (int)kind->value.length : 60, kind->value.text);
    if (by && !by->is_text)
        return fail(failure, "`by` is a name");
    message->by = by ? intern(names, by->value.text, by->value.length) : none;
    const struct message_row *row = &message_rows[message->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].whole)
            message->cells[i].whole = 0;
        else
            message->cells[i].text = none;
    for (const struct pair *pair = reading->pairs; pair < reading->pairs + reading->count; pair++)
        if (pair != kind && pair != by && !set_field(pair, row, &set, names, message, failure))
            return false;
    return true;
}

bool message_read(const char *text, size_t length, bool event, struct interner *names,
                  struct message *message, struct failure *failure)
{
    struct reading reading = {.begin = text, .at = text, .end = text + length, .failure = failure};
    bool good = read_object(&reading);
    if (good) {
        place_texts(&reading);
        good = understand(&reading, event, names, message);
    }
    buffer_free(&reading.scratch);
    return good;
}
