#include "base/buffer.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct buffer *buffer, size_t more)
{
    size_t wanted = buffer->length + more + 1;
    if (wanted <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < wanted)
        capacity *= 2;
    buffer->text = memory_resize(buffer->text, capacity);
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const char *text, size_t length)
{
    reserve(buffer, length);
    if (length)
        memcpy(buffer->text + buffer->length, text, length);
    buffer->length += length;
    buffer->text[buffer->length] = 0;
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    buffer_add(buffer, &c, 1);
}

void buffer_vaddf(struct buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    reserve(buffer, 80);
    size_t room = buffer->capacity - buffer->length;
    int length = vsnprintf(buffer->text + buffer->length, room, format, arguments);
    if (length > 0 && (size_t)length >= room) {
        reserve(buffer, (size_t)length);
        vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    if (length > 0)
        buffer->length += (size_t)length;
    buffer->text[buffer->length] = 0;
}

void buffer_addf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(buffer, format, arguments);
    va_end(arguments);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->text)
        buffer->text[0] = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->text);
    *buffer = (struct buffer){0};
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->text ? buffer->text : "";
}

/* ---- other notations ---- */

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD, for bytes that are no character */

static const char *json_escape(uint32_t c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\t':
        return "\\t";
    case '\r':
        return "\\r";
    case UTF8_NONE:
        return REPLACEMENT;
    default:
        return NULL;
    }
}

void buffer_add_json(struct buffer *buffer, const char *text, size_t length)
{
    size_t size, plain = 0; /* what stands as it is goes in at once */
    for (size_t at = 0; at < length; at += size) {
        uint32_t c = utf8_read(text + at, length - at, &size);
        const char *escape = json_escape(c);
        bool control = !escape && (c < 0x20 || c == 0x7F);
        if (!escape && !control)
            continue;
        buffer_add(buffer, text + plain, at - plain);
        plain = at + size;
        if (escape)
            buffer_add_text(buffer, escape);
        else
            buffer_addf(buffer, "\\u%04x", c);
    }
    buffer_add(buffer, text + plain, length - plain);
}

/* What stands for c in XML and HTML; NULL for itself. Control characters may not stand there at all. */
static const char *xml_escape(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    case '\n':
    case '\t':
        return NULL;
    default:
        return c < 0x20 || c == 0xFFFE || c == 0xFFFF || c == UTF8_NONE ? REPLACEMENT : NULL;
    }
}

void buffer_add_xml(struct buffer *buffer, const char *text)
{
    size_t size, plain = 0, length = strlen(text);
    for (size_t at = 0; at < length; at += size) {
        const char *escape = xml_escape(utf8_read(text + at, length - at, &size));
        if (!escape)
            continue;
        buffer_add(buffer, text + plain, at - plain);
        plain = at + size;
        buffer_add_text(buffer, escape);
    }
    buffer_add(buffer, text + plain, length - plain);
}

void buffer_add_base64(struct buffer *buffer, const char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < length; at += 3) {
        unsigned bits = 0;
        for (size_t i = 0; i < 3; i++)
            bits = bits << 8 | (at + i < length ? (unsigned char)bytes[at + i] : 0);
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63],
                        digits[bits & 63]};
        for (size_t i = 3; at + i - 1 >= length; i--) /* what is not there */
            four[i] = '=';
        buffer_add(buffer, four, sizeof four);
    }
}
