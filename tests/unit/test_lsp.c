/* The language server's framing, places and URIs, and what its completion knows of phrases. */
#include "base/intern.h"
#include "flowc/lsp/completion.h"
#include "flowc/lsp/context.h"
#include "flowc/lsp/expects.h"
#include "flowc/lsp/places.h"
#include "flowc/lsp/uri.h"
#include "flowc/lsp/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct program program = {.name = "test"}; /* what is linked with completion asks for one */

/* ---- framing ---- */

static void assert_message(struct wire *wire, const char *expected)
{
    const char *body;
    size_t length;
    assert_int_equal(wire_next(wire, &body, &length), WIRE_MESSAGE);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(body, expected, length);
}

static void feed(struct wire *wire, const char *text)
{
    wire_feed(wire, text, strlen(text));
}

static void messages_come_in_any_pieces(void **unused)
{
    static const char text[] = "Content-Length: 2\r\n\r\n{}Content-Type: x\r\ncontent-length:   4  "
                               "\r\n\r\nnullContent-Length: 0\n\n";
    (void)unused;
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct wire wire = {0};
        const char *const bodies[] = {"{}", "null", ""};
        const char *body;
        size_t length, at = 0, found = 0;
        while (at < sizeof text - 1) {
            size_t now = at + piece < sizeof text - 1 ? piece : sizeof text - 1 - at;
            wire_feed(&wire, text + at, now);
            at += now;
            enum wire_result result;
            while ((result = wire_next(&wire, &body, &length)) != WIRE_MORE) {
                assert_int_equal(result, WIRE_MESSAGE);
                assert_int_equal(length, strlen(bodies[found]));
                assert_memory_equal(body, bodies[found], length);
                found++;
            }
        }
        assert_int_equal(found, 3);
        wire_close(&wire);
    }
}

static void what_is_no_header_is_passed_over(void **unused)
{
    static const char *const wrong[] = {"Content-Length: x\r\n\r\n", "Content-Length: -5\r\n\r\n",
                                        "nonsense\r\n\r\n",          "Content-Length: 12 3\r\n\r\n",
                                        "Content-Length:\r\n\r\n",   "\n\n\n\n"};
    (void)unused;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct wire wire = {0};
        const char *body;
        size_t length;
        feed(&wire, wrong[i]);
        feed(&wire, "Content-Length: 2\r\n\r\n[]");
        enum wire_result result;
        int malformed = 0;
        while ((result = wire_next(&wire, &body, &length)) == WIRE_MALFORMED)
            malformed++;
        assert_true(malformed >= 1);
        assert_int_equal(result, WIRE_MESSAGE);
        assert_memory_equal(body, "[]", 2);
        wire_close(&wire);
    }
}

static void too_much_is_refused_and_passed_over(void **unused)
{
    struct wire wire = {0};
    const char *body;
    size_t length;
    char *junk = test_calloc(1, 1 << 20);
    (void)unused;
    feed(&wire, "Content-Length: 300000000\r\n\r\n");
    assert_int_equal(wire_next(&wire, &body, &length), WIRE_MALFORMED);
    for (int left = 300000000; left > 0; left -= 1 << 20) {
        wire_feed(&wire, junk, (size_t)(left < 1 << 20 ? left : 1 << 20));
        assert_true(wire.bytes.capacity < 4u << 20);
        assert_int_equal(wire_next(&wire, &body, &length), WIRE_MORE);
    }
    feed(&wire, "Content-Length: 2\r\n\r\n{}");
    assert_message(&wire, "{}");
    for (int i = 0; i < 3; i++) { /* a header without an end is not kept for ever */
        memset(junk, 'x', 5000);
        wire_feed(&wire, junk, 5000);
        assert_int_equal(wire_next(&wire, &body, &length), WIRE_MALFORMED);
        assert_int_equal(wire_next(&wire, &body, &length), WIRE_MORE);
    }
    test_free(junk);
    wire_close(&wire);
}

/* ---- places ---- */

