/* Private to store/: an open journal. */
#ifndef FLOW_STORE_PRIVATE_H
#define FLOW_STORE_PRIVATE_H

#include "store/journal.h"

#include <sqlite3.h>

enum { JOURNAL_BODY_AT_MOST = 64 << 20 };

struct chain_link {
    int64_t sequence;
    unsigned char hash[JOURNAL_HASH_BYTES];
};

struct journal {
    char *path;
    sqlite3 *database;
    sqlite3_stmt *insert, *insert_answer, *write_head, *find_answer;
    struct chain_link head;   /* durable */
    struct chain_link staged; /* behind what is staged; the head where nothing is */
    bool open;                /* a transaction is */
    int lock;                 /* a file that is held while we may write, -1 */
};

/* Says what SQLite complains of, and what to do; returns false. `what` was to be done: "read", "written". */
bool journal_fail(const struct journal *journal, struct failure *failure, const char *what);
bool journal_execute(struct journal *journal, const char *sql, struct failure *failure);
bool journal_prepare(struct journal *journal, const char *sql, sqlite3_stmt **statement,
                     struct failure *failure);

#endif
