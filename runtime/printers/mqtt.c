#include "printers/mqtt.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { CONNECT = 1, PUBLISH = 3, SUBSCRIBE = 8, PING = 12 };
enum { CLEAN_SESSION = 0x02, WITH_PASSWORD = 0x40, WITH_USER = 0x80, AT_LEAST_ONCE = 0x02 };

/* ---- writing ---- */

static void add_number(struct buffer *out, size_t number)
{
    buffer_add_char(out, (char)(number >> 8));
    buffer_add_char(out, (char)(number & 0xFF));
}

static void add_text(struct buffer *out, const char *text)
{
    size_t length = strlen(text);
    assert(length <= UINT16_MAX);
    add_number(out, length);
    buffer_add(out, text, length);
}

/* The kind, with its flags, and how many bytes follow. */
static void add_head(struct buffer *out, int kind, int flags, size_t length)
{
    assert(length < MQTT_PACKET_AT_MOST);
    buffer_add_char(out, (char)(kind << 4 | flags));
    do {
        buffer_add_char(out, (char)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
        length >>= 7;
    } while (length);
}

void mqtt_add_connect(struct buffer *out, const char *client, const char *user,
                      const char *password, int keep_alive_s)
{
    size_t texts = strlen(client) + strlen(user) + strlen(password);
    add_head(out, CONNECT, 0, 10 + 3 * 2 + texts);
    add_text(out, "MQTT");
    buffer_add_char(out, 4); /* 3.1.1 */
    buffer_add_char(out, (char)(CLEAN_SESSION | WITH_PASSWORD | WITH_USER));
    add_number(out, (size_t)keep_alive_s);
    add_text(out, client);
    add_text(out, user);
    add_text(out, password);
}

void mqtt_add_subscribe(struct buffer *out, uint16_t number, const char *topic)
{
    add_head(out, SUBSCRIBE, 2, 2 + 2 + strlen(topic) + 1);
    add_number(out, number);
    add_text(out, topic);
    buffer_add_char(out, 0);
}

void mqtt_add_publish(struct buffer *out, uint16_t number, const char *topic, const char *text)
{
    size_t length = strlen(text);
    add_head(out, PUBLISH, AT_LEAST_ONCE, 2 + strlen(topic) + 2 + length);
    add_text(out, topic);
    add_number(out, number);
    buffer_add(out, text, length);
}

void mqtt_add_ping(struct buffer *out)
{
    add_head(out, PING, 0, 0);
}

/* ---- reading ---- */

static size_t number_at(const unsigned char *bytes)
{
    return (size_t)bytes[0] << 8 | bytes[1];
}

/* What was published: topic, a number where it wants to be acknowledged, and the body. */
static bool read_news(const unsigned char *bytes, size_t length, int flags,
                      struct mqtt_packet *packet)
{
    size_t topic = length >= 2 ? number_at(bytes) : SIZE_MAX / 2;
    size_t before = 2 + topic + (flags & 0x06 ? 2 : 0);
    if (before > length)
        return false;
    packet->topic = (const char *)bytes + 2;
    packet->topic_length = topic;
    packet->body = (const char *)bytes + before;
    packet->length = length - before;
    return true;
}

long mqtt_read(const char *text, size_t length, struct mqtt_packet *packet)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t rest = 0, at = 1;
    *packet = (struct mqtt_packet){0};
    for (int shift = 0;; shift += 7) {
        if (shift > 21)
            return -1;
        if (at >= length)
            return 0;
        rest |= (size_t)(bytes[at] & 0x7F) << shift;
        if (!(bytes[at++] & 0x80))
            break;
    }
    if (rest > MQTT_PACKET_AT_MOST)
        return -1;
    if (length - at < rest)
        return 0;
    packet->kind = bytes[0] >> 4;
    if (packet->kind == MQTT_GREETED) {
        if (rest != 2)
            return -1;
        packet->code = bytes[at + 1];
    } else if (packet->kind == MQTT_NEWS && !read_news(bytes + at, rest, bytes[0] & 0x0F, packet)) {
        return -1;
    }
    return (long)(at + rest);
}