static void places_and_offsets_agree(void **unused)
{
    static const char text[] = "a\xC3\xA4\xF0\x9F\x98\x80z\r\nb\rc\n\nd";
    static const struct {
        uint32_t offset, line, utf16, utf8;
    } rows[] = {{0, 0, 0, 0},  {1, 0, 1, 1},  {3, 0, 2, 3},  {7, 0, 4, 7},
                {8, 0, 5, 8},  {10, 1, 0, 0}, {11, 1, 1, 1}, {12, 2, 0, 0},
                {14, 3, 0, 0}, {15, 4, 0, 0}, {16, 4, 1, 1}};
    struct lined_text lined;
    (void)unused;
    lined_text_open(&lined, text, sizeof text - 1);
    assert_int_equal(lined.line_count, 5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int utf8 = 0; utf8 < 2; utf8++) {
            struct place place = place_of(&lined, rows[i].offset, utf8);
            assert_int_equal(place.line, rows[i].line);
            assert_int_equal(place.character, utf8 ? rows[i].utf8 : rows[i].utf16);
            assert_int_equal(offset_of(&lined, place, utf8), rows[i].offset);
        }
    assert_int_equal(offset_of(&lined, (struct place){0, 99}, false), 8); /* the end of the line */
    assert_int_equal(offset_of(&lined, (struct place){0, 99}, true), 8);
    assert_int_equal(offset_of(&lined, (struct place){0, 3}, false),
                     3); /* inside a pair: before it */
    assert_int_equal(offset_of(&lined, (struct place){0, 5}, true), 3); /* inside its bytes */
    assert_int_equal(offset_of(&lined, (struct place){99, 0}, false), sizeof text - 1);
    lined_text_close(&lined);
}

static void uris_and_paths(void **unused)
{
    struct arena arena = {0};
    (void)unused;
    assert_string_equal(uri_path(&arena, "file:///a%20b/%C3%A4.flow"), "/a b/\xC3\xA4.flow");
    assert_string_equal(uri_path(&arena, "FILE://host/a/../b"), "/b");
    assert_string_equal(uri_path(&arena, "file:///%zz%0"), "/%zz%0");
    assert_string_equal(uri_path(&arena, "untitled:Untitled-1"), "/untitled:Untitled-1");
    assert_null(uri_path(&arena, ""));
    assert_null(uri_path(&arena, NULL));
    assert_string_equal(path_uri(&arena, "/a b/\xC3\xA4.flow"), "file:///a%20b/%C3%A4.flow");
    arena_free(&arena);
}

/* ---- what a place is in ---- */

/* The text with a '|' where the place is. */
static void context_of(struct context *context, struct arena *arena, const char *marked)
{
    struct interner names;
    const char *bar = strchr(marked, '|');
    char *text = arena_printf(arena, "%.*s%s", (int)(bar - marked), marked, bar + 1);
    interner_open(&names, arena);
    context_at(context, text, (uint32_t)strlen(text), (uint32_t)(bar - marked), arena, &names);
    interner_close(&names);
}

static void torn_texts_have_a_context(void **unused)
{
    static const struct {
        const char *text;
        enum kind kind;
        const char *field;
        bool in_text, in_value, in_comment;
    } rows[] = {
        {"part p { |", KIND_part, NULL, false, false, false},
        {"part p { layer |", KIND_part, "layer", false, false, false},
        {"part p {\n layer 0.2 mm\n mass |\n", KIND_part, "mass", false, false, false},
        {"workflow w { print p { do \"a\" { tool |", KIND_do, "tool", false, false, false},
        {"workflow w { print p { do \"a |", KIND_print, "do_", true, false, false},
        {"workflow w { print p { do \"a {|", KIND_print, "do_", false, true, false},
        {"workflow w { print p { do \"a {|}\"", KIND_print, "do_", false, true, false},
        {"part p { # layer |", KIND_part, NULL, false, false, true},
        {"part p { ) ) layer |", KIND_part, NULL, false, false, false},
        {"} } part p { layer |", KIND_part, "layer", false, false, false},
        {"|", KIND_none, NULL, false, false, false},
        {"part p { } |", KIND_none, NULL, false, false, false},
        {"do |", KIND_none, NULL, false, false, false},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena = {0};
        struct context context;
        context_of(&context, &arena, rows[i].text);
        const struct field_row *field = context_field(&context, &arena);
        if (context_kind(&context) != rows[i].kind || context.ahead.in_text != rows[i].in_text ||
            context.ahead.in_value != rows[i].in_value ||
            context.ahead.in_comment != rows[i].in_comment)
            fail_msg("%s", rows[i].text);
        if (rows[i].field)
            assert_string_equal(field ? field->name : "none", rows[i].field);
        arena_free(&arena);
    }
}

