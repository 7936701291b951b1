#include "shop/uuid.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char pattern[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

void uuid_make(int64_t time_ms, char text[UUID_LENGTH + 1])
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        abort(); /* of so few bytes it always gives all */
    for (int i = 0; i < 6; i++)
        bytes[i] = (unsigned char)((uint64_t)time_ms >> (40 - 8 * i));
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x70);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    for (int i = 0, at = 0; i < 16; i++) {
        at += pattern[at] == '-';
        snprintf(text + at, 3, "%02x", bytes[i]);
        at += 2;
        if (at < UUID_LENGTH && pattern[at] == '-')
            text[at] = '-';
    }
}

bool uuid_is(const char *text)
{
    for (int i = 0; i < UUID_LENGTH; i++)
        if (pattern[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    return text[UUID_LENGTH] == '\0';
}
