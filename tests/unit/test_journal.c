/* The journal: what is durable stays, in order and unchanged, whatever happens to the process or the disk; and what is
   changed behind its back is found. FLOW_KILLS says how often a writer is killed (25 if unsaid). */
#include "base/sink.h"
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static char folder[64], path[80];
static struct failure failure;

static int open_folder(void **unused)
{
    (void)unused;
    strcpy(folder, "/tmp/flow-journal-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/shop.journal", folder);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static struct journal *writer(void)
{
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &failure);
    if (!journal)
        print_error("%s\n", failure.message);
    assert_non_null(journal);
    return journal;
}

static void stage(struct journal *journal, int64_t number)
{
    char body[64];
    int length = snprintf(body, sizeof body, "{\"number\":%lld}", (long long)number);
    int64_t sequence = journal_stage(journal, 1000 + number, body, (size_t)length, &failure);
    assert_int_equal(sequence, number);
}

static void write_events(int64_t count)
{
    struct journal *journal = writer();
    for (int64_t i = 1; i <= count; i++)
        stage(journal, i);
    assert_true(journal_commit(journal, &failure));
    journal_close(journal);
}

struct reading {
    int64_t expected, until;
};

static bool in_order(const struct journal_event *event, void *data)
{
    struct reading *reading = data;
    char body[64];
    snprintf(body, sizeof body, "{\"number\":%lld}", (long long)event->sequence);
    assert_int_equal(event->sequence, reading->expected++);
    assert_int_equal(event->time_ms, 1000 + event->sequence);
    assert_string_equal(event->body, body);
    return event->sequence != reading->until;
}

static void expect_events(struct journal *journal, int64_t from, int64_t to)
{
    struct reading reading = {from, 0};
    assert_true(journal_read(journal, from, in_order, &reading, &failure));
    assert_int_equal(reading.expected, to + 1);
}

static void count_finding(int64_t sequence, const char *text, void *data)
{
    char *said = data;
    (void)sequence;
    snprintf(said + strlen(said), 512 - strlen(said), "%s; ", text);
}

/* What verify says of the file as it is. */
static long verified(char said[512])
{
    struct journal *journal = journal_open(path, JOURNAL_READ, &failure);
    assert_non_null(journal);
    said[0] = '\0';
    long found = journal_verify(journal, count_finding, said, &failure);
    journal_close(journal);
    return found;
}

static void events_come_back_in_order(void **unused)
{
    (void)unused;
    char hash[JOURNAL_HASH_DIGITS + 1], again[JOURNAL_HASH_DIGITS + 1], said[512];
    write_events(100);
    struct journal *journal = writer();
    assert_int_equal(journal_head(journal, hash), 100);
    expect_events(journal, 1, 100);
    expect_events(journal, 60, 100);
    struct reading reading = {1, 7};
    assert_true(journal_read(journal, 1, in_order, &reading, &failure));
    assert_int_equal(reading.expected, 8);
    stage(journal, 101);
    assert_int_equal(journal_head(journal, again), 100);
    assert_string_equal(hash, again);
    journal_close(journal); /* what was staged is gone */
    journal = writer();
    assert_int_equal(journal_head(journal, again), 100);
    stage(journal, 101);
    assert_true(journal_commit(journal, &failure));
    assert_int_equal(journal_head(journal, again), 101);
    assert_string_not_equal(hash, again);
    journal_close(journal);
    assert_int_equal(verified(said), 0);
}

static void a_command_is_answered_once(void **unused)
{
    (void)unused;
    const char *command = "01890a5d-ac96-774b-bcce-b302099a8057";
    struct journal *journal = writer();
    assert_null(journal_answer(journal, command));
    assert_true(journal_stage_answer(journal, command, "{\"batch\":\"B-1\"}", &failure));
    char *answer = journal_answer(journal, command);
    assert_string_equal(answer, "{\"batch\":\"B-1\"}");
    free(answer);
    assert_true(journal_commit(journal, &failure));
    assert_false(journal_stage_answer(journal, command, "{}", &failure));
    journal_close(journal);
    journal = writer();
    answer = journal_answer(journal, command);
    assert_string_equal(answer, "{\"batch\":\"B-1\"}");
    free(answer);
    journal_close(journal);
}

static void one_process_writes(void **unused)
{
    (void)unused;
    struct journal *journal = writer();
    stage(journal, 1);
    assert_true(journal_commit(journal, &failure));
    assert_null(journal_open(path, JOURNAL_WRITE, &failure));
    assert_non_null(strstr(failure.message, "another flowd"));
    struct journal *reader = journal_open(path, JOURNAL_READ, &failure);
    assert_non_null(reader);
    expect_events(reader, 1, 1);
    journal_close(reader);
    journal_close(journal);
    journal_close(writer());
}

/* ---- what is no journal ---- */