static void the_parser_says_what_may_come(void **unused)
{
    static const struct {
        const char *text, *expected;
        bool wanted;
    } rows[] = {{"part p { mass |", "a quantity", true},
                {"part p { mass |", "'->'", true},
                {"part p { mass 5 g |", "'within'", true},
                {"part p { mass 5 g |", "'{'", true},
                {"part p { mass 5 g + |", "'{'", false},
                {"part p { mass 5 g + |", "a number", true},
                {"part p { model by size: |", "a number", true},
                {"let a |", "'='", true},
                {"let a |", "a name", false},
                {"part p { mass (5 g |", "')'", true},
                {"part p { mass ) |", "a name", false}};
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena = {0};
        struct context context;
        bool found = false;
        context_of(&context, &arena, rows[i].text);
        for (int k = 0; k < context.ahead.expected_count; k++)
            found |= strcmp(context.ahead.expected[k], rows[i].expected) == 0;
        if (found != rows[i].wanted)
            fail_msg("%s %s", rows[i].text, rows[i].expected);
        arena_free(&arena);
    }
}

static bool expects(const struct expects *list, const char *what)
{
    for (int i = 0; i < list->count; i++) {
        const struct expect *item = &list->items[i];
        const char *name = item->word ? item->word : item->type ? item->type->name : item->special;
        if (strcmp(name, what) == 0)
            return true;
    }
    return false;
}

static void phrases_say_what_comes_next(void **unused)
{
    static const struct {
        const char *text, *wanted, *unwanted;
    } rows[] = {
        {"part p { process |", "process", "material"},
        {"part p { programming 1 h 5 min |", "at", "station"},
        {"part p { programming 1 h at |", "station", "at"},
        {"product p { contains a |", "x", "part"},
        {"product p { contains a x 1, |", "item", "x"},
        {"product p { contains a x (1 + 2), |", "part", "x"},
        {"process p { holds 1 mm |", "or", "ratio"},
        {"process p { holds 1 mm or |", "ratio", "or"},
        {"machine m { volume 1 x |", "length", "x"},
        {"workflow w { print s { time 1 min |", "per", "basis"},
        {"workflow w { print s { consume a x 1 per |", "basis", "per"},
        {"workflow w { print s { consume a x 1 per 5 |", "units", "basis"},
        {"workflow w { batch s { order |", "by", "due"},
        {"workflow w { batch s { group by a, |", "word", "by"},
        {"workflow w { inspect s { check a none of |", "defect", "none of"},
        {"workflow w { inspect s { sample aql 1 |", "level", "all"},
        {"price p { margin |", "at least", "ratio"},
        {"price p { margin at least |", "ratio", "at least"},
        {"part p { material by size: a -> |", "material", "case"},
        {"part p { material by size: a -> b, |", "case", "material"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena = {0};
        struct context context;
        struct expects list;
        context_of(&context, &arena, rows[i].text);
        const struct field_row *field = context_field(&context, &arena);
        assert_non_null(field);
        expects_at(&context, field, &arena, &list);
        if (!expects(&list, rows[i].wanted) || expects(&list, rows[i].unwanted))
            fail_msg("%s", rows[i].text);
        arena_free(&arena);
    }
}

/* Each unit that completion offers is one, and of the dimension of its slot. */
static void offered_units_fit(void **unused)
{
    int seen = 0;
    (void)unused;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (int i = 0; i < kind_rows[kind].field_count; i++) {
            const struct field_row *field = &kind_rows[kind].fields[i];
            const struct phrase *phrase = field->special ? NULL : phrase_of(field);
            for (int k = 0; phrase && k < phrase->slot_count; k++) {
                const struct slot_type *type = phrase->slots[k].types[0];
                bool has_unit = type && (type->class == SLOT_QUANTITY || type->class == SLOT_RATIO);
                const char *units = has_unit ? units_of_type(type->name) : NULL;
                if (has_unit && !units)
                    fail_msg("no unit is offered for %s", type->name);
                while (units && *units) {
                    struct unit unit;
                    char text[32];
                    size_t length = strcspn(units, " "), bad_begin, bad_end;
                    snprintf(text, sizeof text, "%s%.*s", *units == '$' ? "USD" : "",
                             (int)length - (*units == '$'), units + (*units == '$'));
                    assert_true(unit_parse(text, strlen(text), rational_integer(28800), &unit,
                                           &bad_begin, &bad_end));
                    assert_true(dimension_equal(unit.dimension, type->dimension));
                    units += length + (units[length] == ' ');
                    seen++;
                }
            }
        }
    assert_true(seen > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_in_any_pieces),
        cmocka_unit_test(what_is_no_header_is_passed_over),
        cmocka_unit_test(too_much_is_refused_and_passed_over),
        cmocka_unit_test(places_and_offsets_agree),
        cmocka_unit_test(uris_and_paths),
        cmocka_unit_test(torn_texts_have_a_context),
        cmocka_unit_test(the_parser_says_what_may_come),
        cmocka_unit_test(phrases_say_what_comes_next),
        cmocka_unit_test(offered_units_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
