/* Any bytes as what a neighbour in the network sends: packets one after the other, each with its length in two bytes before
   it; the first byte says whether they are DNS or notes. What is kept is printable, and there is an end to it. */
#include "harness.h"

#include "base/utf8.h"
#include "printers/discovery.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static void check_text(const char text[PLAIN_BYTES])
{
    require(memchr(text, 0, PLAIN_BYTES) != NULL);
    for (size_t size; *text; text += size) {
        uint32_t c = utf8_read(text, strlen(text), &size);
        require(c != UTF8_NONE && c >= ' ' && c != 127 && !(c >= 0x80 && c < 0xa0));
    }
}

static void check_found(const struct found *found)
{
    struct in_addr address;
    const char *const texts[] = {found->announced, found->host, found->model, found->serial,
                                 found->path};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    require(inet_aton(found->address, &address) == 1);
    require(found->instance.length <= DNS_NAME_BYTES && found->target.length <= DNS_NAME_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct discovery discovery;
    uint8_t query[DNS_QUERY_BYTES];
    if (length == 0)
        return 0;
    bool notes = *bytes++ & 1;
    discovery.count = 0;
    for (length--; length >= 2;) {
        size_t size = (size_t)bytes[0] << 8 | bytes[1];
        struct in_addr from = {bytes[1] & 7};
        bytes += 2, length -= 2;
        size = size < length ? size : length;
        uint8_t *copy = malloc(size ? size : 1); /* with nothing behind it */
        memcpy(copy, bytes, size);
        if (notes)
            discovery_hear_note(&discovery, (const char *)copy, size, from);
        else
            discovery_hear_dns(&discovery, copy, size, from);
        free(copy);
        bytes += size, length -= size;
        require(discovery_ask(&discovery, query) <= DNS_QUERY_BYTES);
    }
    discovery_sort(&discovery);
    for (int i = 0; i < discovery.count; i++)
        check_found(&discovery.found[i]);
    return 0;
}
