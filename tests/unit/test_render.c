/* Diagnostics drawn for people, and one line each: whole texts. */
#include "drawing.h"

static void human_is(const char *expected)
{
    assert_string_equal(render(RENDER_HUMAN, 0, false), expected);
}

/* ---- for people ---- */

static void test_one_place(void **state)
{
    (void)state;
    const struct source *source = add("clip.flow", clip);
    struct diagnostic *d = report(&list, RULE_unknown_name, span_of(source, "pla_gray"),
                                  "nothing is called `pla_gray`");
    set_help(&list, d, "did you mean `pla_grey`?");
    human_is("error[unknown_name]: nothing is called `pla_gray`\n"
             " --> clip.flow:5:26\n"
             "  |\n"
             "5 |     process  fdm,  material pla_gray\n" /* the tab is four cells wide */
             "  |                             ^^^^^^^^\n"
             "  |\n"
             "  = help: did you mean `pla_grey`?\n"
             "\n"
             "1 error\n");
}

static void test_labels_and_notes(void **state)
{
    (void)state;
    const struct source *source = add("clip.flow", clip);
    const struct source *library = add("lib/lib.flow", "edition 1\n\npart clip \"A clip\"\n");
    struct span second = span_of(source, "clip {\n}");
    second.end = second.begin + 4;
    struct diagnostic *d =
        report(&list, RULE_duplicate_name, second, "there are three parts `clip`");
    add_label(&list, d, span_of(source, "clip {"), "this is the first");
    add_note(&list, d, span_of(library, "clip"), "and one here");
    add_note(&list, d, SPAN_NONE,
             "files that are used share their names\nwith those that use them");
    set_help(&list, d, "rename one\nor drop it");
    human_is("error[duplicate_name]: there are three parts `clip`\n"
             "  --> clip.flow:10:6\n"
             "   |\n"
             " 4 | part clip {\n"
             "   |      ------ this is the first\n"
             "   | ...\n"
             "10 | part clip {\n"
             "   |      ^^^^\n"
             "   |\n"
             "  ::: lib/lib.flow:3:6\n"
             "   |\n"
             " 3 | part clip \"A clip\"\n"
             "   |      ---- and one here\n"
             "   |\n"
             "   = note: files that are used share their names\n"
             "           with those that use them\n"
             "   = help: rename one\n"
             "           or drop it\n"
             "\n"
             "1 error\n");
}

static void test_marks_on_one_line(void **state)
{
    (void)state;
    const struct source *source = add("clip.flow", clip);
    struct diagnostic *d = report(&list, RULE_bad_phrase, span_of(source, "fdm"), "two at once");
    add_label(&list, d, span_of(source, "pla_gray"), "last");
    add_label(&list, d, span_of(source, "material"), "middle");
    add_label(&list, d, span_of(source, "process"), "first");
    add_label(&list, d, span_of(source, "}"), "the line between is shown");
    human_is("error[bad_phrase]: two at once\n"
             " --> clip.flow:5:11\n"
             "  |\n"
             "5 |     process  fdm,  material pla_gray\n"
             "  |     -------  ^^^   -------- -------- last\n"
             "  |     |              |\n"
             "  |     |              middle\n"
             "  |     first\n"
             "6 |   layer    0.2 mm\n"
             "7 | }\n"
             "  | - the line between is shown\n"
             "\n"
             "1 error\n");
}

/* A label under the primary mark, and two at one place: nothing is lost. */
static void test_marks_over_marks(void **state)
{
    (void)state;
    const struct source *source = add("a.flow", "abc def ghi\n");
    struct diagnostic *d = report(&list, RULE_syntax, span_of(source, "abc def"), "all of it");
    add_label(&list, d, span_of(source, "def"), "inside");
    add_label(&list, d, span_of(source, "ghi"), "one");
    add_label(&list, d, span_of(source, "ghi"), "two");
    human_is("error[syntax]: all of it\n"
             " --> a.flow:1:1\n"
             "  |\n"
             "1 | abc def ghi\n"
             "  | ^^^^^^^ --- two\n"
             "  |     |   |\n"
             "  |     |   one\n"
             "  |     inside\n"
             "\n"
             "1 error\n");
}

static void test_several_lines(void **state)
{
    (void)state;
    const struct source *source = add("clip.flow", clip);
    struct span block = span_of(source, "part clip");
    block.end = span_of(source, "}\n").end; /* with the end of its line */
    report(&list, RULE_unused_name, block, "nothing uses it");
    human_is("warning[unused_name]: nothing uses it\n"
             " --> clip.flow:4:1\n"
             "  |\n"
             "4 | part clip {\n"
             "  | ^^^^^^^^^^^\n"
             "  | ...\n"
             "7 | }\n"
             "  | ^\n"
             "\n"
             "1 warning\n");
}

