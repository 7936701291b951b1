#include "printers/discovery.h"

#include "base/utf8.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- texts of strangers ---- */

static bool is_printable(uint32_t c)
{
    bool turns_text = (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
                      (c >= 0x2066 && c <= 0x2069);
    return c != UTF8_NONE && c >= ' ' && c != 127 && !(c >= 0x80 && c < 0xa0) && !turns_text;
}

/* What is printable of it, as much as there is room for. */
static void keep_plain(char to[PLAIN_BYTES], const char *text, size_t length)
{
    size_t kept = 0, size;
    for (; length; text += size, length -= size) {
        if (!is_printable(utf8_read(text, length, &size)))
            continue;
        if (kept + size >= PLAIN_BYTES)
            break;
        memcpy(to + kept, text, size);
        kept += size;
    }
    to[kept] = '\0';
}

static struct found *add_found(struct discovery *discovery, const char *protocol,
                               struct in_addr from)
{
    int announced = 0;
    for (int i = 0; i < discovery->count; i++)
        announced += discovery->found[i].from.s_addr == from.s_addr;
    if (discovery->count == FOUND_AT_MOST || announced == FOUND_OF_ONE_SENDER)
        return NULL;
    struct found *found = &discovery->found[discovery->count++];
    *found = (struct found){.protocol = protocol, .from = from};
    inet_ntop(AF_INET, &from, found->address, sizeof found->address);
    return found;
}

/* ---- names of DNS ---- */

struct packet {
    const uint8_t *bytes;
    size_t length;
};

static const struct {
    const char *protocol;
    struct dns_name name;
} services[] = {
    {"octoprint", {"\12_octoprint\4_tcp\5local", 23}},
    {"moonraker", {"\12_moonraker\4_tcp\5local", 23}},
    {"prusalink", {"\12_prusalink\4_tcp\5local", 23}},
};
enum { SERVICE_COUNT = sizeof services / sizeof *services };

/* Lengths are under 64 and no letters: the bytes are compared as they are. */
static bool same_bytes(const uint8_t *a, const uint8_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (tolower(a[i]) != tolower(b[i]))
            return false;
    return true;
}

static bool same_name(const struct dns_name *a, const struct dns_name *b)
{
    return a->length == b->length && a->length && same_bytes(a->bytes, b->bytes, a->length);
}

static bool ends_with(const struct dns_name *name, const struct dns_name *end)
{
    size_t before = name->length - end->length;
    return name->length > end->length && name->bytes[0] + 1u == before &&
           same_bytes(name->bytes + before, end->bytes, end->length);
}

/* Reads the name at `*at`, which goes behind it. A pointer leads back, before all that was read of the name, so that there is
   an end to it. */
static bool read_name(const struct packet *packet, size_t *at, struct dns_name *name)
{
    size_t here = *at, lowest = *at;
    bool jumped = false;

    name->length = 0;
    while (here < packet->length) {
        uint8_t size = packet->bytes[here];
        if (size >= 0xc0) {
            if (here + 1 >= packet->length)
                return false;
            size_t to = (size_t)(size & 0x3f) << 8 | packet->bytes[here + 1];
            if (!jumped)
                *at = here + 2;
            jumped = true;
            if (to >= lowest)
                return false;
            here = lowest = to;
            continue;
        }
        if (size > 63 || here + 1 + size > packet->length ||
            name->length + 1 + size > DNS_NAME_BYTES)
            return false;
        memcpy(name->bytes + name->length, packet->bytes + here, 1u + size);
        name->length += 1u + size;
        here += 1u + size;
        if (size == 0) {
            if (!jumped)
                *at = here;
            return true;
        }
    }
    return false;
}

/* "octopi.local" */
static void name_as_text(const struct dns_name *name, char text[PLAIN_BYTES])
{
    char joined[DNS_NAME_BYTES];
    size_t length = 0;
    for (size_t at = 0; name->bytes[at]; at += 1u + name->bytes[at]) {
        if (length)
            joined[length++] = '.';
        memcpy(joined + length, name->bytes + at + 1, name->bytes[at]);
        length += name->bytes[at];
    }
    keep_plain(text, joined, length);
}

/* ---- records ---- */

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_TXT = 16, TYPE_SRV = 33, TYPE_ANY = 255 };

struct record {
    struct dns_name name;
    unsigned type;
    size_t data, end; /* places in the packet */
};

static unsigned read_16(const struct packet *packet, size_t at)
{
    return (unsigned)packet->bytes[at] << 8 | packet->bytes[at + 1];
}

