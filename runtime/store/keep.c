/* Reading, verifying and copying a journal. */
#include "store/chain.h"
#include "store/private.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *journal_answer(struct journal *journal, const char *command)
{
    char *copy = NULL;
    sqlite3_bind_text(journal->find_answer, 1, command, -1, SQLITE_STATIC);
    if (sqlite3_step(journal->find_answer) == SQLITE_ROW) {
        const char *answer = (const char *)sqlite3_column_text(journal->find_answer, 0);
        copy = memory_alloc(strlen(answer) + 1);
        strcpy(copy, answer);
    }
    sqlite3_reset(journal->find_answer);
    sqlite3_clear_bindings(journal->find_answer);
    return copy;
}

static struct journal_event event_at(sqlite3_stmt *row)
{
    const char *body = (const char *)sqlite3_column_text(row, 2);
    return (struct journal_event){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                  body ? body : "", (size_t)sqlite3_column_bytes(row, 2)};
}

bool journal_read(struct journal *journal, int64_t from, journal_visit *visit, void *data,
                  struct failure *failure)
{
    sqlite3_stmt *rows = NULL;
    if (!journal_prepare(journal,
                         "SELECT sequence, time_ms, body FROM event"
                         " WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence",
                         &rows, failure))
        return false;
    sqlite3_bind_int64(rows, 1, from);
    sqlite3_bind_int64(rows, 2, journal->head.sequence);
    int step;
    bool more = true;
    while (more && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        struct journal_event event = event_at(rows);
        more = visit(&event, data);
    }
    bool good = !more || step == SQLITE_DONE || journal_fail(journal, failure, "read");
    sqlite3_finalize(rows);
    return good;
}

/* ---- verifying ---- */

/* An event that does not carry the hash it should. */
struct suspect {
    int64_t sequence;
    unsigned char before[JOURNAL_HASH_BYTES], hash[JOURNAL_HASH_BYTES];
    struct journal_event event; /* its body is a copy */
    bool explained;
};

enum { SUSPECTS_AT_MOST = 1000 };

struct verification {
    journal_finding *finding;
    void *data;
    long found;
    struct suspect *suspects;
    int suspect_count;
    unsigned char before[JOURNAL_HASH_BYTES]; /* as stored with the event before */
    int64_t expected;
};

static void say(struct verification *verification, int64_t sequence, const char *text)
{
    verification->found++;
    verification->finding(sequence, text, verification->data);
}

static void say_missing(struct verification *verification, int64_t from, int64_t to)
{
    char text[128];
    if (from == to)
        snprintf(text, sizeof text, "event %lld is missing", (long long)from);
    else
        snprintf(text, sizeof text, "events %lld to %lld are missing", (long long)from,
                 (long long)to);
    say(verification, from, text);
}

static void suspect(struct verification *verification, const struct journal_event *event,
                    const unsigned char *hash)
{
    if (verification->suspect_count == SUSPECTS_AT_MOST)
        return;
    struct suspect *one = &verification->suspects[verification->suspect_count++];
    *one = (struct suspect){.sequence = event->sequence, .event = *event};
    memcpy(one->before, verification->before, JOURNAL_HASH_BYTES);
    memcpy(one->hash, hash, JOURNAL_HASH_BYTES);
    char *body = memory_alloc(event->length + 1);
    memcpy(body, event->body, event->length);
    body[event->length] = '\0';
    one->event.body = body;
}

static void verify_row(struct verification *verification, sqlite3_stmt *row)
{
    struct journal_event event = event_at(row);
    unsigned char hash[JOURNAL_HASH_BYTES];
    const unsigned char *stored = sqlite3_column_blob(row, 3);
    bool whole = sqlite3_column_bytes(row, 3) == JOURNAL_HASH_BYTES;

    if (event.sequence != verification->expected) {
        say_missing(verification, verification->expected, event.sequence - 1);
        if (whole) { /* what came before it is gone: it is taken as it stands */
            memcpy(verification->before, stored, JOURNAL_HASH_BYTES);
            verification->expected = event.sequence + 1;
            return;
        }
    }
    chain_hash(verification->before, &event, hash);
    if (!whole || memcmp(hash, stored, JOURNAL_HASH_BYTES) != 0)
        suspect(verification, &event, whole ? stored : chain_begin);
    memcpy(verification->before, whole ? stored : hash, JOURNAL_HASH_BYTES);
    verification->expected = event.sequence + 1;
}

