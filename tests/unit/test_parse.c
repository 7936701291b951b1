/* The reader: what a text becomes, what is said where it cannot be read, and that no text is too much. */
#include "base/file.h"
#include "base/memory.h"
#include "tree_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

struct reading { /* of one text */
    struct arena arena;
    struct interner names;
    struct source_set set;
    struct diagnostics diagnostics;
    struct source *source;
    struct file_tree *tree;
    struct buffer text, messages;
};

static void open_reading(struct reading *r, const char *text, size_t length)
{
    *r = (struct reading){.diagnostics = {.arena = &r->arena}};
    interner_open(&r->names, &r->arena);
    source_set_open(&r->set, &r->arena);
    char *copy = memory_zeroed(1, length + 2);
    memcpy(copy, text, length);
    r->source = source_add(&r->set, "test.flow", ".", copy, length);
}

static void add_messages(struct reading *r)
{
    diagnostics_sort(&r->diagnostics, &r->set);
    for (int i = 0; i < r->diagnostics.count; i++) {
        const struct diagnostic *d = r->diagnostics.items[i];
        struct position place = position_of(&r->set, d->span.begin);
        buffer_addf(&r->messages, "%s%u:%u %s", i ? "; " : "", place.line, place.column,
                    d->message);
    }
}

static void read_bytes(struct reading *r, const char *text, size_t length)
{
    open_reading(r, text, length);
    r->tree = parse(r->source, &r->arena, &r->names, &r->diagnostics);
    add_messages(r);
}

static void close_reading(struct reading *r)
{
    buffer_free(&r->text);
    buffer_free(&r->messages);
    interner_close(&r->names);
    source_set_close(&r->set);
    arena_free(&r->arena);
}

struct line { /* a text, its tree, its messages */
    const char *source, *tree, *messages;
};

static void check_lines(const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading r;
        read_bytes(&r, lines[i].source, strlen(lines[i].source));
        add_entries_text(&r.text, &r.set, r.tree->entries);
        if (strcmp(buffer_text(&r.text), lines[i].tree) != 0)
            print_error("of: %s\n", lines[i].source);
        assert_string_equal(buffer_text(&r.text), lines[i].tree);
        if (strcmp(buffer_text(&r.messages), lines[i].messages) != 0)
            print_error("of: %s\n", lines[i].source);
        assert_string_equal(buffer_text(&r.messages), lines[i].messages);
        close_reading(&r);
    }
}

#define CHECK(lines) check_lines(lines, sizeof(lines) / sizeof *(lines))

static void test_expressions(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"a", "a", ""},
        {"contains hook x 1, cap x 2", "contains (x hook 1) , (x cap 2)", ""},
        {"volume 762 × 406 x 508 mm", "volume (x (x 762 406) <508 mm>)", ""},
        {"d 4.2 mm within 4.10 mm .. 4.50 mm critical gauge \"g\"",
         "d (within <4.2 mm> (.. <4.10 mm> <4.50 mm>)) critical gauge \"g\"", ""},
        {"d 1 mm within fit .. 0.1 mm * 3 + 0.7 mm minor",
         "d (within <1 mm> (.. fit (+ (* <0.1 mm> 3) <0.7 mm>))) minor", ""},
        {"d 30 mm +/- 0.3 mm", "d (+/- <30 mm> <0.3 mm>)", ""},
        {"d 30 mm±0.3 mm", "d (+/- <30 mm> <0.3 mm>)", ""},
        {"d 20 mm + 0 mm - 0.021 mm", "d (- (+ <20 mm> <0 mm>) <0.021 mm>)", ""},
        {"size 8..24", "size (.. 8 24)", ""},
        {"t 1 h 5 min - 47 min", "t (- <1 h 5 min> <47 min>)", ""},
        {"t (4 s + 6 s) * 2", "t (* (group (+ <4 s> <6 s>)) 2)", ""},
        {"t -3 mm, - 2 * a", "t (negate <3 mm>) , (* (negate 2) a)", ""},
        {"t a - b", "t (- a b)", ""},
        {"t max(5 s, min(a, b)) x ceil(10 / 3)", "t (x (max <5 s> (min a b)) (ceil (/ 10 3)))", ""},
        {"sell 10 -> 17.50 USD, 50 -> 15 USD", "sell (-> 10 <17.50 USD>) , (-> 50 <15 USD>)", ""},
        {"sell for a, \"b\" 10 -> 9 USD", "sell for a , \"b\" (-> 10 <9 USD>)", ""},
        {"fill at least 70%", "fill (at least <70 %>)", ""},
        {"cost 2.10 USD per unit + 45 USD per batch at least 120 USD",
         "cost <2.10 USD> per (+ unit <45 USD>) per batch (at least <120 USD>)", ""},
        {"check hook.bore.limit", "check hook.bore.limit", ""},
        {"deliver 2027-02-15 to \"Dock\"", "deliver 2027-02-15 to \"Dock\"", ""},
    };
    CHECK(lines);
}

