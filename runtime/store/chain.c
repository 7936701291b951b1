#include "store/chain.h"

#include <openssl/sha.h>

const unsigned char chain_begin[JOURNAL_HASH_BYTES] = "flow journal 1";

/* Numbers in eight bytes, the lowest first, so that the chain is the same on every machine. */
static void add_number(SHA256_CTX *context, int64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> 8 * i);
    SHA256_Update(context, bytes, sizeof bytes);
}

void chain_hash(const unsigned char before[JOURNAL_HASH_BYTES], const struct journal_event *event,
                unsigned char hash[JOURNAL_HASH_BYTES])
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, before, JOURNAL_HASH_BYTES);
    add_number(&context, event->sequence);
    add_number(&context, event->time_ms);
    SHA256_Update(&context, event->body, event->length);
    SHA256_Final(hash, &context);
}

void chain_hex(const unsigned char hash[JOURNAL_HASH_BYTES], char hex[JOURNAL_HASH_DIGITS + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < JOURNAL_HASH_BYTES; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
    hex[JOURNAL_HASH_DIGITS] = '\0';
}