/* Whether an event with this body and time would be the one that belongs in the place. */
static bool belongs(const struct suspect *place, const struct suspect *content)
{
    struct journal_event event = content->event;
    unsigned char hash[JOURNAL_HASH_BYTES];
    event.sequence = place->sequence;
    chain_hash(place->before, &event, hash);
    return memcmp(hash, place->hash, JOURNAL_HASH_BYTES) == 0 ||
           memcmp(hash, content->hash, JOURNAL_HASH_BYTES) == 0;
}

static void explain(struct verification *verification)
{
    char text[128];
    for (int i = 0; i < verification->suspect_count; i++) {
        struct suspect *one = &verification->suspects[i];
        for (int j = i + 1; j < verification->suspect_count && !one->explained; j++) {
            struct suspect *other = &verification->suspects[j];
            if (other->explained || !belongs(one, other))
                continue;
            snprintf(text, sizeof text, "events %lld and %lld stand in each other's place",
                     (long long)one->sequence, (long long)other->sequence);
            say(verification, one->sequence, text);
            one->explained = other->explained = true;
            /* whole rows that changed places leave the next of each without the hash it was chained to */
            for (int k = 0; k < verification->suspect_count; k++)
                if (verification->suspects[k].sequence == one->sequence + 1 ||
                    verification->suspects[k].sequence == other->sequence + 1)
                    verification->suspects[k].explained = true;
        }
        if (one->explained)
            continue;
        snprintf(text, sizeof text, "event %lld was changed, or the one before it",
                 (long long)one->sequence);
        say(verification, one->sequence, text);
    }
}

static void compare_head(struct verification *verification, const struct journal *journal)
{
    if (verification->expected <= journal->head.sequence)
        say_missing(verification, verification->expected, journal->head.sequence);
    else if (verification->expected - 1 > journal->head.sequence)
        say(verification, journal->head.sequence + 1,
            "there are events behind the last one that was committed");
    else if (memcmp(verification->before, journal->head.hash, JOURNAL_HASH_BYTES) != 0)
        say(verification, journal->head.sequence,
            "the last event is not the one that was committed last");
}

long journal_verify(struct journal *journal, journal_finding *finding, void *data,
                    struct failure *failure)
{
    struct verification verification = {.finding = finding, .data = data, .expected = 1};
    sqlite3_stmt *rows = NULL;
    if (!journal_prepare(journal,
                         "SELECT sequence, time_ms, body, hash FROM event ORDER BY sequence", &rows,
                         failure))
        return -1;
    memcpy(verification.before, chain_begin, JOURNAL_HASH_BYTES);
    verification.suspects = memory_alloc(sizeof *verification.suspects * SUSPECTS_AT_MOST);
    int step;
    while ((step = sqlite3_step(rows)) == SQLITE_ROW)
        verify_row(&verification, rows);
    bool good = step == SQLITE_DONE || journal_fail(journal, failure, "read");
    sqlite3_finalize(rows);
    explain(&verification);
    compare_head(&verification, journal);
    for (int i = 0; i < verification.suspect_count; i++)
        free((char *)(uintptr_t)verification.suspects[i].event.body);
    free(verification.suspects);
    return good ? verification.found : -1;
}

/* ---- copying ---- */

bool journal_backup(struct journal *journal, const char *to, struct failure *failure)
{
    sqlite3 *copy = NULL;
    if (access(to, F_OK) == 0)
        return fail(failure, "%s is there already; name a new file", to);
    int code = sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup =
        code == SQLITE_OK ? sqlite3_backup_init(copy, "main", journal->database, "main") : NULL;
    if (backup) {
        sqlite3_backup_step(backup, -1);
        code = sqlite3_backup_finish(backup);
    }
    bool good = backup && code == SQLITE_OK;
    if (good) /* a file of its own, that needs no other beside it */
        good = sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK;
    if (!good)
        fail(failure, "%s cannot be written: %s", to, copy ? sqlite3_errmsg(copy) : "no memory");
    sqlite3_close(copy);
    if (!good)
        unlink(to);
    return good;
}