static void test_cases_of_variants(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"m by size: small -> 5 g, large -> 8 g",
         "m (by size (case small <5 g>) (case large <8 g>))", ""},
        {"c ring x by size: 15 -> 1, 20 -> 2, screw x 2",
         "c (x ring (by size (case 15 1) (case 20 2))) , (x screw 2)", ""},
        {"c a x by s: 1 -> 2, # one\n 3 -> 4,\n\n b x 2",
         "c (x a (by s (case 1 2) (case 3 4))) , (x b 2)", ""},
        {"t by s: \"extra large\" -> 14 min + 8 min, m -> 2 min",
         "t (by s (case \"extra large\" (+ <14 min> <8 min>)) (case m <2 min>))", ""},
        {"t by a: x1 -> by b: u -> 1, v -> 2", "t (by a (case x1 (by b (case u 1) (case v 2))))",
         ""},
        {"group by material, layer", "group by material , layer", ""},
        {"by quality", "by quality", ""},
        {"reply by 2027-01-20", "reply by 2027-01-20", ""},
    };
    CHECK(lines);
}

static void test_units(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"r 22 USD/kg", "r <22 USD/kg>", ""},
        {"r 1.24 g/cm^3", "r <1.24 g/cm^3>", ""},
        {"r 0.5 N*m", "r <0.5 N*m>", ""},
        {"r 22 USD/hr", "r <22 USD/hr>", ""},
        {"r 22 USD / h", "r <22 USD / h>", ""},
        {"r 22 USD / count", "r (/ <22 USD> count)", ""},
        {"t 2 h * 3", "t (* <2 h> 3)", ""},
        {"t 2 h*3", "t (* <2 h> 3)", ""},
        {"w 200um", "w <200 um>", ""},
        {"n 60 °C", "n <60 °C>", ""},
        {"i 20 %", "i <20 %>", ""},
        {"c 1 per batch", "c 1 per batch", ""},
        {"c 1 hours", "c 1 hours", ""},
        {"v 10 in x 8 in", "v (x <10 in> <8 in>)", ""},
        {"t 3\n min", "t 3; min", ""},
    };
    CHECK(lines);
}

static void test_words_in_their_place(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"at bench", "at bench", ""},
        {"min 5", "min 5", ""},
        {"let a = 2 mm * 3", "let a (* <2 mm> 3)", ""},
        {"s let a", "s let a", ""},
        {"within 3", "within 3", ""},
        {"a within", "a within", ""},
        {"at leastways", "at leastways", ""},
        {"a at\tmost 3", "a (at most 3)", ""},
        {"pass -> cleanup at most 1 expect 5%", "pass -> cleanup (at most 1) expect <5 %>", ""},
    };
    CHECK(lines);
}

static void test_layout(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"", "", ""},
        {"\xEF\xBB\xBF"
         "a 1\r\n\r\nb\t2\r\n",
         "a 1; b 2", ""},
        {";; a ; b;", "a; b", ""},
        {"a { b 1; c { } }", "a {b 1; c {}}", ""},
        {"a { b 1 # one\n}\nc", "a {b 1}; c", ""},
        {"a b,\n  c +\n  d # e\n", "a b , (+ c d)", ""},
        {"a (b\n + c)\nd", "a (group (+ b c)); d", ""},
        {"## one\n##  two \n# no\na\n### ruler\nb { ## in\n c 1 }\nd",
         "##one\n two## a; b {##in## c 1}; d", ""},
        {"a 5,; b", "a 5 ,; b", ""},
        {"## a\nlet b = 1\nc", "##a## let b 1; c", ""},
    };
    CHECK(lines);
}

