/* Durable events a second: the journal beside a plain loop of inserts into SQLite with the same sync and the same groups,
   turn about in one run. usage: bench_journal [EVENTS [GROUP]]     in the folder it is run from */
#include "store/journal.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char body[] =
    "{\"event\":\"units_left\",\"batch\":\"B-2026-0117\",\"step\":\"screen\",\"first\":1,"
    "\"count\":12,\"outcome\":\"pass\",\"by\":\"anna\",\"station\":\"qc\"}";

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void give_up(const char *what)
{
    fprintf(stderr, "bench_journal: %s\n", what);
    exit(3);
}

static void remove_file(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char name[256];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static double time_journal(long events, long group)
{
    struct failure failure;
    remove_file("bench.journal");
    struct journal *journal = journal_open("bench.journal", JOURNAL_WRITE, &failure);
    if (!journal)
        give_up(failure.message);
    double begun = seconds();
    for (long i = 1; i <= events; i++)
        if (!journal_stage(journal, i, body, sizeof body - 1, &failure) ||
            (i % group == 0 && !journal_commit(journal, &failure)))
            give_up(failure.message);
    if (!journal_commit(journal, &failure))
        give_up(failure.message);
    double took = seconds() - begun;
    journal_close(journal);
    remove_file("bench.journal");
    return took;
}

static void run(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(database));
}

static double time_plain(long events, long group)
{
    sqlite3 *database;
    sqlite3_stmt *insert;
    remove_file("bench.plain");
    if (sqlite3_open("bench.plain", &database) != SQLITE_OK)
        give_up("SQLite cannot open a file here");
    run(database,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event"
        " (sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT");
    sqlite3_prepare_v2(database, "INSERT INTO event VALUES (?1, ?2, ?3)", -1, &insert, NULL);
    double begun = seconds();
    for (long i = 1; i <= events; i++) {
        if (i % group == 1 || group == 1)
            run(database, "BEGIN IMMEDIATE");
        sqlite3_bind_int64(insert, 1, i);
        sqlite3_bind_int64(insert, 2, i);
        sqlite3_bind_text(insert, 3, body, sizeof body - 1, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            give_up(sqlite3_errmsg(database));
        sqlite3_reset(insert);
        if (i % group == 0 || i == events)
            run(database, "COMMIT");
    }
    double took = seconds() - begun;
    sqlite3_finalize(insert);
    sqlite3_close(database);
    remove_file("bench.plain");
    return took;
}

int main(int argc, char **argv)
{
    long events = argc > 1 ? strtol(argv[1], NULL, 10) : 200000,
         group = argc > 2 ? strtol(argv[2], NULL, 10) : 200;
    double journal = 1e9, plain = 1e9;
    if (events < 1 || group < 1) {
        fputs("usage: bench_journal [EVENTS [GROUP]]\n", stderr);
        return 2;
    }
    for (int round = 0; round < 3; round++) { /* turn about: both meet the same disk */
        double one = time_journal(events, group), other = time_plain(events, group);
        journal = one < journal ? one : journal;
        plain = other < plain ? other : plain;
    }
    printf("%ld events in groups of %ld: journal %.0f a second, plain inserts %.0f, ratio %.2f\n",
           events, group, (double)events / journal, (double)events / plain, plain / journal);
    return 0;
}
