#include "station/tokens.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 32 };

static void be_ready(void)
{
    if (sodium_init() < 0)
        abort(); /* no source of chance */
}

void token_make(char text[TOKEN_LENGTH + 1])
{
    unsigned char bytes[TOKEN_BYTES];
    be_ready();
    randombytes_buf(bytes, sizeof bytes);
    memcpy(text, "flow_", 5);
    sodium_bin2base64(text + 5, TOKEN_LENGTH + 1 - 5, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void token_hash(const char *text, char hex[TOKEN_HASH_DIGITS + 1])
{
    unsigned char hash[TOKEN_HASH_DIGITS / 2];
    be_ready();
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(hex, TOKEN_HASH_DIGITS + 1, hash, sizeof hash);
}

const struct person *token_person(const struct state *state, const char *text)
{
    char hash[TOKEN_HASH_DIGITS + 1];
    token_hash(text, hash);
    /* How long a look into the table takes tells something of the hash at most, which leads back to no token. */
    const char *name = intern_find(&state->names, hash, TOKEN_HASH_DIGITS);
    const struct token *token = name ? state_token(state, name) : NULL;
    bool good = token && sodium_memcmp(token->hash, hash, TOKEN_HASH_DIGITS) == 0 &&
                !token->revoked && !token->person->dismissed;
    return good ? token->person : NULL;
}
