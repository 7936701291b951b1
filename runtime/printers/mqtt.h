/* MQTT 3.1.1, as much of it as a client needs that asks a printer: packets are written into a buffer and read from bytes; no
   sockets. https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/ */
#ifndef FLOW_PRINTERS_MQTT_H
#define FLOW_PRINTERS_MQTT_H

#include "base/buffer.h"

#include <stdint.h>

enum mqtt_kind {
    MQTT_GREETED = 2, /* CONNACK; `code` says how: 0 is yes, 4 and 5 a wrong name or password */
    MQTT_NEWS = 3,    /* PUBLISH */
    MQTT_SUBSCRIBED = 9,
    MQTT_PONG = 13 /* any other kind is none of ours */
};

enum { MQTT_PACKET_AT_MOST = 1 << 18 }; /* a printer that sends more is left */

struct mqtt_packet {
    int kind, code;
    const char *topic, *body; /* of news; in the bytes that were read, not terminated */
    size_t topic_length, length;
};

/* Clean: the server keeps nothing of us, so that nothing is sent to anybody later. */
void mqtt_add_connect(struct buffer *out, const char *client, const char *user,
                      const char *password, int keep_alive_s);
/* Only what is published at most once: there is nothing to acknowledge. */
void mqtt_add_subscribe(struct buffer *out, uint16_t number, const char *topic);
/* At least once, as printers want it; whoever sends it need not wait for the acknowledgement, and never sends it again. */
void mqtt_add_publish(struct buffer *out, uint16_t number, const char *topic, const char *text);
void mqtt_add_ping(struct buffer *out);

/* Reads the first packet of what came. How many bytes it takes; 0 where some are missing yet; negative where it is none,
   or larger than any that we want. */
long mqtt_read(const char *bytes, size_t length, struct mqtt_packet *packet);

#endif
