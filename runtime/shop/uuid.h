/* UUIDv7 (RFC 9562): the time in front, so that they sort as they were made. */
#ifndef FLOW_SHOP_UUID_H
#define FLOW_SHOP_UUID_H

#include <stdbool.h>
#include <stdint.h>

enum { UUID_LENGTH = 36 };

void uuid_make(int64_t time_ms, char text[UUID_LENGTH + 1]);
/* Whether it is a UUID, of any version: 8-4-4-4-12 hex digits. */
bool uuid_is(const char *text);

#endif
