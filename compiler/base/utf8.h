/* UTF-8, one character at a time; bytes that are no character count one each. */
#ifndef FLOW_BASE_UTF8_H
#define FLOW_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_NONE UINT32_MAX

/* The code point that begins at text, of at most length (> 0) bytes; its bytes in size. Where the bytes are no
   character (overlong, a surrogate, cut short): UTF8_NONE, of one byte. */
uint32_t utf8_read(const char *text, size_t length, size_t *size);

#endif