static void test_ends_of_texts(void **state)
{
    (void)state;
    const struct source *source = add("a.flow", "one\r\ntwo"), *empty = add("b.flow", "");
    struct span span = {source->base + 3, source->base + 5}; /* the line end itself */
    report(&list, RULE_syntax, span, "a");
    span = (struct span){source->base + 8, source->base + 8};
    report(&list, RULE_syntax, span, "b");
    span = (struct span){empty->base, empty->base};
    report(&list, RULE_edition_missing, span, "c");
    report(&list, RULE_syntax, SPAN_NONE, "nowhere");
    human_is("error[syntax]: nowhere\n\n"
             "error[syntax]: a\n --> a.flow:1:4\n  |\n1 | one\n  |    ^\n\n"
             "error[syntax]: b\n --> a.flow:2:4\n  |\n2 | two\n  |    ^\n\n"
             "error[edition_missing]: c\n --> b.flow:1:1\n  |\n1 |\n  | ^\n\n"
             "4 errors\n");
}

static void test_wide_characters(void **state)
{
    (void)state;
    const struct source *source =
        add("a.flow", "x \xE6\x97\xA5\xE6\x9C\xAC e\xCC\x81 \xC3\xA9 here\n");
    struct diagnostic *d = report(&list, RULE_syntax, span_of(source, "here"), "a");
    add_label(&list, d, span_of(source, "\xE6\x9C\xAC"), "wide");
    human_is("error[syntax]: a\n"
             " --> a.flow:1:11\n"
             "  |\n"
             "1 | x \xE6\x97\xA5\xE6\x9C\xAC e\xCC\x81 \xC3\xA9 here\n"
             "  |     --     ^^^^\n"
             "  |     |\n"
             "  |     wide\n"
             "\n"
             "1 error\n");
}

static void test_nothing_raw_to_a_terminal(void **state)
{
    (void)state;
    const struct source *source =
        add("e\x1b[2Jvil.flow", "a \x1b[31m \xC2\x9B \x9B \xE2\x80\xAE b \xE2\x80\x8B z\n");
    struct diagnostic *d =
        report(&list, RULE_syntax, span_of(source, "z"), "\x1b]0;title\x07 \x9B \r\n");
    add_label(&list, d, span_of(source, "b"), "\x1b[1m");
    add_note(&list, d, SPAN_NONE, "\x1b[2m\x7F");
    set_help(&list, d, "\x1b[3m \xE2\x80\xAE");
    char *text = render(RENDER_HUMAN, 0, false);
    is_harmless(text);
    assert_non_null(strstr(text,
                           "\n1 | a \xE2\x90\x9B[31m <U+009B> \xEF\xBF\xBD <U+202E> b <U+200B> z\n"
                           "  |                             -          ^\n"));
    text = render(RENDER_SHORT, 0, false);
    is_harmless(text);
    text = render(RENDER_GITHUB, 0, false);
    is_harmless(text);
}

static void test_long_line(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 200000; i++)
        buffer_addf(&text, "word%d ", i);
    const struct source *source = add("a.flow", text.text);
    report(&list, RULE_syntax, span_of(source, "word100000 "), "far right");
    report(&list, RULE_syntax, span_of(source, "word0"), "far left");
    report(&list, RULE_syntax,
           (struct span){source->base + source->length - 2, source->base + source->length},
           "at the end");
    char *human = render(RENDER_HUMAN, 0, false);
    assert_true(strlen(human) < 1500);
    assert_non_null(strstr(human, "\n1 | word0 word1 "));
    for (const char *line = human; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 4 + 120);
    const char *caret = human;
    static const char *const marked[] = {"word0", "word100000 ", "9 "};
    for (int i = 0; i < 3; i++) { /* each mark stands under its word */
        caret = strchr(caret + 1, '^');
        const char *row = caret, *above;
        while (row[-1] != '\n')
            row--;
        above = row - 1;
        while (above[-1] != '\n')
            above--;
        assert_memory_equal(above + (caret - row), marked[i], strlen(marked[i]));
        assert_int_equal(strspn(caret, "^"), strlen(marked[i]));
        caret += strspn(caret, "^");
    }
    buffer_free(&text);
}

