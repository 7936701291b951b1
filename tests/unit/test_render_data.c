/* Diagnostics for programs, read back by a reader of JSON; and how long ten thousand take. */
#include "base/memory.h"
#include "drawing.h"

#include <jansson.h>
#include <time.h>

/* ---- JSON ---- */

static json_t *render_json_back(enum render_format format)
{
    json_error_t error;
    char *text = render(format, 1, false);
    json_t *read = json_loads(text, 0, &error);
    if (!read)
        fail_msg("%d:%d: %s\n%s", error.line, error.column, error.text, text);
    return read;
}

static void place_is(json_t *object, const char *file, int line, int column, int end_line,
                     int end_column)
{
    if (file)
        assert_string_equal(json_string_value(json_object_get(object, "file")), file);
    else
        assert_true(json_is_null(json_object_get(object, "file")));
    assert_int_equal(json_integer_value(json_object_get(object, "line")), line);
    assert_int_equal(json_integer_value(json_object_get(object, "column")), column);
    assert_int_equal(json_integer_value(json_object_get(object, "end_line")), end_line);
    assert_int_equal(json_integer_value(json_object_get(object, "end_column")), end_column);
}

static void text_is(json_t *object, const char *name, const char *expected)
{
    const char *found = json_string_value(json_object_get(object, name));
    assert_non_null(found);
    assert_string_equal(found, expected);
}

/* One of everything, with texts that need care. */
static void report_all(void)
{
    const struct source *source = add("dir/my clip.flow", clip);
    const struct source *library = add("lib.flow", "part clip\n");
    struct diagnostic *d = report(&list, RULE_unknown_name, span_of(source, "pla_gray"),
                                  "no \"name\" \\ \xFF\x01 \xC3\xA9");
    add_label(&list, d, span_of(source, "part"), "in this");
    add_note(&list, d, span_of(library, "clip"), "there");
    add_note(&list, d, SPAN_NONE, "no place");
    set_help(&list, d, "line\nbreak");
    add_fix(&list, d, FIX_CERTAIN, span_of(source, "pla_gray"), "pla_grey", "rename it");
    struct span before = {span_of(source, "layer").begin, span_of(source, "layer").begin};
    add_fix(&list, d, FIX_HAS_BLANKS, before, "x\n", "insert it");
    report(&list, RULE_unused_name, span_of(source, "clip {\n\t"), "unused");
    report(&list, RULE_unused_name, span_of(library, "clip"), "unused");
    report(&list, RULE_syntax, SPAN_NONE, "nowhere");
}

static void test_json(void **state)
{
    (void)state;
    report_all();
    json_t *whole = render_json_back(RENDER_JSON);
    text_is(whole, "format_version", "1.0");
    json_t *all = json_object_get(whole, "diagnostics");
    assert_int_equal(json_array_size(all), 4); /* max_errors is for people */
    place_is(json_array_get(all, 0), NULL, 0, 0, 0, 0);
    json_t *d = json_array_get(all, 1);
    text_is(d, "severity", "warning");
    place_is(d, "dir/my clip.flow", 4, 6, 5, 2);
    assert_int_equal(json_array_size(json_object_get(d, "notes")), 0);
    assert_int_equal(json_array_size(json_object_get(d, "fixes")), 0);
    d = json_array_get(all, 2);
    text_is(d, "rule", "unknown_name");
    text_is(d, "severity", "error");
    text_is(d, "message", "no \"name\" \\ \xEF\xBF\xBD\x01 \xC3\xA9");
    text_is(d, "help", "line\nbreak");
    place_is(d, "dir/my clip.flow", 5, 26, 5, 34);
    json_t *notes = json_object_get(d, "notes"), *fixes = json_object_get(d, "fixes");
    assert_int_equal(json_array_size(notes), 2);
    text_is(json_array_get(notes, 0), "message", "there");
    place_is(json_array_get(notes, 0), "lib.flow", 1, 6, 1, 10);
    place_is(json_array_get(notes, 1), NULL, 0, 0, 0, 0);
    place_is(json_array_get(json_object_get(d, "labels"), 0), "dir/my clip.flow", 4, 1, 4, 5);
    assert_int_equal(json_array_size(fixes), 2);
    text_is(json_array_get(fixes, 0), "title", "rename it");
    text_is(json_array_get(fixes, 0), "certainty", "certain");
    text_is(json_array_get(fixes, 1), "certainty", "has_blanks");
    json_t *edit = json_array_get(json_object_get(json_array_get(fixes, 0), "edits"), 0);
    place_is(edit, "dir/my clip.flow", 5, 26, 5, 34);
    text_is(edit, "replacement", "pla_grey");
    edit = json_array_get(json_object_get(json_array_get(fixes, 1), "edits"), 0);
    place_is(edit, "dir/my clip.flow", 6, 3, 6, 3);
    json_decref(whole);
}

