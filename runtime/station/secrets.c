#include "station/secrets.h"

#include "engine/state.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PIN_LEAST = 4, PIN_MOST = 12, PASSWORD_LEAST = 10 };

static bool may_be(enum secret_kind kind, const char *text, struct failure *failure)
{
    size_t length = strlen(text);
    if (kind == SECRET_PIN)
        return (length >= PIN_LEAST && length <= PIN_MOST &&
                strspn(text, "0123456789") == length) ||
               fail(failure, "a PIN has %d to %d digits", PIN_LEAST, PIN_MOST);
    return (length >= PASSWORD_LEAST && length <= SECRET_AT_MOST) ||
           fail(failure, "a password has %d to %d characters", PASSWORD_LEAST, SECRET_AT_MOST);
}

bool secret_hash(enum secret_kind kind, const char *text, char hash[SECRET_HASH_SIZE],
                 struct failure *failure)
{
    _Static_assert(SECRET_HASH_SIZE == crypto_pwhash_STRBYTES, "what libsodium writes");
    if (!may_be(kind, text, failure))
        return false;
    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash, text, strlen(text), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return fail(failure, "there is no memory for the hash of a %s", SECRET_WORD(kind));
    return strncmp(hash, SECRET_HASH_BEGIN, strlen(SECRET_HASH_BEGIN)) == 0 ||
           fail(failure, "libsodium hashes otherwise than this flowd expects");
}

bool secret_is(const char *text, const char *hash)
{
    /* Of a text that nobody knows. */
    static const char nobodys[] =
        SECRET_HASH_BEGIN "c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if (sodium_init() < 0)
        abort(); /* no source of chance */
    bool good = crypto_pwhash_str_verify(*hash ? hash : nobodys, text, strlen(text)) == 0;
    return good && *hash;
}
