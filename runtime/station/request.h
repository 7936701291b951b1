/* A request to the API and what is answered: bytes in, bytes out, whoever carries them. */
#ifndef FLOW_STATION_REQUEST_H
#define FLOW_STATION_REQUEST_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TARGET_AT_MOST = 4096,      /* bytes of path and query */
    BODY_AT_MOST = 1 << 20,     /* bytes of a body */
    FILE_AT_MOST = 16 << 20,    /* of one that is a file, from somebody who is known */
    PATH_PARTS_AT_MOST = 8,     /* "/api/v1/batches/B-1/units" has five */
    QUERIES_AT_MOST = 8,        /* "?after=12&limit=100" has two */
    PATH_ARGUMENTS_AT_MOST = 2, /* what a pattern leaves open */
    COOKIES_AT_MOST = 2,
    ITEMS_UNSAID = 100, /* of a page */
    ITEMS_AT_MOST = 1000
};

struct query {
    const char *name, *value;
};

struct request {
    const char *method;
    const char
        *parts[PATH_PARTS_AT_MOST]; /* of the path, decoded: UTF-8 without control characters */
    int part_count;
    struct query queries[QUERIES_AT_MOST]; /* likewise */
    int query_count;
    const char *arguments[PATH_ARGUMENTS_AT_MOST]; /* those parts that the pattern leaves open */
    const char *type;                              /* of the body; "" where it does not say */
    const char *accept;                            /* types that are wanted; NULL: not said */
    const char *body;
    size_t body_length;
    const char *person;  /* who asks, as the journal knows him; NULL: nobody */
    const char *tablet;  /* the trusted tablet that asks, as the journal knows it; NULL: none */
    const char *session; /* what the browser has of a session, "" for nothing */
    const char *address; /* in digits, of the other end */
    bool by_cookie; /* the browser says who asks, unasked: another site's page may be behind it */
    bool by_page;   /* one of our own pages asks: it can send a header that others cannot */
    bool secure;    /* TLS */
    bool unpacks;   /* gzip is understood */
    int64_t last_event; /* Last-Event-ID, -1 where it is not said */
};

enum reply_kind {
    REPLY_BODY,     /* what is in the body */
    REPLY_COMMANDS, /* commands were read; the writer answers */
    REPLY_VERB,     /* a verb of this program makes it */
    REPLY_SECRET,   /* a PIN or password was typed; the porter looks whether it is right */
    REPLY_FOLLOW    /* a stream of events, from the one after `follow_after` */
};

struct reply {
    enum reply_kind kind;
    unsigned status;
    const char *type;   /* of the body */
    struct buffer body; /* the receiver frees it */
    const char *allow;  /* methods, for 405 and OPTIONS; NULL: not said */
    const char *name;   /* a file name to save it by; NULL: none. In the request's arena */
    int64_t version;    /* of what was read: the last event in it; -1: it has none */
    const char *mark;   /* of a file: an ETag of its content; NULL: none */
    const char
        *policy; /* its Content-Security-Policy, where it is a page; NULL: nothing is allowed */
    bool packed; /* by gzip */
    bool lasts;  /* what is at this address never changes */
    const char *cookies[COOKIES_AT_MOST]; /* to be set; in the request's arena */
    int cookie_count;
    int retry_s; /* Retry-After, 0: not said */
    int64_t follow_after;
};

/* Takes a target ("/api/v1/batches/B%2F1?limit=3") apart, in the arena. False with a reply: too long, a broken escape, no
   UTF-8, control characters, "." or ".." as a part, a name said twice. */
bool request_read_target(struct request *request, const char *target, struct arena *arena,
                         struct reply *reply);

/* The value of a name in the query, NULL where it is not said. */
const char *request_query(const struct request *request, const char *name);
/* A whole number in the query, from 0 to `most`; `unsaid` where it is not said. False with a reply. */
bool request_whole(const struct request *request, const char *name, int64_t unsaid, int64_t most,
                   int64_t *value, struct reply *reply);

/* `from` (0 where it is not said) and `limit` (100, at most 1000) of a page. False with a reply. */
bool request_page(const struct request *request, int64_t *from, int64_t *limit,
                  struct reply *reply);

/* Makes the reply a problem (RFC 9457) with this status and a sentence; false, so that `return problem(...)` reads well. */
bool problem(struct reply *reply, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "Not Found"; "Error" for a status that the API does not use. */
const char *status_title(unsigned status);

/* Whether text is UTF-8 without control characters (line ends and tabs are not let through either). */
bool is_plain_text(const char *text, size_t length);

#endif
