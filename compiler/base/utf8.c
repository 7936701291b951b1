#include "base/utf8.h"

uint32_t utf8_read(const char *text, size_t length, size_t *size)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000}; /* by continuation bytes */
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t c = bytes[0];
    size_t more = c < 0xC0 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    *size = 1;
    if (c < 0x80)
        return c;
    if (c < 0xC0 || c >= 0xF8 || more >= length)
        return UTF8_NONE;
    c &= 0x3Fu >> more;
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return UTF8_NONE;
        c = c << 6 | (bytes[i] & 0x3F);
    }
    if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return UTF8_NONE;
    *size = more + 1;
    return c;
}
