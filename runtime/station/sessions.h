/* Who is signed in, and who tried too often: what the server knows and the journal does not. When the server is stopped,
   people sign in anew. */
#ifndef FLOW_STATION_SESSIONS_H
#define FLOW_STATION_SESSIONS_H

#include "engine/state.h"
#include "station/tokens.h"

#include <stdint.h>

enum {
    SESSION_MS = 12 * 3600 * 1000,    /* a shift and a half */
    SESSION_IDLE_MS = 60 * 60 * 1000, /* since it asked for something last */
    TRIES_OF_PERSON = 5,              /* wrong ones in a row */
    TRIES_OF_PLACE = 20               /* of whoever sits at one tablet, or asks from one address */
};

struct sessions;

struct sessions *sessions_open(void);
void sessions_close(struct sessions *sessions);

/* A new one, for a person who showed the secret of a hash. The token is told once. */
void session_begin(struct sessions *sessions, const char *person, const char *hash, int64_t now_ms,
                   char token[TOKEN_LENGTH + 1]);
/* Whose it is: NULL where there is none, it is over, or the person was dismissed or has another PIN or password since. */
const struct person *session_find(struct sessions *sessions, const struct state *state,
                                  const char *token, int64_t now_ms);
void session_end(struct sessions *sessions, const char *token);

/* How long a person and a place have to wait before they may try again, 0: not at all. */
int64_t tries_wait_ms(const struct sessions *sessions, const char *person, const char *place,
                      int64_t now_ms);
/* From the TRIES_ on each wrong one doubles the wait, from half a minute to a quarter of an hour; after that time without
   one all is forgotten. For one thread only: the porter's. */
void tries_note(struct sessions *sessions, const char *person, const char *place, bool right,
                int64_t now_ms);

#endif