static void test_texts(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"a \"\"", "a \"\"", ""},
        {"a \"b \\\" \\\\ \\n \\{c}\"", "a \"b \" \\ \n {c}\"", ""},
        {"a \"{b} and {c.d x 2}\"", "a \"{b} and {(x c.d 2)}\"", ""},
        {"a \"x{\"y{z}\"}\"", "a \"x{\"y{z}\"}\"", ""},
        {"a \"\"\"\n    one\n      {two} \"three\"\n\n    four\n    \"\"\"",
         "a \"one\n  {two} \"three\"\n\nfour\"", ""},
        {"a \"\"\"one\n  two\n three\"\"\"", "a \"one\n two\nthree\"", ""},
        {"a \"\"\"\r\n\tone\r\n\ttwo\r\n\"\"\"", "a \"one\ntwo\"", ""},
        {"a \"\"\"\n\"\"\"", "a \"\"", ""},
        {"a \"\"\"\n  {b}\n  \\n\n  \"\"\"", "a \"{b}\n\n\"", ""},
        {"a \"# no comment; no end\"", "a \"# no comment; no end\"", ""},
    };
    CHECK(lines);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"a {\n b 1\n c = 2\n d 3\n}", "a {b 1; error c; d 3}",
         "3:4 expected an expression, found '='"},
        {"a: 1\nb", "error a; b", "1:2 expected an expression, found ':'"},
        {"a 1 = 2\nb", "error a; b", "1:5 unexpected '='"},
        {"a {\n b 1,\n}\n, c\nd", "a {b 1 ,}; error -; d", "4:1 a line that begins with a comma"},
        {"a \"b\nc 3 mm", "!a !\"b\"; c <3 mm>", "1:3 this text has no closing quote on its line"},
        {"a \"b {\n c 1 }\nd", "!a !\"b\" {c 1}; d",
         "1:3 this text has no closing quote on its line"},
        {"a { b \"c }\nd", "a {!b !\"c\"}; d", "1:7 this text has no closing quote on its line"},
        {"a \"b {c\nd", "!a !\"b {c\"; d", "1:3 this text has no closing quote on its line"},
        {"a \"b\" \"{c\nd \"e\"", "!a \"b\" !\"{c\"; d \"e\"",
         "1:7 this text has no closing quote on its line"},
        {"a \"\"\"b\nc", "!a !\"b\nc\"", "1:3 this text is never closed"},
        {"a \"\\q\"\nb", "!a !\"\\q\"; b", "1:4 unknown escape '\\q'"},
        {"a \"b {} c\"\nd", "error a; d", "1:7 expected an expression"},
        {"a { b } c 1\nd", "a {b}; c 1; d", "1:9 expected ';' or a new line"},
        {"a b \"c\" = 2 { d 1 }\ne", "error a b {d 1}; e", "1:9 unexpected '='"},
        {"a b = 2 { d 1 }\ne", "error a b {d 1}; e", "1:5 unexpected '='"},
        {"a { b } )\nd", "a {b}; d", "1:9 expected ';' or a new line"},
        {"a = 3 { b 1; c 2 }\nd", "error a {b 1; c 2}; d", "1:3 expected an expression, found '='"},
        {"a\n{\n b\n}\nc", "a {b}; c", "2:1 a '{' on a line of its own"},
        {"a (1 + 2\nb 3", "error a; b 3", "1:9 expected an operator or ')'"},
        {"a (1 +\n 2 = 3\n 4)\nb", "error a; b", "2:4 expected an operator or ')'"},
        {"a min(1, 2\nb", "error a; b", "1:11 expected an operator, ')' or ','"},
        {"a 1 +; b", "error a; b", "1:6 expected an expression"},
        {"a 1 .. 2 .. 3\nb", "error a; b", "1:10 unexpected '..'"},
        {"a by s: 1 mm -> 2\nb", "error a; b", "1:9 expected a name, a number or a text"},
        {"let a = = 1\nb", "!let a (error); b", "1:9 expected an expression"},
        {"let a 1\nb", "!let a (error); b", "1:7 expected '='"},
        {"5 a { b 1; c = 2 }\nd", "error - {b 1; error c}; d", "1:1 expected a declaration"},
        {"a b\n  c 1\n  d 2\n}\ne", "a b {c 1; d 2}; e", "1:4 expected '{'"},
        {"a b c 1 }\nd", "error a b c; d", "1:9 this '}' closes nothing"},
        {"a {\n b { c }\n d { e } }\n f 1\n}\ng", "a {b {c}; d {e}; f 1}; g",
         "3:10 this '}' closes nothing"},
        {"a “b”\nc", "error a; c", "1:3 a typographic quote"},
        {"a 4 € per unit\nb", "error a; b", "1:5 unexpected character €"},
        {"a x 1\nb", "error a; b", "1:3 expected an expression"},
        {"a = 1\nb 2\nc = 3\nd { e 4\n f ) }\ng", "error a; b 2; error c; d {e 4; error f}; g",
         "1:3 expected an expression, found '='; 3:3 expected an expression, found '='; "
         "5:4 expected an expression"},
    };
    CHECK(lines);
}