static bool read_record(const struct packet *packet, size_t *at, struct record *record)
{
    enum { FIXED_BYTES = 10 }; /* type, class, how long it holds, length of its data */
    if (!read_name(packet, at, &record->name) || *at + FIXED_BYTES > packet->length)
        return false;
    record->type = read_16(packet, *at);
    record->data = *at + FIXED_BYTES;
    record->end = record->data + read_16(packet, *at + FIXED_BYTES - 2);
    *at = record->end;
    return record->end <= packet->length;
}

static void take_service(struct discovery *discovery, const struct packet *packet,
                         const struct record *record, struct in_addr from)
{
    struct dns_name instance;
    size_t at = record->data;
    int service = 0;

    while (service < SERVICE_COUNT && !same_name(&record->name, &services[service].name))
        service++;
    if (service == SERVICE_COUNT || !read_name(packet, &at, &instance) ||
        !ends_with(&instance, &services[service].name))
        return;
    for (int i = 0; i < discovery->count; i++)
        if (same_name(&discovery->found[i].instance, &instance))
            return;
    struct found *found = add_found(discovery, services[service].protocol, from);
    if (!found)
        return;
    found->instance = instance;
    keep_plain(found->announced, (const char *)instance.bytes + 1, instance.bytes[0]);
}

static void take_server(struct found *found, const struct packet *packet,
                        const struct record *record)
{
    enum { BEFORE_TARGET = 6 }; /* priority, weight, port */
    struct dns_name target;
    size_t at = record->data + BEFORE_TARGET;
    if (at >= record->end || !read_name(packet, &at, &target))
        return;
    found->port = (uint16_t)read_16(packet, record->data + 4);
    found->target = target;
    name_as_text(&target, found->host);
}

/* "path=/octoprint" and the like. A path is kept where it is plain enough to stand in an address. */
static void take_words(struct found *found, const struct packet *packet,
                       const struct record *record)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-._~/";
    for (size_t at = record->data; at < record->end; at += 1u + packet->bytes[at]) {
        const char *word = (const char *)packet->bytes + at + 1;
        size_t length = packet->bytes[at];
        if (at + 1 + length > record->end)
            return;
        if (length > 6 && strncasecmp(word, "model=", 6) == 0)
            keep_plain(found->model, word + 6, length - 6);
        if (length > 6 && strncasecmp(word, "path=/", 6) == 0) {
            keep_plain(found->path, word + 5, length - 5);
            if (found->path[strspn(found->path, unreserved)])
                found->path[0] = '\0';
        }
    }
}

static void take_address(struct found *found, const struct packet *packet,
                         const struct record *record, struct in_addr from)
{
    struct in_addr address;
    if (record->end - record->data != sizeof address)
        return;
    memcpy(&address, packet->bytes + record->data, sizeof address);
    /* Of several the one it sent from: that one leads there. */
    if (found->address_said && address.s_addr != from.s_addr)
        return;
    inet_ntop(AF_INET, &address, found->address, sizeof found->address);
    found->address_said = true;
}

static void take_record(struct discovery *discovery, const struct packet *packet,
                        const struct record *record, struct in_addr from)
{
    if (record->type == TYPE_PTR)
        take_service(discovery, packet, record, from);
    for (int i = 0; i < discovery->count; i++) {
        struct found *found = &discovery->found[i];
        if (record->type == TYPE_A && same_name(&found->target, &record->name))
            take_address(found, packet, record, from);
        else if (!same_name(&found->instance, &record->name))
            continue;
        else if (record->type == TYPE_SRV)
            take_server(found, packet, record);
        else if (record->type == TYPE_TXT)
            take_words(found, packet, record);
    }
}

/* Records come in any order, and each kind leads to the next. */
static const unsigned rounds[][2] = {{TYPE_PTR, 0}, {TYPE_SRV, TYPE_TXT}, {TYPE_A, 0}};

void discovery_hear_dns(struct discovery *discovery, const uint8_t *bytes, size_t length,
                        struct in_addr from)
{
    enum { HEAD_BYTES = 12, IS_ANSWER = 0x80, QUESTION_BYTES = 4 };
    struct packet packet = {bytes, length};
    struct dns_name asked;
    struct record record;

    if (length < HEAD_BYTES || !(bytes[2] & IS_ANSWER))
        return;
    size_t begin = HEAD_BYTES;
    for (unsigned i = read_16(&packet, 4); i; i--, begin += QUESTION_BYTES)
        if (!read_name(&packet, &begin, &asked))
            return;
    unsigned count = read_16(&packet, 6) + read_16(&packet, 8) + read_16(&packet, 10);
    for (size_t round = 0; round < sizeof rounds / sizeof *rounds; round++) {
        size_t at = begin;
        for (unsigned i = 0; i < count && at < length && read_record(&packet, &at, &record); i++)
            if (record.type == rounds[round][0] || record.type == rounds[round][1])
                take_record(discovery, &packet, &record, from);
    }
}

