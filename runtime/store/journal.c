#include "store/journal.h"

#include "base/memory.h"
#include "store/chain.h"
#include "store/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { APPLICATION = 0x464c4f57 /* "FLOW": told apart from any other SQLite file */ };

/* What makes each version of the file out of the one before; the last is the present one. */
static const char *const migrations[] = {
    "CREATE TABLE event (sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, body TEXT NOT "
    "NULL,"
    "                    hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE answer (command TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL,"
    "                   hash BLOB NOT NULL) STRICT;"
    "CREATE TRIGGER event_stays BEFORE DELETE ON event"
    "    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;"
    "CREATE TRIGGER event_is_final BEFORE UPDATE ON event"
    "    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;"};
_Static_assert(sizeof migrations / sizeof *migrations == JOURNAL_VERSION, "a migration a version");

/* Without room for the files that SQLite keeps beside it a journal cannot even be opened, and SQLite says "disk I/O error". */
static bool disk_is_full(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 && disk.f_bavail * disk.f_frsize < 64 * 1024;
}

bool journal_fail(const struct journal *journal, struct failure *failure, const char *what)
{
    int code = journal->database ? sqlite3_errcode(journal->database) : SQLITE_NOMEM;
    if ((code & 0xff) == SQLITE_IOERR && disk_is_full(journal->path))
        return fail(failure, "%s cannot be %s: the disk is full; make room, and try again",
                    journal->path, what);
    if ((code & 0xff) == SQLITE_FULL)
        return fail(failure, "%s: the disk is full; nothing of this was kept", journal->path);
    if ((code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
        return fail(failure, "%s is damaged or no journal: %s; restore the last backup",
                    journal->path, sqlite3_errmsg(journal->database));
    return fail(failure, "%s cannot be %s: %s", journal->path, what,
                journal->database ? sqlite3_errmsg(journal->database) : "no memory");
}

bool journal_execute(struct journal *journal, const char *sql, struct failure *failure)
{
    return sqlite3_exec(journal->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           journal_fail(journal, failure, "written");
}

/* ---- opening ---- */

/* Two commands at once are the second a moment later: it waits, up to three seconds. */
static bool wait_for_lock(int lock)
{
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    for (int tries = 0; tries < 300; tries++) {
        if (flock(lock, LOCK_EX | LOCK_NB) == 0)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

static bool take_lock(struct journal *journal, struct failure *failure)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s.lock", journal->path) >= (int)sizeof path)
        return fail(failure, "%s: the path is too long", journal->path);
    journal->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (journal->lock < 0)
        return fail(failure, "%s cannot be made: %s", path, strerror(errno));
    if (!wait_for_lock(journal->lock))
        return fail(failure, "%s is written by another flowd; stop that one first", journal->path);
    return true;
}

static int64_t ask_number(struct journal *journal, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(journal->database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* Each version in a transaction of its own: a crash leaves the old one or the new one. */
static bool migrate(struct journal *journal, bool writes, struct failure *failure)
{
    int64_t version = ask_number(journal, "PRAGMA user_version");
    int64_t application = ask_number(journal, "PRAGMA application_id");
    if (version < 0)
        return journal_fail(journal, failure, "read");
    if (version > 0 && application != APPLICATION)
        return fail(failure, "%s is no journal but another program's database", journal->path);
    if (version > JOURNAL_VERSION)
        return fail(failure, "%s was written by a newer flowd; use that one", journal->path);
    if (version < JOURNAL_VERSION && !writes)
        return fail(failure, "%s is %s; start flowd once", journal->path,
                    version ? "of an older version" : "empty");
    for (; version < JOURNAL_VERSION; version++) {
        char mark[128];
        snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                 APPLICATION, (int)version + 1);
        if (!journal_execute(journal, "BEGIN IMMEDIATE", failure) ||
            !journal_execute(journal, migrations[version], failure) ||
            !journal_execute(journal, mark, failure))
            return false;
    }
    return true;
}

bool journal_prepare(struct journal *journal, const char *sql, sqlite3_stmt **statement,
                     struct failure *failure)
{
    return sqlite3_prepare_v3(journal->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                              NULL) == SQLITE_OK ||
           journal_fail(journal, failure, "read");
}

static bool read_head(struct journal *journal, struct failure *failure)
{
    sqlite3_stmt *statement = NULL;
    if (!journal_prepare(journal, "SELECT sequence, hash FROM head", &statement, failure))
        return false;
    journal->head.sequence = 0;
    memcpy(journal->head.hash, chain_begin, JOURNAL_HASH_BYTES);
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW && sqlite3_column_bytes(statement, 1) == JOURNAL_HASH_BYTES) {
        journal->head.sequence = sqlite3_column_int64(statement, 0);
        memcpy(journal->head.hash, sqlite3_column_blob(statement, 1), JOURNAL_HASH_BYTES);
    }
    journal->staged = journal->head;
    sqlite3_finalize(statement);
    return step == SQLITE_ROW || step == SQLITE_DONE || journal_fail(journal, failure, "read");
}

static bool open_all(struct journal *journal, bool writes, struct failure *failure)
{
    int flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (writes && !take_lock(journal, failure))
        return false;
    if (!writes && access(journal->path, R_OK) != 0)
        return fail(failure, "%s cannot be opened: %s", journal->path, strerror(errno));
    if (sqlite3_open_v2(journal->path, &journal->database, flags, NULL) != SQLITE_OK)
        return journal_fail(journal, failure, "opened");
    sqlite3_busy_timeout(journal->database, 10000);
    if (writes && !journal_execute(journal,
                                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                   "PRAGMA trusted_schema = OFF",
                                   failure))
        return false;
    return migrate(journal, writes, failure) && read_head(journal, failure) &&
           (!writes ||
            (journal_prepare(journal,
                             "INSERT INTO event (sequence, time_ms, body, hash)"
                             " VALUES (?1, ?2, ?3, ?4)",
                             &journal->insert, failure) &&
             journal_prepare(journal, "INSERT INTO answer (command, answer) VALUES (?1, ?2)",
                             &journal->insert_answer, failure) &&
             journal_prepare(journal, "INSERT OR REPLACE INTO head VALUES (1, ?1, ?2)",
                             &journal->write_head, failure))) &&
           journal_prepare(journal, "SELECT answer FROM answer WHERE command = ?1",
                           &journal->find_answer, failure);
}

struct journal *journal_open(const char *path, enum journal_mode mode, struct failure *failure)
{
    struct journal *journal = memory_zeroed(1, sizeof *journal);
    journal->lock = -1;
    journal->path = memory_alloc(strlen(path) + 1);
    strcpy(journal->path, path);
    if (open_all(journal, mode == JOURNAL_WRITE, failure))
        return journal;
    journal_close(journal);
    return NULL;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    sqlite3_finalize(journal->insert);
    sqlite3_finalize(journal->insert_answer);
    sqlite3_finalize(journal->write_head);
    sqlite3_finalize(journal->find_answer);
    sqlite3_close(journal->database); /* rolls back what was not committed */
    if (journal->lock >= 0)
        close(journal->lock);
    free(journal->path);
    free(journal);
}

int64_t journal_head(const struct journal *journal, char hash[JOURNAL_HASH_DIGITS + 1])
{
    chain_hex(journal->head.hash, hash);
    return journal->head.sequence;
}

/* ---- writing ---- */

/* Drops what is staged; the journal goes on from its head. */
static void roll_back(struct journal *journal)
{
    if (!sqlite3_get_autocommit(journal->database))
        sqlite3_exec(journal->database, "ROLLBACK", NULL, NULL, NULL);
    journal->staged = journal->head;
    journal->open = false;
}

static bool begin(struct journal *journal, struct failure *failure)
{
    if (!journal->open)
        journal->open = journal_execute(journal, "BEGIN IMMEDIATE", failure);
    return journal->open;
}

/* Runs a prepared statement that returns nothing. */
static bool run(struct journal *journal, sqlite3_stmt *statement, struct failure *failure)
{
    bool good = sqlite3_step(statement) == SQLITE_DONE || journal_fail(journal, failure, "written");
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (!good)
        roll_back(journal);
    return good;
}

int64_t journal_stage(struct journal *journal, int64_t time_ms, const char *body, size_t length,
                      struct failure *failure)
{
    struct journal_event event = {journal->staged.sequence + 1, time_ms, body, length};
    unsigned char hash[JOURNAL_HASH_BYTES];
    if (length > JOURNAL_BODY_AT_MOST) {
        fail(failure, "an event is at most %d bytes", JOURNAL_BODY_AT_MOST);
        return 0;
    }
    if (!begin(journal, failure))
        return 0;
    chain_hash(journal->staged.hash, &event, hash);
    sqlite3_bind_int64(journal->insert, 1, event.sequence);
    sqlite3_bind_int64(journal->insert, 2, time_ms);
    sqlite3_bind_text(journal->insert, 3, body, (int)length, SQLITE_STATIC);
    sqlite3_bind_blob(journal->insert, 4, hash, sizeof hash, SQLITE_STATIC);
    if (!run(journal, journal->insert, failure))
        return 0;
    journal->staged.sequence = event.sequence;
    memcpy(journal->staged.hash, hash, sizeof hash);
    return event.sequence;
}

bool journal_stage_answer(struct journal *journal, const char *command, const char *answer,
                          struct failure *failure)
{
    if (!begin(journal, failure))
        return false;
    sqlite3_bind_text(journal->insert_answer, 1, command, -1, SQLITE_STATIC);
    sqlite3_bind_text(journal->insert_answer, 2, answer, -1, SQLITE_STATIC);
    return run(journal, journal->insert_answer, failure);
}

bool journal_commit(struct journal *journal, struct failure *failure)
{
    if (!journal->open)
        return true;
    sqlite3_bind_int64(journal->write_head, 1, journal->staged.sequence);
    sqlite3_bind_blob(journal->write_head, 2, journal->staged.hash, JOURNAL_HASH_BYTES,
                      SQLITE_STATIC);
    if (!run(journal, journal->write_head, failure))
        return false;
    if (sqlite3_exec(journal->database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        journal_fail(journal, failure, "written");
        roll_back(journal);
        return false;
    }
    journal->open = false;
    journal->head = journal->staged;
    return true;
}