static void test_braces(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"a {\n  b 1\n", "!a {b 1}", "3:1 expected '}' before the end of the file"},
        {"a { b 1 }\n}\nc 2", "a {b 1}; c 2", "2:1 this '}' closes nothing"},
        /* indentation says where the brace is missing, or too many */
        {"a {\n  b {\n    c 1\n  d {\n    e 2\n  }\n}\nf 3", "a {!b {c 1}; d {e 2}}; f 3",
         "8:4 expected '}' before the end of the file"},
        {"a {\n  b {\n    c 1\n  }\n  }\n  d 2\n}\ne 3", "a {b {c 1}; d 2}; e 3",
         "5:3 this '}' closes nothing"},
        {"a {\n  b 1\nlet c = 2\nd 3", "!a {b 1}; let c 2; d 3",
         "4:4 expected '}' before the end of the file"},
        /* without indentation nothing can be said */
        {"a {\nb 1\nc {\nd 2\n}\n", "!a {b 1; c {d 2}}",
         "6:1 expected '}' before the end of the file"},
    };
    CHECK(lines);
    struct reading r;
    read_bytes(&r, "a {\n  b {\n    c 1\n  d 2\n}\n", 25);
    assert_int_equal(r.diagnostics.count, 1);
    const struct remark *label = r.diagnostics.items[0]->labels;
    assert_non_null(label);
    assert_int_equal(position_of(&r.set, label->span.begin).line, 2);
    assert_string_equal(label->text, "this '{' is never closed");
    close_reading(&r);
}

static void test_bytes(void **state)
{
    (void)state;
    char *large = memory_zeroed(1, 100000001);
    const struct {
        const char *text;
        size_t length;
        const char *message;
    } bytes[] = {
        {"a\nb \xFF", 5, "2:3 not UTF-8: the byte 0xff begins no character"},
        {"a \xC3", 3, "1:3 not UTF-8: the byte 0xc3 begins no character"},
        {"a \xED\xA0\x80", 5, "1:3 not UTF-8: the byte 0xed begins no character"},
        {"a \xC0\x80", 4, "1:3 not UTF-8: the byte 0xc0 begins no character"},
        {"abcdefgh\0b", 10, "1:9 a NUL byte"},
        {large, 100000001, "1:1 the file is larger than 100 MB"},
    };
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        struct reading r;
        read_bytes(&r, bytes[i].text, bytes[i].length);
        assert_true(r.tree->fatal);
        assert_null(r.tree->entries);
        assert_string_equal(buffer_text(&r.messages), bytes[i].message);
        close_reading(&r);
    }
    free(large);
}

/* prefix, unit repeated, suffix: one mistake at most, and what stands behind is read. */
static void check_repeated(const char *prefix, const char *unit, size_t count, const char *suffix,
                           const char *message)
{
    struct buffer text = {0};
    buffer_add_text(&text, prefix);
    for (size_t i = 0; i < count; i++)
        buffer_add_text(&text, unit);
    buffer_add_text(&text, suffix);
    struct reading r;
    read_bytes(&r, text.text, text.length);
    const char *messages = buffer_text(&r.messages);
    if (!strstr(messages, message) || r.diagnostics.count != (*message ? 1 : 0))
        print_error("%s %s %s: %s\n", prefix, unit, suffix, messages);
    assert_non_null(strstr(messages, message));
    assert_true(r.diagnostics.count == (*message ? 1 : 0));
    const struct entry *last = r.tree->entries;
    while (last && last->next)
        last = last->next;
    assert_non_null(last);
    assert_string_equal(last->head, "last");
    close_reading(&r);
    buffer_free(&text);
}

