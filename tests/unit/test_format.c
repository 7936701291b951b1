/* The formatter: how things are laid out, and that it never changes what a spec means, loses a comment, or
   changes its own result. */
#include "base/file.h"
#include "base/memory.h"
#include "syntax/format.h"
#include "tree_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

/* The text laid out; false where it has mistakes. `tree`, if asked for, gets its tree as text. */
static bool format_text(const char *text, size_t length, struct buffer *out, struct buffer *tree)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set set;
    struct diagnostics diagnostics = {.arena = &arena};
    interner_open(&names, &arena);
    source_set_open(&set, &arena);
    char *copy = memory_zeroed(1, length + 2);
    memcpy(copy, text, length);
    struct source *source = source_add(&set, "test.flow", ".", copy, length);
    bool done = format_source(source, &arena, &names, &diagnostics, out);
    assert_true(done == (diagnostics.errors == 0));
    if (tree)
        add_entries_text(tree, &set, parse(source, &arena, &names, &diagnostics)->entries);
    interner_close(&names);
    source_set_close(&set);
    arena_free(&arena);
    return done;
}

static void check(const char *text, const char *expected)
{
    struct buffer once = {0}, twice = {0};
    assert_true(format_text(text, strlen(text), &once, NULL));
    assert_string_equal(buffer_text(&once), expected);
    assert_true(format_text(once.text ? once.text : "", once.length, &twice, NULL));
    assert_string_equal(buffer_text(&twice), expected);
    buffer_free(&once);
    buffer_free(&twice);
}

static void test_spaces(void **state)
{
    (void)state;
    check("", "");
    check("a   1 ;b 2", "a 1\nb 2\n");
    check("a x1,b  ,c", "a x1, b, c\n");
    check("a 1+2*-3- -4/(5-6)", "a 1 + 2 * -3 - -4 / (5 - 6)\n");
    check("a - 1", "a -1\n");
    check("a min( 1,max(2 ,3) )..4", "a min(1, max(2, 3)) .. 4\n");
    check("a 20 %,0.2mm ,1 h  5min, 22  USD/kg", "a 20%, 0.2 mm, 1 h 5 min, 22 USD/kg\n");
    check("a b x  by s:c->1,d  ->2", "a b x by s: c -> 1, d -> 2\n");
    check("a at   least 3 mm+/-1 mm", "a at least 3 mm +/- 1 mm\n");
    check("a 1\rh at\rleast 2", "a 1 h at least 2\n"); /* a carriage return alone is a blank */
    check("let  a=3", "let a = 3\n");
    check("a->b at most 1", "a -> b at most 1\n");
    check("a \"b  {  c+d }\"", "a \"b  {  c+d }\"\n");
    check("\xEF\xBB\xBF"
          "a 1\r\nb\t\t2\r\n",
          "a 1\nb 2\n");
}

static void test_columns(void **state)
{
    (void)state;
    check("a {\nbb 1\nc 2\n\ndddd 3\n}", "a {\n  bb  1\n  c   2\n\n  dddd  3\n}\n");
    check("a {\nb 1\ndo \"x\" {\nc 1\n}\nyield 2\n}",
          "a {\n  b      1\n  do \"x\" {\n    c  1\n  }\n  yield  2\n}\n");
    check("a {\nsample 1\npass->b\nrework->c\n}",
          "a {\n  sample  1\n  pass   -> b\n  rework -> c\n}\n");
    check("let a=1\nlet bcd=2", "let a   = 1\nlet bcd = 2\n");
    check("s a \"long\" {r 1}\ns bcd \"x\" {r 2;t 3}",
          "s a   \"long\" { r 1 }\ns bcd \"x\"    { r 2; t 3 }\n");
    check("p {\ndimension a 3 mm critical gauge \"x\"\ndimension bc 3.25 mm gauge \"y\"\n}",
          "p {\n  dimension a   3 mm     critical  gauge \"x\"\n"
          "  dimension bc  3.25 mm            gauge \"y\"\n}\n");
    check("a \"é\" # x\nbcd e # y\n", "a \"é\"  # x\nbcd e  # y\n");
}

static void test_blocks(void **state)
{
    (void)state;
    check("a {b 1;c{d 2};}", "a { b 1; c { d 2 } }\n");
    check("a {}", "a { }\n");
    check("a { b 1; c 2\n}", "a {\n  b  1\n  c  2\n}\n");
    check("a { bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb 1; "
          "cccccccccccccccccccccccccccccccccccccccccc 1; "
          "ddddd { e 1 } }",
          "a {\n  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb      1\n"
          "  cccccccccccccccccccccccccccccccccccccccccc  1\n  ddddd { e 1 }\n}\n");
    check("a { b c,; d 1 }", "a { b c,; d 1 }\n");
    check("a b,; c 1", "a b,;\nc 1\n");
}

