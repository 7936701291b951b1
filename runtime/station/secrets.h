/* PINs and passwords: what may be one, its hash (argon2id), and whether somebody typed the one of a hash. */
#ifndef FLOW_STATION_SECRETS_H
#define FLOW_STATION_SECRETS_H

#include "base/failure.h"

enum secret_kind { SECRET_PIN, SECRET_PASSWORD };
#define SECRET_WORD(kind) ((kind) == SECRET_PIN ? "PIN" : "password")

enum { SECRET_AT_MOST = 200, SECRET_HASH_SIZE = 128 };

/* The hash begins with SECRET_HASH_BEGIN (engine/state.h); two of one text differ. Takes 64 MiB and about a tenth of a
   second. False with a failure where the text is too short or, for a PIN, has anything but digits. */
bool secret_hash(enum secret_kind kind, const char *text, char hash[SECRET_HASH_SIZE],
                 struct failure *failure);
/* Takes as long where the hash is "" (there is none), so that nobody learns by that who has one. */
bool secret_is(const char *text, const char *hash);

#endif