static void test_limits(void **state)
{
    (void)state;
    const char *nested = "nested more than 256 deep";
    check_repeated("", "a 1\n", 100000, "last", "");
    check_repeated("a ", "b, ", 3000000, "c\nlast", "");
    check_repeated("a \"", "0123456789", 1000000, "\"\nlast", "");
    check_repeated("#", "0123456789", 1000000, "\nlast", "");
    check_repeated("a ", "(", 100000, "\nlast", nested);
    check_repeated("a ", "-", 100000, "1\nlast", nested);
    check_repeated("a 1", " + 1", 2000000, "\nlast", nested);
    check_repeated("a b", ".b", 100000, "\nlast", nested);
    check_repeated("a ", "at least ", 100000, "1\nlast", nested);
    check_repeated("a ", "by b: c -> ", 100000, "1\nlast", nested);
    check_repeated("a ", "\"{", 100000, "\nlast", nested);
    check_repeated("a x1 ", "by b: c -> 1, d x ", 100000, "1\nlast", "");
}

static void check_nested(int depth, const char *messages)
{
    struct buffer text = {0};
    for (int i = 0; i < depth; i++)
        buffer_add_text(&text, "a { ");
    for (int i = 0; i < depth; i++)
        buffer_add_text(&text, "} ");
    buffer_add_text(&text, "\nlast 1\n");
    struct reading r;
    read_bytes(&r, text.text, text.length);
    assert_string_equal(buffer_text(&r.messages), messages);
    assert_string_equal(r.tree->entries->next->head, "last");
    close_reading(&r);
    buffer_free(&text);
}

static void test_nested_braces(void **state)
{
    (void)state;
    check_nested(256, "");
    check_nested(257, "1:1027 nested more than 256 deep");
    check_nested(100000, "1:1027 nested more than 256 deep");
}

static void test_phrases(void **state)
{
    (void)state;
    const char *yaml = "volume: 762 x 406 mm\nrate: 45 USD/h\nbad: 4 =\n";
    struct reading r;
    open_reading(&r, yaml, strlen(yaml));
    const struct node *items = parse_items(r.source, 8, 12, &r.arena, &r.names, &r.diagnostics);
    add_items_text(&r.text, &r.set, items);
    assert_string_equal(buffer_text(&r.text), "(x 762 <406 mm>)");
    assert_int_equal(items->span.begin, r.source->base + 8);
    assert_int_equal(items->span.end, r.source->base + 20);
    items = parse_items(r.source, 27, 8, &r.arena, &r.names, &r.diagnostics);
    assert_int_equal(items->kind, NODE_QUANTITY);
    assert_int_equal(r.diagnostics.count, 0);
    assert_null(parse_items(r.source, 41, 3, &r.arena, &r.names, &r.diagnostics));
    assert_null(parse_items(r.source, 0, 0, &r.arena, &r.names, &r.diagnostics));
    add_messages(&r);
    assert_string_equal(buffer_text(&r.messages), "1:1 expected an expression; 3:8 unexpected '='");
    close_reading(&r);
}

/* Every spec of the contract is read without a mistake, but for the cases about mistakes. */
static void read_folder(const char *folder, int *files)
{
    struct arena arena = {0};
    int count;
    char **names = folder_list(&arena, folder, &count);
    for (int i = 0; i < count; i++) {
        char *path = arena_printf(&arena, "%s/%s", folder, names[i]);
        char *text;
        size_t length;
        struct failure failure;
        if (folder_exists(path))
            read_folder(path, files);
        else if (strlen(names[i]) > 5 && strcmp(names[i] + strlen(names[i]) - 5, ".flow") == 0) {
            assert_int_equal(file_read(path, 1 << 20, &text, &length, &failure), FILE_OK);
            struct reading r;
            read_bytes(&r, text, length);
            bool mistaken = strncmp(names[i], "syntax_", 7) == 0;
            if (r.diagnostics.count != mistaken)
                print_error("%s: %s\n", path, buffer_text(&r.messages));
            assert_int_equal(r.diagnostics.count, mistaken);
            close_reading(&r);
            free(text);
            ++*files;
        }
    }
    arena_free(&arena);
}

static void test_contract(void **state)
{
    (void)state;
    int files = 0;
    read_folder(FLOW_SOURCE_FOLDER "/tests/contract", &files);
    read_folder(FLOW_SOURCE_FOLDER "/specs", &files);
    assert_true(files > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),   cmocka_unit_test(test_cases_of_variants),
        cmocka_unit_test(test_units),         cmocka_unit_test(test_words_in_their_place),
        cmocka_unit_test(test_layout),        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_mistakes),      cmocka_unit_test(test_braces),
        cmocka_unit_test(test_bytes),         cmocka_unit_test(test_limits),
        cmocka_unit_test(test_nested_braces), cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
