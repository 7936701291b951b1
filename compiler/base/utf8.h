/* UTF-8, one character at a time; bytes that are no character count one each. */
#ifndef FLOW_BASE_UTF8_H
#define FLOW_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_NONE UINT32_MAX

/* The code point that begins at text, of at most length (> 0) bytes; its bytes in size. Where the bytes are no
   character (overlong, a surrogate, cut short): UTF8_NONE, of one byte. */
uint32_t utf8_read(const char *text, size_t length, size_t *size);

#define UTF8_HIDDEN (-1)

/* The cells that a terminal gives a character: 2 where it is wide (Chinese, emoji), 0 where it stands over or under the one
   before; UTF8_HIDDEN of one that is not seen, and makes a text look other than it is. Of UTF8_NONE: 1. After Unicode 15. */
int utf8_cells(uint32_t c);

/* The cells of a text; those that are hidden have none. */
int utf8_width(const char *text);

#endif