/* ---- asking ---- */

struct query {
    uint8_t *bytes;
    size_t length;
    unsigned questions;
};

static void ask_for(struct query *query, const struct dns_name *name, uint8_t type)
{
    static const uint8_t answer_us_alone = 0x80, internet = 1;
    if (query->length + name->length + 4 > DNS_QUERY_BYTES)
        return; /* full: those before it come first */
    memcpy(query->bytes + query->length, name->bytes, name->length);
    query->length += name->length;
    memcpy(query->bytes + query->length, (uint8_t[]){0, type, answer_us_alone, internet}, 4);
    query->length += 4;
    query->questions++;
}

size_t discovery_ask(const struct discovery *discovery, uint8_t bytes[DNS_QUERY_BYTES])
{
    struct query query = {bytes, 12, 0};
    memset(bytes, 0, query.length);
    for (int i = 0; i < SERVICE_COUNT; i++)
        ask_for(&query, &services[i].name, TYPE_PTR);
    for (int i = 0; i < discovery->count; i++) {
        const struct found *found = &discovery->found[i];
        if (found->instance.length && !found->port)
            ask_for(&query, &found->instance, TYPE_ANY);
        if (found->target.length && !found->address_said)
            ask_for(&query, &found->target, TYPE_A);
    }
    bytes[4] = (uint8_t)(query.questions >> 8);
    bytes[5] = (uint8_t)query.questions;
    return query.length;
}

/* ---- notes of Bambu Lab printers: a head as of HTTP, sent to all at port 2021 ---- */

/* The value of a header whose name begins so; false where there is none. */
static bool read_header(const char *bytes, size_t length, const char *name, char value[PLAIN_BYTES])
{
    size_t name_length = strlen(name);
    for (const char *line = bytes, *end = bytes + length; line < end;) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        size_t line_length = (size_t)((line_end ? line_end : end) - line);
        const char *colon = memchr(line, ':', line_length);
        if (colon && line_length >= name_length && strncasecmp(line, name, name_length) == 0) {
            for (colon++; colon < line + line_length && *colon == ' ';)
                colon++;
            keep_plain(value, colon, (size_t)(line + line_length - colon));
            return true;
        }
        line += line_length + 1;
    }
    return false;
}

/* It goes into farm.yaml as it is. */
static bool is_serial(const char *text)
{
    size_t length = strlen(text);
    return length >= 8 && length <= 24 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == length;
}

void discovery_hear_note(struct discovery *discovery, const char *bytes, size_t length,
                         struct in_addr from)
{
    char kind[PLAIN_BYTES], serial[PLAIN_BYTES], place[PLAIN_BYTES];
    struct in_addr address;

    if (!read_header(bytes, length, "NT:", kind) ||
        strcmp(kind, "urn:bambulab-com:device:3dprinter:1") != 0 ||
        !read_header(bytes, length, "USN:", serial) || !is_serial(serial))
        return;
    for (int i = 0; i < discovery->count; i++)
        if (strcmp(discovery->found[i].serial, serial) == 0)
            return;
    struct found *found = add_found(discovery, "bambu", from);
    if (!found)
        return;
    memcpy(found->serial, serial, sizeof serial);
    if (!read_header(bytes, length, "DevName.", found->announced))
        memcpy(found->announced, serial, sizeof serial);
    read_header(bytes, length, "DevModel.", found->model);
    if (read_header(bytes, length, "Location:", place) && inet_pton(AF_INET, place, &address) == 1)
        inet_ntop(AF_INET, &address, found->address, sizeof found->address);
}

/* ---- order ---- */

static int by_address(const void *a, const void *b)
{
    const struct found *first = a, *second = b;
    uint32_t here = ntohl(inet_addr(first->address)), there = ntohl(inet_addr(second->address));
    int order = strcmp(first->protocol, second->protocol);
    if (!order)
        order = (here > there) - (here < there);
    if (!order)
        order = first->port - second->port;
    if (!order)
        order = strcmp(first->announced, second->announced);
    return order ? order : strcmp(first->serial, second->serial);
}

void discovery_sort(struct discovery *discovery)
{
    qsort(discovery->found, (size_t)discovery->count, sizeof *discovery->found, by_address);
}
