/* What printers announce of themselves in a network: DNS-SD over multicast DNS (RFC 6762, 6763) for servers of OctoPrint,
   Moonraker and PrusaLink, and the notes that Bambu Lab printers broadcast. Bytes in, bytes out; discover.c carries them.
   Whatever comes is from strangers: every text that is kept is printable UTF-8, and there is an end to everything. */
#ifndef FLOW_PRINTERS_DISCOVERY_H
#define FLOW_PRINTERS_DISCOVERY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FOUND_AT_MOST = 512,
    FOUND_OF_ONE_SENDER = 64, /* so that nobody alone takes all the room */
    DNS_NAME_BYTES = 255,
    DNS_QUERY_BYTES = 1400,
    PLAIN_BYTES = 128
};

/* As it is sent, without compression: labels with their lengths before them, a zero in the end. */
struct dns_name {
    uint8_t bytes[DNS_NAME_BYTES];
    size_t length; /* 0: not known */
};

struct found {
    const char *protocol;          /* "octoprint", as farm.yaml has it */
    char announced[PLAIN_BYTES];   /* the name it goes by, for people */
    char host[PLAIN_BYTES];        /* "octopi.local", "" where it does not say */
    char model[PLAIN_BYTES];       /* "" where it does not say */
    char serial[PLAIN_BYTES];      /* of a Bambu Lab printer, "" of others */
    char path[PLAIN_BYTES];        /* of its server, "" for "/" */
    char address[INET_ADDRSTRLEN]; /* in digits */
    uint16_t port;                 /* 0 where it does not say */
    struct dns_name instance, target;
    struct in_addr from;
    bool address_said; /* else it is the one its note came from */
};

/* Zero-initialise. */
struct discovery {
    struct found found[FOUND_AT_MOST];
    int count;
};

/* Writes the next query: for the services, and for what is missing of those that were found. Returns its length. */
size_t discovery_ask(const struct discovery *discovery, uint8_t query[DNS_QUERY_BYTES]);
/* Takes what came from an address; whatever is no sound answer is left out, from where it is not. */
void discovery_hear_dns(struct discovery *discovery, const uint8_t *bytes, size_t length,
                        struct in_addr from);
void discovery_hear_note(struct discovery *discovery, const char *bytes, size_t length,
                         struct in_addr from);
/* By protocol, address and name, so that it is the same whoever answered first. */
void discovery_sort(struct discovery *discovery);

#endif