static void test_lines(void **state)
{
    (void)state;
    check("\n\na 1\n\n\n\nb 2\n\n\n", "a 1\n\nb 2\n");
    check("a {\n\n\nb 1\n\n\nc 2\n\n}", "a {\n  b  1\n\n  c  2\n}\n");
    check("p {\nsell 10 -> 1 USD,\n50 -> 2 USD\nab (1\n+ 2)\n}",
          "p {\n  sell  10 -> 1 USD,\n        50 -> 2 USD\n  ab    (1\n        + 2)\n}\n");
    check("a \"\"\"\n   x\n     y\"\"\" # z\nb", "a \"\"\"\n   x\n     y\"\"\"  # z\nb\n");
}

static void test_comments(void **state)
{
    (void)state;
    check("# a", "# a\n");
    check("#a  \n\n\n##b\na 1 #c\n#d\n", "#a\n\n##b\na 1  #c\n#d\n");
    check("a { # b\n# c\nd 1 # e\n\n# f\n} # g\n# h",
          "a {  # b\n  # c\n  d  1  # e\n\n  # f\n}  # g\n# h\n");
    check("a { # b\n}", "a {  # b\n}\n");
    check("a b, # one\n # two\n\n c # three\nd", "a b,  # one\n  # two\n  c  # three\nd\n");
    check("use a # x\nuse bcdef # y\n\nuse g # z",
          "use a      # x\nuse bcdef  # y\n\nuse g  # z\n");
    check("a 1; # x\nb 2 ;;# y", "a 1  # x\nb 2  # y\n");
}

static void test_mistakes_are_left(void **state)
{
    (void)state;
    struct buffer out = {0};
    buffer_add_text(&out, "kept");
    assert_false(format_text("a = 1", 5, &out, NULL));
    assert_string_equal(buffer_text(&out), "kept");
    buffer_free(&out);
}

/* The comments of a text, joined. Quotes in the specs come in pairs, those of long texts too. */
static void add_comments(struct buffer *out, const char *text)
{
    bool quoted = false;
    for (const char *at = text; *at; at++) {
        quoted ^= *at == '"' && (at == text || at[-1] != '\\');
        if (*at != '#' || quoted)
            continue;
        size_t length = strcspn(at, "\r\n");
        const char *end = at + length;
        while (strchr(" \t", at[length - 1]))
            length--;
        buffer_add(out, at, length);
        buffer_add_char(out, '\n');
        at = end - 1;
    }
}

static void check_file(const char *path)
{
    struct buffer once = {0}, twice = {0}, before = {0}, after = {0};
    struct failure failure;
    char *text;
    size_t length;
    assert_int_equal(file_read(path, 1 << 20, &text, &length, &failure), FILE_OK);
    if (format_text(text, length, &once, &before)) {
        assert_true(format_text(once.text, once.length, &twice, &after));
        assert_string_equal(buffer_text(&twice), buffer_text(&once));
        if (strcmp(buffer_text(&before), buffer_text(&after)) != 0)
            print_error("%s means something else\n", path);
        assert_string_equal(buffer_text(&before), buffer_text(&after));
        before.length = after.length = 0;
        add_comments(&before, text);
        add_comments(&after, once.text);
        assert_string_equal(buffer_text(&before), buffer_text(&after));
        assert_null(strstr(once.text, " \n"));
    }
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&before);
    buffer_free(&after);
    free(text);
}

static void check_folder(const char *folder, int *files)
{
    struct arena arena = {0};
    int count;
    char **names = folder_list(&arena, folder, &count);
    for (int i = 0; i < count; i++) {
        char *path = arena_printf(&arena, "%s/%s", folder, names[i]);
        size_t length = strlen(names[i]);
        if (folder_exists(path)) {
            check_folder(path, files);
        } else if (length > 5 && strcmp(names[i] + length - 5, ".flow") == 0) {
            check_file(path);
            ++*files;
        }
    }
    arena_free(&arena);
}

static void test_every_spec(void **state)
{
    (void)state;
    int files = 0;
    check_folder(FLOW_SOURCE_FOLDER "/tests/contract", &files);
    check_folder(FLOW_SOURCE_FOLDER "/specs", &files);
    check_folder(FLOW_SOURCE_FOLDER "/examples", &files);
    assert_true(files > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spaces),     cmocka_unit_test(test_columns),
        cmocka_unit_test(test_blocks),     cmocka_unit_test(test_lines),
        cmocka_unit_test(test_comments),   cmocka_unit_test(test_mistakes_are_left),
        cmocka_unit_test(test_every_spec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
