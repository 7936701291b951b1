/* The journal: every event that ever happened, in one SQLite file that is only ever added to. Each event carries the
   hash of the one before, so that what is changed, taken out or exchanged afterwards shows (docs/journal.md).

   One process writes: journal_open for writing takes a lock beside the file, and waits for it a moment. Events are staged and become durable
   together by journal_commit, which is what makes many a second possible; nobody is told of them before. */
#ifndef FLOW_STORE_JOURNAL_H
#define FLOW_STORE_JOURNAL_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JOURNAL_HASH_BYTES = 32, JOURNAL_HASH_DIGITS = 64 };
enum { JOURNAL_VERSION = 1 }; /* of the file; older ones are migrated when a writer opens them */

struct journal;

struct journal_event {
    int64_t sequence; /* from 1, without a gap */
    int64_t time_ms;  /* since 1970, UTC */
    const char *body; /* JSON, NUL-terminated */
    size_t length;
};

enum journal_mode {
    JOURNAL_WRITE, /* makes the file where there is none; alone */
    JOURNAL_READ   /* beside a writer too */
};

/* NULL with a failure: no such file, another process that writes, a newer version's file, no database at all. */
struct journal *journal_open(const char *path, enum journal_mode mode, struct failure *failure);
/* What was staged and not committed is dropped. NULL is fine. */
void journal_close(struct journal *journal);

/* The sequence of the last durable event, 0 where there is none, and its hash as 64 hex digits. */
int64_t journal_head(const struct journal *journal, char hash[JOURNAL_HASH_DIGITS + 1]);

/* ---- writing ---- */

/* Adds an event behind those staged; returns its sequence, 0 with a failure. */
int64_t journal_stage(struct journal *journal, int64_t time_ms, const char *body, size_t length,
                      struct failure *failure);
/* Keeps what a command (a UUID) was answered, with what is staged; a second answer to it is refused. */
bool journal_stage_answer(struct journal *journal, const char *command, const char *answer,
                          struct failure *failure);
/* Makes all that is staged durable. False with a failure (a full disk): then none of it is there, and the journal goes
   on from the last durable event. */
bool journal_commit(struct journal *journal, struct failure *failure);

/* ---- reading ---- */

/* What a command was answered when it first came, NULL if it never came; malloc'd. Staged answers count. */
char *journal_answer(struct journal *journal, const char *command);

/* Calls visit for each durable event from a sequence on, in order, until it returns false. False with a failure where
   the file cannot be read. */
typedef bool journal_visit(const struct journal_event *event, void *data);
bool journal_read(struct journal *journal, int64_t from, journal_visit *visit, void *data,
                  struct failure *failure);

/* ---- keeping ---- */

/* A finding of journal_verify: a sentence that names the event. */
typedef void journal_finding(int64_t sequence, const char *text, void *data);
/* Walks the chain; calls finding for each event that was changed, is missing or stands in another's place. Returns the
   number of findings, -1 with a failure where the file cannot be read. */
long journal_verify(struct journal *journal, journal_finding *finding, void *data,
                    struct failure *failure);

/* Copies the journal as it durably is, while another may write; the copy must not exist yet. */
bool journal_backup(struct journal *journal, const char *to, struct failure *failure);

#endif
