/* Files, folders, paths and hashes: what is there, what is not, and what only looks like a file. */
#include "base/buffer.h"
#include "base/file.h"
#include "base/sink.h"
#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct failure failure;

static enum file_status read_text(const char *path, size_t limit, struct buffer *out)
{
    char *content = NULL;
    size_t length = 0;
    failure.message[0] = 0;
    enum file_status status = file_read(path, limit, &content, &length, &failure);
    if (status == FILE_OK) {
        assert_int_equal(content[length], 0); /* two of them, for flex */
        assert_int_equal(content[length + 1], 0);
        buffer_add(out, content, length);
        free(content);
    }
    return status;
}

static void reads(const char *path, size_t limit, const char *expected)
{
    struct buffer text = {0};
    assert_int_equal(read_text(path, limit, &text), FILE_OK);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void refuses(const char *path, size_t limit, enum file_status status, const char *why)
{
    struct buffer text = {0};
    assert_int_equal(read_text(path, limit, &text), status);
    assert_non_null(strstr(failure.message, path));
    assert_non_null(strstr(failure.message, why));
}

static void test_read(void **state)
{
    (void)state;
    scratch_write("a.txt", "some text\n");
    scratch_write("empty", "");
    reads(scratch_path("a.txt"), 1 << 20, "some text\n");
    reads(scratch_path("a.txt"), 10, "some text\n"); /* just as much as is allowed */
    reads(scratch_path("empty"), 0, "");
    refuses(scratch_path("a.txt"), 9, FILE_TOO_LARGE, "over 9 bytes");
    refuses(scratch_path("none"), 100, FILE_ABSENT, "No such file");
    refuses(scratch_path("a.txt/none"), 100, FILE_ABSENT, "Not a directory");
    refuses(scratch, 100, FILE_UNREADABLE, "is a folder");
}

static void test_read_large(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 300000; i++)
        buffer_addf(&text, "line %d\n", i);
    scratch_write("large", text.text);
    reads(scratch_path("large"), 100 << 20, text.text);
    refuses(scratch_path("large"), 1 << 20, FILE_TOO_LARGE, "over 1 MB");
    assert_int_equal(file_size(scratch_path("large")), text.length);
    buffer_free(&text);
}

/* What does not say its size beforehand: written by a child while it is read. */
static void test_read_fifo(void **state)
{
    (void)state;
    const char *path = scratch_path("fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    for (int round = 0; round < 2; round++) {
        pid_t child = fork();
        if (child == 0) {
            int end = open(path, O_WRONLY);
            for (int i = 0; i < 20000; i++)
                if (write(end, "0123456789", 10) != 10)
                    break;
            _exit(0);
        }
        struct buffer text = {0};
        enum file_status status = read_text(path, round ? 1000 : 1 << 20, &text);
        assert_int_equal(status, round ? FILE_TOO_LARGE : FILE_OK);
        assert_int_equal(text.length, round ? 0 : 200000);
        assert_int_equal(waitpid(child, NULL, 0), child);
        buffer_free(&text);
    }
}

static void test_read_standard_input(void **state)
{
    (void)state;
    scratch_write("in", "from the left");
    int kept = dup(STDIN_FILENO), file = open(scratch_path("in"), O_RDONLY);
    dup2(file, STDIN_FILENO);
    reads("-", 100, "from the left");
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(file);
}

static void test_exists(void **state)
{
    (void)state;
    scratch_write("a.txt", "x");
    assert_true(file_exists(scratch_path("a.txt")));
    assert_false(file_exists(scratch));
    assert_false(file_exists(scratch_path("none")));
    assert_true(folder_exists(scratch));
    assert_false(folder_exists(scratch_path("a.txt")));
    assert_int_equal(file_size(scratch_path("none")), 0);
    assert_int_equal(file_size(scratch), 0);
}

static void test_folders(void **state)
{
    (void)state;
    assert_true(folder_create(scratch_path("a/b/c"), &failure));
    assert_true(folder_exists(scratch_path("a/b/c")));
    assert_true(folder_create(scratch_path("a/b/c"), &failure)); /* there already */
    assert_true(folder_create(scratch_path("a/b//d/"), &failure));
    assert_true(folder_create("/", &failure));
    assert_true(folder_create(".", &failure));
    assert_false(folder_create("", &failure));
    scratch_write("file", "x");
    assert_false(folder_create(scratch_path("file"), &failure));
    assert_non_null(strstr(failure.message, "not a folder"));
    assert_false(folder_create(scratch_path("file/below"), &failure));
    assert_non_null(strstr(failure.message, "file/below"));
    int count;
    char **names = folder_list(&scratch_arena, scratch_path("a/b"), &count);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "c");
    assert_string_equal(names[1], "d");
    assert_int_equal(symlink("../../file", scratch_path("a/b/link")), 0);
    folder_remove(scratch_path("a"));
    assert_false(folder_exists(scratch_path("a")));
    assert_true(file_exists(scratch_path("file"))); /* no link is followed */
    folder_remove(scratch_path("a"));
}

