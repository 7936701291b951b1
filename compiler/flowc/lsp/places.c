#include "flowc/lsp/places.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>

struct place_found {
    uint32_t line, offset, units;
};

void lined_text_open(struct lined_text *lined, const char *text, size_t length)
{
    uint32_t capacity = (uint32_t)length / 24 + 16;
    *lined = (struct lined_text){.text = text, .length = (uint32_t)length};
    lined->lines = memory_alloc(sizeof *lined->lines * capacity);
    lined->lines[lined->line_count++] = 0;
    lined->last = memory_zeroed(1, sizeof *lined->last);
    for (uint32_t at = 0; at < length; at++) {
        if (text[at] != '\n' && (text[at] != '\r' || (at + 1 < length && text[at + 1] == '\n')))
            continue;
        if (lined->line_count == capacity)
            lined->lines = memory_resize(lined->lines, sizeof *lined->lines * (capacity *= 2));
        lined->lines[lined->line_count++] = at + 1;
    }
}

void lined_text_close(struct lined_text *lined)
{
    free(lined->lines);
    free(lined->last);
    *lined = (struct lined_text){0};
}

/* A character outside the basic plane is two units; a byte that is no character counts one. */
static uint32_t units_of(uint32_t code)
{
    return code != UTF8_NONE && code > 0xFFFF ? 2 : 1;
}

struct place place_of(const struct lined_text *lined, uint32_t offset, bool utf8)
{
    uint32_t low = 0, high = lined->line_count;
    if (offset > lined->length)
        offset = lined->length;
    while (low < high) { /* the last line that begins at or before it */
        uint32_t middle = low + (high - low) / 2;
        if (lined->lines[middle] <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t at = lined->lines[low - 1], units = 0;
    if (utf8)
        return (struct place){low - 1, offset - at};
    struct place_found *last = lined->last;
    if (last->line == low - 1 && last->offset >= at && last->offset <= offset) {
        at = last->offset;
        units = last->units;
    }
    while (at < offset) {
        size_t size;
        units += units_of(utf8_read(lined->text + at, lined->length - at, &size));
        at += (uint32_t)size;
    }
    *last = (struct place_found){low - 1, at, units};
    return (struct place){low - 1, units};
}

/* Where a line's text ends, before what ends it. */
static uint32_t line_end(const struct lined_text *lined, uint32_t line)
{
    if (line + 1 >= lined->line_count)
        return lined->length;
    uint32_t end = lined->lines[line + 1] - 1;
    bool pair =
        lined->text[end] == '\n' && end > lined->lines[line] && lined->text[end - 1] == '\r';
    return pair ? end - 1 : end;
}

uint32_t offset_of(const struct lined_text *lined, struct place place, bool utf8)
{
    if (place.line >= lined->line_count)
        return lined->length;
    uint32_t at = lined->lines[place.line], end = line_end(lined, place.line), units = 0;
    if (utf8) {
        at = place.character < end - at ? at + place.character : end;
        while (at > lined->lines[place.line] && at < end &&
               ((unsigned char)lined->text[at] & 0xC0) == 0x80)
            at--; /* inside a character: before it */
        return at;
    }
    while (at < end) {
        size_t size;
        units += units_of(utf8_read(lined->text + at, end - at, &size));
        if (units > place.character)
            break;
        at += (uint32_t)size;
    }
    return at;
}