static void other_files_are_refused(void **unused)
{
    (void)unused;
    assert_null(journal_open(path, JOURNAL_READ, &failure));
    assert_non_null(strstr(failure.message, "cannot be opened"));
    assert_true(file_write(path,
                           "no database, and longer than a header of one hundred bytes is, "
                           "so that SQLite looks at it and sees what it is",
                           108, &failure));
    assert_null(journal_open(path, JOURNAL_WRITE, &failure));
    assert_non_null(strstr(failure.message, "no journal"));
    assert_int_equal(unlink(path), 0);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(other, "PRAGMA user_version = 3; CREATE TABLE t (x)", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(other);
    assert_null(journal_open(path, JOURNAL_WRITE, &failure));
    assert_non_null(strstr(failure.message, "another program's"));
    assert_int_equal(unlink(path), 0);
    write_events(1);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_null(journal_open(path, JOURNAL_READ, &failure));
    assert_non_null(strstr(failure.message, "newer flowd"));
    assert_null(journal_open("/tmp/no-such-folder-here/a.journal", JOURNAL_WRITE, &failure));
}

/* ---- older versions ---- */

static void make_of_version(int version)
{
    char name[80];
    snprintf(name, sizeof name, "tests/unit/journals/version-%d.sql", version);
    FILE *file = fopen(name, "r");
    assert_non_null(file); /* each version keeps one */
    char sql[8192];
    size_t length = fread(sql, 1, sizeof sql - 1, file);
    sql[length] = '\0';
    fclose(file);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", name, sqlite3_errmsg(database));
    sqlite3_close(database);
}

static bool count_one(const struct journal_event *event, void *data)
{
    (void)event;
    ++*(int64_t *)data;
    return true;
}

static void each_older_version_opens(void **unused)
{
    (void)unused;
    for (int version = 1; version <= JOURNAL_VERSION; version++) {
        char said[512], hash[JOURNAL_HASH_DIGITS + 1];
        int64_t count = 0;
        unlink(path);
        make_of_version(version);
        struct journal *journal = writer();
        assert_true(journal_read(journal, 1, count_one, &count, &failure));
        assert_int_equal(count, 4);
        char *answer = journal_answer(journal, "01890a5d-ac96-774b-bcce-b302099a8057");
        assert_non_null(answer);
        free(answer);
        assert_int_equal(journal_stage(journal, 1790000000010, "{}", 2, &failure), 5);
        assert_true(journal_commit(journal, &failure));
        assert_int_equal(journal_head(journal, hash), 5);
        journal_close(journal);
        assert_int_equal(verified(said), 0);
    }
}

/* ---- tampering ---- */

/* With the triggers off: as somebody who means it. */
static void tamper(const char *sql)
{
    sqlite3 *database;
    char *error = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    sqlite3_exec(database, "DROP TRIGGER event_stays; DROP TRIGGER event_is_final", NULL, NULL,
                 NULL);
    if (sqlite3_exec(database, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s", error);
    sqlite3_close(database);
}

static void tampering_is_found(void **unused)
{
    static const struct {
        const char *sql, *said;
        long findings;
    } deeds[] = {
        {"UPDATE event SET body = '{\"number\":0}' WHERE sequence = 7", "event 7 was changed", 1},
        {"UPDATE event SET time_ms = 5 WHERE sequence = 1", "event 1 was changed", 1},
        {"UPDATE event SET hash = zeroblob(32) WHERE sequence = 20", "event 20", 2},
        {"UPDATE event SET hash = zeroblob(3) WHERE sequence = 4", "event 4 was changed", 1},
        {"DELETE FROM event WHERE sequence = 9", "event 9 is missing", 1},
        {"DELETE FROM event WHERE sequence BETWEEN 3 AND 5", "events 3 to 5 are missing", 1},
        {"DELETE FROM event WHERE sequence > 15", "events 16 to 20 are missing", 1},
        {"DELETE FROM event", "events 1 to 20 are missing", 1},
        {"INSERT INTO event VALUES (21, 1021, '{\"number\":21}', zeroblob(32))", "event 21", 2},
        {"UPDATE event SET sequence = -1 WHERE sequence = 5; UPDATE event SET sequence = 5 WHERE "
         "sequence = 12;"
         "UPDATE event SET sequence = 12 WHERE sequence = -1",
         "events 5 and 12 stand in each other's place", 1},
        {"UPDATE event SET sequence = -1 WHERE sequence = 5; UPDATE event SET sequence = 5 WHERE "
         "sequence = 6;"
         "UPDATE event SET sequence = 6 WHERE sequence = -1",
         "events 5 and 6 stand in each other's place", 1},
        {"CREATE TEMP TABLE was AS SELECT * FROM event;"
         "UPDATE event SET body = was.body, time_ms = was.time_ms FROM was"
         " WHERE was.sequence = 11 - event.sequence AND event.sequence IN (3, 8)",
         "events 3 and 8 stand in each other's place", 1},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        char said[512];
        unlink(path);
        write_events(20);
        assert_int_equal(verified(said), 0);
        tamper(deeds[i].sql);
        long found = verified(said);
        if (found != deeds[i].findings || !strstr(said, deeds[i].said))
            fail_msg("%s\nsaid %ld: %s", deeds[i].sql, found, said);
    }
}

static void events_cannot_be_changed_by_mistake(void **unused)
{
    (void)unused;
    sqlite3 *database;
    write_events(3);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(database, "DELETE FROM event", NULL, NULL, NULL), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(database, "UPDATE event SET body = ''", NULL, NULL, NULL),
                         SQLITE_OK);
    sqlite3_close(database);
}

/* ---- the machine ---- */

static void a_full_disk_loses_nothing(void **unused)
{
    (void)unused;
    write_events(10);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) { /* a file that may not grow is as good as a full disk */
        struct rlimit limit = {200000, 200000};
        struct journal *journal = journal_open(path, JOURNAL_WRITE, &failure);
        char hash[JOURNAL_HASH_DIGITS + 1];
        int64_t before = 0;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int64_t i = 11; journal; i++) {
            char body[64];
            int length = snprintf(body, sizeof body, "{\"number\":%lld}", (long long)i);
            before = journal_head(journal, hash);
            if (!journal_stage(journal, 1000 + i, body, (size_t)length, &failure) ||
                !journal_commit(journal, &failure))
                break;
        }
        bool goes_on = journal && journal_head(journal, hash) == before && failure.message[0];
        _exit(goes_on && before > 10 ? 0 : 1);
    }
    int status;
    char said[512];
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(verified(said), 0);
    struct journal *journal = writer();
    char hash[JOURNAL_HASH_DIGITS + 1];
    int64_t last = journal_head(journal, hash);
    expect_events(journal, 1, last);
    stage(journal, last + 1);
    assert_true(journal_commit(journal, &failure));
    journal_close(journal);
}