static void test_empty_documents(void **state)
{
    (void)state;
    assert_string_equal(render(RENDER_JSON, 0, false),
                        "{\"format_version\":\"1.0\",\"diagnostics\":[]}\n");
    assert_string_equal(render(RENDER_SHORT, 0, false), "");
    assert_string_equal(render(RENDER_GITHUB, 0, false), "");
    json_t *whole = render_json_back(RENDER_SARIF);
    json_t *run = json_array_get(json_object_get(whole, "runs"), 0);
    assert_int_equal(json_array_size(json_object_get(run, "results")), 0);
    json_decref(whole);
}

/* ---- SARIF ---- */

static json_t *at_path(json_t *value, const char *path)
{
    char part[64];
    while (value && *path) {
        size_t length = strcspn(path, "/");
        memcpy(part, path, length);
        part[length] = 0;
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part))
                                     : json_object_get(value, part);
        path += length + (path[length] == '/');
    }
    return value;
}

static void at_is(json_t *value, const char *path, const char *expected)
{
    const char *found = json_string_value(at_path(value, path));
    if (!found)
        fail_msg("no text at %s", path);
    assert_string_equal(found, expected);
}

/* SARIF allows no empty texts where it asks for one. */
static void no_empty_text(json_t *value)
{
    const char *key;
    size_t index;
    json_t *inside;
    json_object_foreach(value, key, inside)
    {
        if (strcmp(key, "text") == 0 || strcmp(key, "uri") == 0 || strcmp(key, "id") == 0)
            assert_true(json_string_length(inside) > 0);
        no_empty_text(inside);
    }
    json_array_foreach(value, index, inside) no_empty_text(inside);
}

static void test_sarif(void **state)
{
    (void)state;
    report_all();
    json_t *whole = render_json_back(RENDER_SARIF), *run = at_path(whole, "runs/0");
    at_is(whole, "version", "2.1.0");
    assert_non_null(strstr(json_string_value(at_path(whole, "$schema")), "sarif-2.1.0"));
    at_is(run, "tool/driver/name", "flowc");
    at_is(run, "tool/driver/version", "1.2.3");
    at_is(run, "automationDetails/id", "flowc/check/");
    at_is(run, "columnKind", "unicodeCodePoints");
    json_t *rules = at_path(run, "tool/driver/rules"), *results = at_path(run, "results"), *result;
    assert_int_equal(json_array_size(rules), 3); /* those that occur */
    assert_int_equal(json_array_size(results), 4);
    size_t i;
    json_array_foreach(results, i, result)
    {
        json_int_t index = json_integer_value(json_object_get(result, "ruleIndex"));
        json_t *rule = json_array_get(rules, (size_t)index);
        at_is(rule, "id", json_string_value(json_object_get(result, "ruleId")));
        at_is(rule, "defaultConfiguration/level",
              json_string_value(json_object_get(result, "level")));
        assert_true(json_is_string(at_path(rule, "shortDescription/text")));
        assert_true(json_is_string(at_path(rule, "fullDescription/text")));
        assert_true(json_is_string(at_path(rule, "help/text")));
        assert_true(json_is_string(at_path(rule, "properties/tags/0")));
        assert_int_equal(json_array_size(json_object_get(result, "locations")), 1);
        assert_true(json_integer_value(
                        at_path(result, "locations/0/physicalLocation/region/startLine")) > 0);
    }
    result = json_array_get(results, 2);
    at_is(result, "message/text",
          "no \"name\" \\ \xEF\xBF\xBD\x01 \xC3\xA9\nnote: no place\nhelp: line\nbreak");
    at_is(result, "locations/0/physicalLocation/artifactLocation/uri", "dir/my%20clip.flow");
    assert_int_equal(
        json_integer_value(at_path(result, "locations/0/physicalLocation/region/endColumn")), 34);
    at_is(result, "relatedLocations/0/message/text", "in this");
    at_is(result, "relatedLocations/1/physicalLocation/artifactLocation/uri", "lib.flow");
    at_is(result, "fixes/0/description/text", "rename it");
    at_is(result, "fixes/0/artifactChanges/0/artifactLocation/uri", "dir/my%20clip.flow");
    at_is(result, "fixes/0/artifactChanges/0/replacements/0/insertedContent/text", "pla_grey");
    no_empty_text(whole);
    json_decref(whole);
}