static void test_list(void **state)
{
    (void)state;
    int count;
    folder_list(&scratch_arena, scratch_path("none"), &count);
    assert_int_equal(count, -1);
    folder_list(&scratch_arena, scratch, &count);
    assert_int_equal(count, 0);
    for (int i = 0; i < 50; i++) {
        char name[16];
        snprintf(name, sizeof name, "%c%d", i % 2 ? 'b' : 'B', i * 37 % 50);
        scratch_write(name, "");
    }
    char **names = folder_list(&scratch_arena, scratch, &count);
    assert_int_equal(count, 50);
    for (int i = 1; i < count; i++)
        assert_true(strcmp(names[i - 1], names[i]) < 0); /* bytewise: B before b */
}

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *name, *joined;
    } rows[] = {
        {"a", "b", "a/b"},         {".", "b", "b"},           {"a", "../b", "b"},
        {"a", "../../b", "../b"},  {"..", "b", "../b"},       {"a/b", "./c/../d", "a/b/d"},
        {"a", "/abs/x", "/abs/x"}, {"/", "x", "/x"},          {"/a", "../../x", "/x"},
        {"a/", "b", "a/b"},        {"a", "..", "."},          {".", ".", "."},
        {"a", "b//c", "a/b/c"},    {"..", "../x", "../../x"}, {"a/..", "..x", "..x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(path_join(&scratch_arena, rows[i].folder, rows[i].name),
                            rows[i].joined);
    assert_string_equal(path_folder(&scratch_arena, "a/b/c"), "a/b");
    assert_string_equal(path_folder(&scratch_arena, "c"), ".");
    assert_string_equal(path_folder(&scratch_arena, "/c"), "/");
    assert_string_equal(path_base("a/b/c"), "c");
    assert_string_equal(path_base("c"), "c");
    assert_string_equal(path_base("a/"), "");
}

/* The figures of FIPS 180-2, appendix B. */
static void test_hash(void **state)
{
    (void)state;
    char hex[65], again[65];
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    struct buffer text = {0};
    for (int i = 0; i < 1000000; i++)
        buffer_add_char(&text, 'a');
    scratch_write("million", text.text);
    assert_true(file_sha256(scratch_path("million"), hex, &failure));
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sha256_hex(text.text, text.length, again);
    assert_string_equal(again, hex);
    assert_false(file_sha256(scratch_path("none"), hex, &failure));
    assert_non_null(strstr(failure.message, "none"));
    assert_false(file_sha256(scratch, hex, &failure));
    buffer_free(&text);
}

/* What a copy of this program, put at that place, finds. */
static void specs_from(const char *place, const char *expected)
{
    char *program, said[4096] = "", command[1024];
    size_t length;
    const char *path = scratch_path(place);
    assert_int_equal(file_read("/proc/self/exe", SIZE_MAX / 4, &program, &length, &failure),
                     FILE_OK);
    assert_true(file_write(path, program, length, &failure));
    free(program);
    assert_int_equal(chmod(path, 0755), 0);
    snprintf(command, sizeof command, "env -u FLOW_SPECS '%s' --specs", path);
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    assert_non_null(fgets(said, sizeof said, answer));
    assert_int_equal(pclose(answer), 0);
    assert_string_equal(said, expected);
}

static void test_specs_folder(void **state)
{
    (void)state;
    const char *given = getenv("FLOW_SPECS");
    char *kept = given ? strdup(given) : NULL;
    setenv("FLOW_SPECS", "/given/specs", 1);
    assert_string_equal(specs_folder(&scratch_arena), "/given/specs");
    if (kept)
        setenv("FLOW_SPECS", kept, 1);
    else
        unsetenv("FLOW_SPECS");
    free(kept);
    assert_true(folder_create(scratch_path("usr/share/flow/specs/std"), &failure));
    assert_true(folder_create(scratch_path("sources/specs/std"), &failure));
    specs_from("usr/bin/flowc", scratch_path("usr/share/flow/specs"));    /* installed */
    specs_from("sources/build/dev/flowc", scratch_path("sources/specs")); /* built in place */
    specs_from("sources/flowc", scratch_path("sources/specs"));
}

/* For specs_from: says where specs/ is. */
static int say_specs_folder(void)
{
    struct arena arena = {0};
    const char *specs = specs_folder(&arena);
    printf("%s", specs ? specs : "(nowhere)");
    arena_free(&arena);
    return 0;
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--specs") == 0)
        return say_specs_folder();
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(test_read),      WITH_SCRATCH(test_read_large),
        WITH_SCRATCH(test_read_fifo), WITH_SCRATCH(test_read_standard_input),
        WITH_SCRATCH(test_exists),    WITH_SCRATCH(test_folders),
        WITH_SCRATCH(test_list),      WITH_SCRATCH(test_paths),
        WITH_SCRATCH(test_hash),      WITH_SCRATCH(test_specs_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