/* Writes groups of events, telling of each only when it is durable. */
static void write_until_killed(int told)
{
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &failure);
    char hash[JOURNAL_HASH_DIGITS + 1];
    for (int64_t i = journal ? journal_head(journal, hash) : 0; journal;) {
        for (int group = 0; group < 1 + (int)(i % 7); group++) {
            char body[64];
            int length = snprintf(body, sizeof body, "{\"number\":%lld}", (long long)++i);
            if (!journal_stage(journal, 1000 + i, body, (size_t)length, &failure))
                _exit(1);
        }
        if (!journal_commit(journal, &failure) || write(told, &i, sizeof i) != sizeof i)
            _exit(1);
    }
    _exit(1);
}

static void a_killed_writer_loses_nothing(void **unused)
{
    (void)unused;
    const char *text = getenv("FLOW_KILLS");
    long kills = text ? strtol(text, NULL, 10) : 25;
    int64_t durable = 0;
    for (long round = 0; round < kills; round++) {
        int ends[2];
        char hash[JOURNAL_HASH_DIGITS + 1], said[512];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_until_killed(ends[1]);
        close(ends[1]);
        if (round % 2) /* however busy the machine is */
            assert_int_equal(read(ends[0], &durable, sizeof durable), sizeof durable);
        usleep((useconds_t)(2000 + round * 7919 % 23000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        for (int64_t told; read(ends[0], &told, sizeof told) == sizeof told;)
            durable = told;
        close(ends[0]);
        struct journal *journal = writer();
        int64_t last = journal_head(journal, hash);
        assert_true(last >= durable); /* the last group may be durable and not yet told of */
        expect_events(journal, 1, last);
        journal_close(journal);
        assert_int_equal(verified(said), 0);
        durable = last;
    }
    assert_true(durable > 0);
}

static void a_backup_is_taken_while_writing(void **unused)
{
    (void)unused;
    char copy[96], said[512];
    snprintf(copy, sizeof copy, "%s/copy", folder);
    struct journal *journal = writer();
    for (int64_t i = 1; i <= 50; i++)
        stage(journal, i);
    assert_true(journal_commit(journal, &failure));
    stage(journal, 51);
    struct journal *reader = journal_open(path, JOURNAL_READ, &failure);
    assert_non_null(reader);
    assert_true(journal_backup(reader, copy, &failure));
    assert_false(journal_backup(reader, copy, &failure));
    assert_non_null(strstr(failure.message, "there already"));
    journal_close(reader);
    assert_true(journal_commit(journal, &failure));
    journal_close(journal);
    strcpy(path, copy);
    assert_int_equal(verified(said), 0);
    reader = journal_open(path, JOURNAL_READ, &failure);
    expect_events(reader, 1, 50);
    journal_close(reader);
    journal = writer(); /* restored: it goes on from where the copy ends */
    stage(journal, 51);
    assert_true(journal_commit(journal, &failure));
    journal_close(journal);
    assert_int_equal(verified(said), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(events_come_back_in_order, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_command_is_answered_once, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(one_process_writes, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(other_files_are_refused, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(each_older_version_opens, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(tampering_is_found, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(events_cannot_be_changed_by_mistake, open_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_killed_writer_loses_nothing, open_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_backup_is_taken_while_writing, open_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