static const char *fingerprint(json_t *whole, int result)
{
    struct buffer path = {0};
    buffer_addf(&path, "runs/0/results/%d/partialFingerprints/primaryLocationLineHash", result);
    const char *text = json_string_value(at_path(whole, path.text));
    buffer_free(&path);
    assert_non_null(text);
    return text;
}

/* Known again when lines move or are indented, apart from each other when the same text stands twice. */
static void test_fingerprints(void **state)
{
    (void)state;
    const struct source *a = add("a.flow", "bad\n  bad\t\nother\n");
    const struct source *b = add("b.flow", "\n\n\tbad\nother\n");
    for (uint32_t line = 1; line <= 4; line++) {
        uint32_t length;
        const char *text = source_line(a, line, &length);
        uint32_t begin = a->base + (uint32_t)(text - a->text);
        if (length)
            report(&list, RULE_syntax, (struct span){begin, begin + 1}, "m");
    }
    report(&list, RULE_syntax, span_of(b, "bad"), "m");
    report(&list, RULE_unknown_name, span_of(b, "other"), "m");
    json_t *whole = render_json_back(RENDER_SARIF);
    const char *first = fingerprint(whole, 0), *second = fingerprint(whole, 1);
    assert_memory_equal(first, second, 16); /* the same line's text, another rank */
    assert_string_equal(first + 16, ":1");
    assert_string_equal(second + 16, ":2");
    assert_string_equal(first, fingerprint(whole, 3)); /* in another file, lines further down */
    assert_string_not_equal(fingerprint(whole, 2), fingerprint(whole, 4)); /* another rule */
    json_decref(whole);
}

static void test_uri(void **state)
{
    (void)state;
    static const char *const paths[][2] = {{"./a.flow", "a.flow"},
                                           {"/abs/a.flow", "file:///abs/a.flow"},
                                           {"c:d#e?.flow", "c%3Ad%23e%3F.flow"},
                                           {"\xC3\xA9.flow", "%C3%A9.flow"},
                                           {"../up.flow", "../up.flow"}};
    for (int i = 0; i < 5; i++) {
        struct buffer expected = {0};
        const struct source *source = add(paths[i][0], "x\n");
        list.count = list.errors = 0;
        report(&list, RULE_syntax, span_of(source, "x"), "m");
        buffer_addf(&expected, "\"uri\":\"%s\"", paths[i][1]);
        assert_non_null(strstr(render(RENDER_SARIF, 0, false), expected.text));
        buffer_free(&expected);
    }
}

/* ---- anything at all ---- */

static uint32_t random_state = 1;