static void test_counts(void **state)
{
    (void)state;
    const struct source *source = add("a.flow", "some text that is long enough\n");
    human_is(""); /* nothing to say, nothing said */
    for (uint32_t i = 0; i < 20; i++)
        report(&list, i < 19 ? RULE_syntax : RULE_unused_name,
               (struct span){source->base + i, source->base + i + 1}, "number %u", i);
    char *text = render(RENDER_HUMAN, 2, false);
    assert_non_null(strstr(text, "number 1\n"));
    assert_null(strstr(text, "number 2\n"));
    assert_non_null(
        strstr(text, "\n19 errors, 1 warning (18 more not shown; --max-errors 0 shows all)\n"));
    text = render(RENDER_HUMAN, 20, false);
    assert_non_null(strstr(text, "number 19\n"));
    assert_non_null(strstr(text, "\n19 errors, 1 warning\n"));
}

static void test_many_labels(void **state)
{
    (void)state;
    const struct source *source = add("a.flow", "x\ny\n");
    struct diagnostic *d = report(&list, RULE_syntax, span_of(source, "x"), "m");
    for (int i = 0; i < 100; i++)
        add_label(&list, d, span_of(source, "y"), "label %d", i);
    char *text = render(RENDER_HUMAN, 0, false);
    assert_non_null(strstr(text, "label 30\n"));
    assert_null(strstr(text, "label 31\n"));
    assert_non_null(strstr(text, "= note: 69 more places\n"));
}

static void test_color(void **state)
{
    (void)state;
    const struct source *source = add("clip.flow", clip);
    struct diagnostic *d = report(&list, RULE_bad_phrase, span_of(source, "fdm"), "two at once");
    add_label(&list, d, span_of(source, "material"), "this");
    add_note(&list, d, SPAN_NONE, "so");
    set_help(&list, d, "write");
    char *plain = render(RENDER_HUMAN, 0, false), *colored = render(RENDER_HUMAN, 0, true);
    assert_null(strchr(plain, '\x1b'));
    assert_non_null(
        strstr(colored, "\x1b[1;31merror[bad_phrase]\x1b[0m\x1b[1m: two at once\x1b[0m\n"));
    struct buffer stripped = {0};
    for (const char *at = colored; *at; at++)
        if (*at == '\x1b')
            at = strchr(at, 'm');
        else
            buffer_add_char(&stripped, *at);
    assert_string_equal(stripped.text, plain); /* color changes nothing else */
    buffer_free(&stripped);
}

/* ---- one line each ---- */

static void test_short(void **state)
{
    (void)state;
    const struct source *source = add("dir/clip.flow", clip);
    report(&list, RULE_unknown_name, span_of(source, "pla_gray"), "nothing is\ncalled `pla_gray`");
    report(&list, RULE_unused_name, span_of(source, "clip"), "unused");
    report(&list, RULE_syntax, SPAN_NONE, "nowhere");
    assert_string_equal(render(RENDER_SHORT, 0, false),
                        "error[syntax]: nowhere\n"
                        "dir/clip.flow:4:6: warning[unused_name]: unused\n"
                        "dir/clip.flow:5:26: error[unknown_name]: nothing is called `pla_gray`\n");
    assert_string_equal(render(RENDER_SHORT, 1, false), "error[syntax]: nowhere\n");
}

static void test_github(void **state)
{
    (void)state;
    const struct source *source = add("a,b:c%.flow", clip);
    struct diagnostic *d =
        report(&list, RULE_unknown_name, span_of(source, "pla_gray"), "100%% not\nthere");
    set_help(&list, d, "a:b, c");
    struct span block = {span_of(source, "part").begin, span_of(source, "}").end};
    report(&list, RULE_unused_name, block, "unused");
    report(&list, RULE_syntax, SPAN_NONE, "nowhere");
    assert_string_equal(
        render(RENDER_GITHUB, 1, false),
        "::error title=syntax::nowhere\n"
        "::warning file=a%2Cb%3Ac%25.flow,line=4,endLine=7,title=unused_name::unused\n"
        "::error file=a%2Cb%3Ac%25.flow,line=5,col=26,endLine=5,endColumn=34,title=unknown_name::"
        "100%25 not%0Athere%0Ahelp: a:b, c\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIST(test_one_place),
        WITH_LIST(test_labels_and_notes),
        WITH_LIST(test_marks_on_one_line),
        WITH_LIST(test_marks_over_marks),
        WITH_LIST(test_several_lines),
        WITH_LIST(test_ends_of_texts),
        WITH_LIST(test_wide_characters),
        WITH_LIST(test_nothing_raw_to_a_terminal),
        WITH_LIST(test_long_line),
        WITH_LIST(test_counts),
        WITH_LIST(test_many_labels),
        WITH_LIST(test_color),
        WITH_LIST(test_short),
        WITH_LIST(test_github),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
