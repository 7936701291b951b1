/* Edits where they stand, comments in their columns, and the unified diff. That git and patch take it, the end-to-end test of
   actuals shows. */
#include "trace/patch.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

struct trial {
    struct arena arena;
    struct source_set sources;
    struct patch_edit edits[8];
    int count;
    struct patched_file *files;
};

static void open_trial(struct trial *trial)
{
    memset(trial, 0, sizeof *trial);
    source_set_open(&trial->sources, &trial->arena);
}

static void close_trial(struct trial *trial)
{
    source_set_close(&trial->sources);
    arena_free(&trial->arena);
}

static struct source *add_file(struct trial *trial, const char *path, const char *text)
{
    char *copy = memory_alloc(strlen(text) + 2);
    strcpy(copy, text);
    return source_add(&trial->sources, path, ".", copy, strlen(text));
}

/* Replaces the first place where `before` stands; "" before a place inserts. */
static void change(struct trial *trial, const struct source *source, const char *before,
                   const char *after)
{
    const char *at = strstr(source->text, before);
    assert_non_null(at);
    uint32_t begin = source->base + (uint32_t)(at - source->text);
    trial->edits[trial->count++] =
        (struct patch_edit){{begin, begin + (uint32_t)strlen(before)}, after};
}

static void assert_patch(struct trial *trial, int files, const char *expected)
{
    struct buffer out = {0};
    int count =
        patch_apply(&trial->sources, trial->edits, trial->count, &trial->arena, &trial->files);
    assert_int_equal(count, files);
    for (int i = 0; i < count; i++)
        patch_diff(&out, trial->files[i].source->path, trial->files[i].source, trial->files[i].text,
                   trial->files[i].length);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void lines_near_share_a_hunk(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial);
    struct source *one = add_file(&trial, "one.flow",
                                  "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"
                                  "13\n14\n15\n16\n17\n18\n");
    struct source *two = add_file(&trial, "sub/two.flow", "a b c\n");
    change(&trial, two, "c", "C");
    change(&trial, two, "a", "A");
    change(&trial, one, "18", "eighteen");
    change(&trial, one, "9", "nine");
    change(&trial, one, "3", "three");
    assert_patch(&trial, 2,
                 "--- a/one.flow\n+++ b/one.flow\n"
                 "@@ -1,12 +1,12 @@\n 1\n 2\n-3\n+three\n 4\n 5\n 6\n 7\n 8\n-9\n+nine\n 10\n 11\n"
                 " 12\n"
                 "@@ -15,4 +15,4 @@\n 15\n 16\n 17\n-18\n+eighteen\n"
                 "--- a/sub/two.flow\n+++ b/sub/two.flow\n"
                 "@@ -1,1 +1,1 @@\n-a b c\n+A b C\n");
    close_trial(&trial);
}

static void comments_keep_their_column(void **unused)
{
    static const struct {
        const char *line, *before, *after, *expected;
    } rows[] = {
        {"time  20 s     # guessed", "20 s", "27.5 s", "time  27.5 s   # guessed"},
        {"time  20 s     # guessed", "20 s", "9 s", "time  9 s      # guessed"},
        {"time  20 s  # alone", "20 s", "27.5 s", "time  27.5 s  # alone"},
        {"time  20 s  # alone", "20 s", "9 s", "time  9 s  # alone"},
        {"time  20 s    # near", "20 s", "123.5 min", "time  123.5 min  # near"},
        {"do \"20 s # no\" { time 20 s }     # \"x\"", "\"20 s # no\"", "\"1 # no\"",
         "do \"1 # no\" { time 20 s }        # \"x\""},
        {"do 20 s \"a \\\" # b\"   # c", "20 s", "5 s", "do 5 s \"a \\\" # b\"    # c"},
        {"\xc3\xa4 20 s    # \xc3\xb6", "20 s", "5 s", "\xc3\xa4 5 s     # \xc3\xb6"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trial trial;
        open_trial(&trial);
        change(&trial, add_file(&trial, "a.flow", rows[i].line), rows[i].before, rows[i].after);
        assert_int_equal(
            patch_apply(&trial.sources, trial.edits, trial.count, &trial.arena, &trial.files), 1);
        assert_string_equal(trial.files[0].text, rows[i].expected);
        close_trial(&trial);
    }
}

static void line_ends_stay_as_they_are(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial);
    struct source *source = add_file(&trial, "crlf.flow", "one\r\ntwo\r\nthree");
    change(&trial, source, "two", "2");
    change(&trial, source, "three", "3");
    assert_patch(&trial, 1,
                 "--- a/crlf.flow\n+++ b/crlf.flow\n@@ -1,3 +1,3 @@\n one\r\n-two\r\n-three\n"
                 "\\ No newline at end of file\n+2\r\n+3\n\\ No newline at end of file\n");
    close_trial(&trial);
}

static void an_insertion_and_nothing(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial);
    struct source *source = add_file(&trial, "a.flow", "reject -> scrap\n");
    uint32_t end = source->base + 15;
    assert_patch(&trial, 0, "");
    trial.edits[trial.count++] = (struct patch_edit){{end, end}, " expect 3%"};
    assert_patch(&trial, 1,
                 "--- a/a.flow\n+++ b/a.flow\n@@ -1,1 +1,1 @@\n-reject -> scrap\n"
                 "+reject -> scrap expect 3%\n");
    trial.edits[0].text = ""; /* changed to what it was */
    assert_patch(&trial, 1, "");
    close_trial(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_near_share_a_hunk),
        cmocka_unit_test(comments_keep_their_column),
        cmocka_unit_test(line_ends_stay_as_they_are),
        cmocka_unit_test(an_insertion_and_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