static uint32_t below(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

static struct span any_span(void)
{
    uint32_t begin = below(set.next_base + 1), length = below(4) ? below(10) : below(200);
    return (struct span){begin, begin + length};
}

static const char *any_text(void)
{
    char text[13] = "";
    for (uint32_t i = 0, length = below(12); i < length; i++)
        text[i] = (char)(1 + below(255));
    return arena_copy_text(&arena, text, strlen(text));
}

static void add_any_file(void)
{
    static const char *const pieces[] = {"\n",       "\n",           " ",    "\t",
                                         "\xC3\xA9", "\xE6\x97\xA5", "word", "\r\n"};
    struct buffer text = {0};
    for (uint32_t i = 0, length = below(300); i < length; i++)
        if (below(3))
            buffer_add_text(&text, pieces[below(8)]);
        else
            buffer_add_char(&text, (char)below(256));
    char *copy = memory_zeroed(1, text.length + 2);
    memcpy(copy, buffer_text(&text), text.length);
    assert_non_null(source_add(&set, any_text(), ".", copy, text.length));
    buffer_free(&text);
}

/* Whatever is in the files, whatever is said of them, wherever: what is drawn is harmless and well-formed. */
static void test_any_bytes(void **state)
{
    for (int round = 0; round < 300; round++) {
        for (uint32_t i = below(4); i; i--)
            add_any_file();
        for (uint32_t i = below(8); i; i--) {
            struct diagnostic *d =
                report(&list, (enum rule)below(RULE_COUNT), any_span(), "%s", any_text());
            for (uint32_t k = below(5); k; k--)
                add_label(&list, d, any_span(), "%s", any_text());
            for (uint32_t k = below(3); k; k--)
                add_note(&list, d, any_span(), "%s", any_text());
            if (below(2))
                set_help(&list, d, "%s", any_text());
            if (below(2))
                add_fix(&list, d, FIX_LIKELY, any_span(), any_text(), "%s", any_text());
        }
        is_harmless(render(RENDER_HUMAN, 0, false));
        is_harmless(render(RENDER_SHORT, 0, false));
        is_harmless(render(RENDER_GITHUB, 0, false));
        json_decref(render_json_back(RENDER_JSON));
        json_decref(render_json_back(RENDER_SARIF));
        close_list(state);
        open_list(state);
    }
}

/* ---- how long it takes ---- */

#ifdef __SANITIZE_ADDRESS__
#define MANY_S 5.0
#else
#define MANY_S 0.3
#endif

/* Ten thousand, each with a label, a note and a fix; in lines, and in one line of ten megabytes. */
static void test_many(void **state)
{
    enum { COUNT = 10000 };
    (void)state;
    for (int one_line = 0; one_line < 2; one_line++) {
        struct buffer text = {0};
        static uint32_t places[COUNT];
        for (int i = 0; i < COUNT; i++) {
            places[i] = (uint32_t)text.length;
            buffer_addf(&text, "  field_%-8d value 12 mm %*s%c", i, one_line ? 980 : 1, "",
                        one_line ? ';' : '\n');
        }
        const struct source *source = add("many.flow", text.text);
        list = (struct diagnostics){.arena = &arena};
        for (int i = 0; i < COUNT; i++) {
            struct span span = {source->base + places[i] + 2, source->base + places[i] + 10};
            struct diagnostic *d = report(&list, RULE_unknown_field, span, "no field number %d", i);
            add_label(&list, d, (struct span){span.begin + 15, span.begin + 20}, "its value");
            add_note(&list, d, (struct span){source->base + 2, source->base + 7}, "like this one");
            add_fix(&list, d, FIX_LIKELY, span, "field", "rename it");
        }
        buffer_free(&text);
        for (int format = RENDER_HUMAN; format <= RENDER_GITHUB; format++) {
            clock_t begin = clock();
            char *out = render((enum render_format)format, 0, true);
            double taken_s = (double)(clock() - begin) / CLOCKS_PER_SEC;
            assert_non_null(strstr(out, "no field number 9999"));
            assert_true(taken_s < MANY_S);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIST(test_json),  WITH_LIST(test_empty_documents),
        WITH_LIST(test_sarif), WITH_LIST(test_fingerprints),
        WITH_LIST(test_uri),   WITH_LIST(test_any_bytes),
        WITH_LIST(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
