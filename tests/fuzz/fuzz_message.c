/* Any bytes as a command and as an event. What is accepted must be JSON for a reader that is not ours, and be written and
   read again as the same. */
#include "engine/message.h"
#include "harness.h"

#include <jansson.h>
#include <string.h>

static void is_the_same(const struct message *one, const struct message *other)
{
    require(one->kind == other->kind && one->by == other->by);
    for (int i = 0; i < message_rows[one->kind].field_count; i++)
        require(one->cells[i].whole == other->cells[i].whole); /* texts are interned */
}

static void read_as(const uint8_t *bytes, size_t length, bool event)
{
    struct arena arena = {0};
    struct interner names;
    struct message message, again;
    struct failure failure = {""};
    interner_open(&names, &arena);
    if (message_read((const char *)bytes, length, event, &names, &message, &failure)) {
        struct buffer text = {0};
        json_t *other = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
        require(other != NULL);
        json_decref(other);
        message_write(&text, &message);
        require(message_read(text.text, text.length, event, &names, &again, &failure));
        is_the_same(&message, &again);
        buffer_free(&text);
    } else {
        require(failure.message[0] != '\0');
    }
    interner_close(&names);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    read_as(bytes, length, false);
    read_as(bytes, length, true);
    return 0;
}
