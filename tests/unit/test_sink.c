/* Sinks: a reader sees the old file or the whole new one, however the writing ends. */
#include "base/file.h"
#include "base/memory.h"
#include "base/sink.h"
#include "scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct failure failure;

static void holds(const char *name, const char *expected)
{
    char *content;
    size_t length;
    assert_int_equal(file_read(scratch_path(name), 1 << 20, &content, &length, &failure), FILE_OK);
    assert_string_equal(content, expected);
    free(content);
}

/* Nothing but so many files is in the folder: no temporary was left. */
static void count_is(int expected)
{
    int count;
    folder_list(&scratch_arena, scratch, &count);
    assert_int_equal(count, expected);
}

static void test_write(void **state)
{
    (void)state;
    assert_true(file_write(scratch_path("a"), "first", 5, &failure));
    holds("a", "first");
    assert_true(file_write(scratch_path("a"), "second", 6, &failure));
    holds("a", "second");
    assert_true(file_write(scratch_path("made/for/it"), "x", 1, &failure));
    holds("made/for/it", "x");
    assert_true(file_write(scratch_path("empty"), NULL, 0, &failure));
    holds("empty", "");
    count_is(3);
}

static void test_commit_is_the_moment(void **state)
{
    (void)state;
    struct sink sink;
    scratch_write("a", "old");
    assert_true(sink_open(&sink, scratch_path("a"), &failure));
    assert_true(sink_write(&sink, "new ", 4, &failure));
    assert_true(sink_write(&sink, "text", 4, &failure));
    holds("a", "old");
    count_is(2);
    assert_true(sink_commit(&sink, &failure));
    holds("a", "new text");
    count_is(1);
    assert_false(sink_commit(&sink, &failure)); /* once */
    assert_false(sink_write(&sink, "x", 1, &failure));
    sink_abandon(&sink);
    holds("a", "new text");
}

static void test_abandon(void **state)
{
    (void)state;
    struct sink sink;
    scratch_write("a", "old");
    assert_true(sink_open(&sink, scratch_path("a"), &failure));
    assert_true(sink_write(&sink, "new", 3, &failure));
    sink_abandon(&sink);
    sink_abandon(&sink);
    holds("a", "old");
    count_is(1);
    assert_false(sink_commit(&sink, &failure));
    holds("a", "old");
}

static void test_permissions_and_links(void **state)
{
    (void)state;
    struct stat status;
    scratch_write("a", "old");
    assert_int_equal(chmod(scratch_path("a"), 0640), 0);
    assert_int_equal(symlink("a", scratch_path("link")), 0);
    assert_true(file_write(scratch_path("link"), "new", 3, &failure));
    holds("a", "new");
    assert_int_equal(lstat(scratch_path("link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode)); /* still a link */
    assert_int_equal(stat(scratch_path("a"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    mode_t mask = umask(027);
    assert_true(file_write(scratch_path("b"), "new", 3, &failure));
    umask(mask);
    assert_int_equal(stat(scratch_path("b"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void test_refused(void **state)
{
    (void)state;
    assert_false(file_write(scratch, "x", 1, &failure));
    assert_non_null(strstr(failure.message, "is a folder"));
    scratch_write("file", "x");
    assert_false(file_write(scratch_path("file/below"), "x", 1, &failure));
    assert_non_null(strstr(failure.message, "file"));
    char name[5000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    assert_false(file_write(name, "x", 1, &failure));
    assert_non_null(strstr(failure.message, "too long"));
    name[300] = 0;
    assert_false(file_write(scratch_path(name), "x", 1, &failure));
    count_is(1);
}

/* The device that is always full; it must still be a device afterwards. */
static void test_disk_full(void **state)
{
    (void)state;
    struct stat status;
    struct sink sink;
    if (stat("/dev/full", &status) != 0 || !S_ISCHR(status.st_mode))
        skip();
    assert_true(sink_open(&sink, "/dev/full", &failure));
    assert_false(sink_write(&sink, "x", 1, &failure));
    assert_non_null(strstr(failure.message, "/dev/full cannot be written: No space left"));
    assert_false(sink_commit(&sink, &failure));
    assert_int_equal(stat("/dev/full", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void test_many_unfinished(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    static struct sink sinks[COUNT];
    int opened = 0;
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        opened += sink_open(&sinks[i], scratch_path(name), &failure);
    }
    assert_in_range(opened, 16, COUNT - 1); /* more than can be cleaned up are refused */
    assert_non_null(strstr(failure.message, "unfinished"));
    count_is(opened);
    for (int i = 0; i < COUNT; i++)
        sink_abandon(&sinks[i]);
    count_is(0);
    assert_true(file_write(scratch_path("after"), "x", 1, &failure));
}

/* ---- sudden ends: in a child, whose leavings are looked at ---- */

static void end_by_signal(int number)
{
    raise(number);
}

static void end_for_want_of_memory(int number)
{
    (void)number;
    memory_exhausted();
}

static void end_by_exit(int number)
{
    (void)number;
    exit(0);
}

/* Writes past the largest file allowed: a failure, not a death by SIGXFSZ. */
static void end_at_limit(int number)
{
    struct sink sink;
    static char bytes[8192];
    (void)number;
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    bool good = sink_open(&sink, scratch_path("large"), &failure) &&
                sink_write(&sink, bytes, sizeof bytes, &failure);
    _exit(!good && strstr(failure.message, "too large") ? 0 : 1);
}

static int status_after(void (*end)(int), int number)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        struct sink sink;
        if (end == end_at_limit)
            end(number);
        close(STDERR_FILENO);
        if (!sink_open(&sink, scratch_path("a"), &failure) ||
            !sink_write(&sink, "half", 4, &failure))
            _exit(9);
        end(number);
        _exit(8);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void test_sudden_ends(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    scratch_write("a", "old");
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        int status = status_after(end_by_signal, signals[i]);
        assert_true(WIFSIGNALED(status)); /* who waits sees the signal, as ever */
        assert_int_equal(WTERMSIG(status), signals[i]);
        count_is(1);
    }
    int status = status_after(end_for_want_of_memory, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    count_is(1);
    status = status_after(end_by_exit, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    count_is(1);
    status = status_after(end_at_limit, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    count_is(1);
    holds("a", "old");
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* first: the children must not inherit cmocka's handlers as someone's own */
        WITH_SCRATCH(test_sudden_ends),
        WITH_SCRATCH(test_write),
        WITH_SCRATCH(test_commit_is_the_moment),
        WITH_SCRATCH(test_abandon),
        WITH_SCRATCH(test_permissions_and_links),
        WITH_SCRATCH(test_refused),
        WITH_SCRATCH(test_disk_full),
        WITH_SCRATCH(test_many_unfinished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
