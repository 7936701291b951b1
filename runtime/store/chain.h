/* Private to store/: the hash that chains the events. */
#ifndef FLOW_STORE_CHAIN_H
#define FLOW_STORE_CHAIN_H

#include "store/journal.h"

/* Of an event and the hash of the one before; that of the first is chain_begin. */
void chain_hash(const unsigned char before[JOURNAL_HASH_BYTES], const struct journal_event *event,
                unsigned char hash[JOURNAL_HASH_BYTES]);
extern const unsigned char chain_begin[JOURNAL_HASH_BYTES];

void chain_hex(const unsigned char hash[JOURNAL_HASH_BYTES], char hex[JOURNAL_HASH_DIGITS + 1]);

#endif
