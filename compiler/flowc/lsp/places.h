/* Places as the protocol counts them: lines from 0, characters from 0 in bytes (utf-8) or in UTF-16 units. Lines end as
   the protocol says, at \n, \r\n and \r alone. */
#ifndef FLOW_LSP_PLACES_H
#define FLOW_LSP_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place {
    uint32_t line, character;
};

/* A text with the table of its lines. The text is the caller's. */
struct lined_text {
    const char *text;
    uint32_t length;
    uint32_t *lines; /* where they begin */
    uint32_t line_count;
    struct place_found
        *last; /* of place_of: places are asked for one after the other, and lines may be long */
};

void lined_text_open(struct lined_text *lined, const char *text, size_t length);
void lined_text_close(struct lined_text *lined);

struct place place_of(const struct lined_text *lined, uint32_t offset, bool utf8);
/* A place behind the end of its line is that end, one behind the last line the end of the text. */
uint32_t offset_of(const struct lined_text *lined, struct place place, bool utf8);

#endif
