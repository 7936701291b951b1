/* Tokens: 256 random bits by which a program acts for a person. Whoever makes one sees it once; the shop keeps its hash. */
#ifndef FLOW_STATION_TOKENS_H
#define FLOW_STATION_TOKENS_H

#include "base/arena.h"
#include "engine/state.h"

enum { TOKEN_LENGTH = 48, TOKEN_HASH_DIGITS = 64 };

/* "flow_" and 43 characters of base64url. */
void token_make(char text[TOKEN_LENGTH + 1]);
/* BLAKE2b-256 of the text, in hex. Random bits need no slow hash. */
void token_hash(const char *text, char hex[TOKEN_HASH_DIGITS + 1]);

/* The person whose token it is, NULL where it is none, was revoked, or the person was dismissed. */
const struct person *token_person(const struct state *state, const char *text);

#endif
