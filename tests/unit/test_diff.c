/* Specs compared and merged: what a change is called, and that a merge keeps what it should. The many generated cases are
   in tests/e2e/test_git.py. */
#include "base/file.h"
#include "base/inputs.h"
#include "base/memory.h"
#include "diff/diff.h"
#include "diff/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "compiled.h"

#define HOOK FLOW_SOURCE_FOLDER "/tests/contract/desk-hook/desk_hook.flow"

static void read_text(const char *path, char **text, size_t *length)
{
    struct failure failure = {""};
    assert_int_equal(file_read(path, 1 << 24, text, length, &failure), FILE_OK);
}

static int merge(const char *base, const char *ours, const char *theirs, struct buffer *out)
{
    const struct merge_side sides[] = {{"base", base, strlen(base)},
                                       {"ours", ours, strlen(ours)},
                                       {"theirs", theirs, strlen(theirs)}};
    buffer_clear(out);
    return merge_files(&sides[0], &sides[1], &sides[2], 7, out);
}

/* ---- merging ---- */

static void test_what_one_side_changed(void **state)
{
    const char *base = "edition 1\npart a {\n  mass 1 g\n  layer 2 mm\n}\n";
    struct buffer out = {0};

    (void)state;
    assert_int_equal(merge(base, "edition 1\npart a {\n  mass 2 g   # weighed\n  layer 2 mm\n}\n",
                           "edition 1\npart a {\n  mass 1 g\n  # thin\n  layer 1 mm\n}\n", &out),
                     0);
    assert_string_equal(buffer_text(&out), "edition 1\npart a {\n  mass 2 g   # weighed\n  # thin\n"
                                           "  layer 1 mm\n}\n");
    assert_int_equal(
        merge(base, base, "edition 1\npart a {\n  mass 1 g\n}\npart b { mass 3 g }", &out), 0);
    assert_string_equal(buffer_text(&out),
                        "edition 1\npart a {\n  mass 1 g\n}\npart b { mass 3 g }\n");
    buffer_free(&out);
}

static void test_what_both_changed(void **state)
{
    const char *base = "edition 1\npart a { mass 1 g; layer 2 mm }\n";
    struct buffer out = {0};

    (void)state;
    assert_int_equal(merge(base, "edition 1\npart a { mass 2 g; layer 2 mm }\n",
                           "edition 1\npart a { mass 3 g; layer 2 mm }\n", &out),
                     1);
    assert_string_equal(buffer_text(&out),
                        "edition 1\npart a {\n<<<<<<< ours\n  mass 2 g\n=======\n  mass 3 g\n"
                        ">>>>>>> theirs\n  layer 2 mm\n}\n");
    assert_int_equal(
        merge(base, "edition 1\n", "edition 1\npart a { mass 3 g; layer 2 mm }\n", &out), 1);
    assert_non_null(strstr(buffer_text(&out), "mass 3 g"));
    assert_int_equal(merge(base, "edition 1\npart a {\n", base, &out), -1);
    assert_int_equal(out.length, 0);
    buffer_free(&out);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* A line gone, doubled or moved; mostly a spec still. */
static char *shaken(const char *text, uint32_t *seed)
{
    size_t length = strlen(text), begin = next_random(seed) % length;
    struct buffer out = {0};

    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    size_t end = begin + strcspn(text + begin, "\n");
    end += text[end] == '\n';
    uint32_t kind = next_random(seed) % 3;
    buffer_add(&out, text, begin);
    if (kind)
        buffer_add(&out, text + begin, end - begin);
    if (kind == 2)
        buffer_addf(&out, "  # line %u\n", *seed % 1000);
    buffer_add_text(&out, text + end);
    char *copy = memory_alloc(out.length + 2);
    memcpy(copy, buffer_text(&out), out.length);
    copy[out.length] = copy[out.length + 1] = '\0';
    buffer_free(&out);
    return copy;
}

/* Where theirs is as it was, ours comes out byte for byte; where ours is, all that theirs says does: merged with theirs
   it is no conflict, whichever is the base. */
static void test_one_side_alone(void **state)
{
    size_t length;
    char *base = NULL;
    struct buffer out = {0}, again = {0};
    uint32_t seed = 7;
    int merged = 0;

    (void)state;
    read_text(HOOK, &base, &length);
    for (int i = 0; i < 300; i++) {
        char *side = shaken(base, &seed);
        if (merge(base, side, base, &out) == 0) {
            assert_string_equal(buffer_text(&out), side);
            assert_int_equal(merge(base, base, side, &out), 0);
            assert_int_equal(merge(base, buffer_text(&out), side, &again), 0);
            merged++;
        }
        free(side);
    }
    assert_true(merged > 150);
    buffer_free(&out);
    buffer_free(&again);
    free(base);
}

/* ---- comparing ---- */

struct two {
    struct compiled old, new;
    struct arena arena;
    struct spec_diff diff;
};

/* The desk hook, and the same with a text in another's place. */
static void two_open(struct two *two, const char *was, const char *is)
{
    static char path[] = FLOW_SOURCE_FOLDER "/tests/contract/desk-hook/.test_diff.flow";
    struct failure failure = {""};
    size_t length;
    char *text = NULL;
    struct buffer changed = {0};

    read_text(HOOK, &text, &length);
    const char *at = strstr(text, was);
    assert_non_null(at);
    buffer_add(&changed, text, (size_t)(at - text));
    buffer_addf(&changed, "%s%s", is, at + strlen(was));
    struct input_text stands_in = {path, buffer_text(&changed), changed.length};
    *two = (struct two){.diff = {.count = 0}};
    compiled_open(&two->old, HOOK);
    inputs_stand_in(&stands_in, 1);
    compiled_open(&two->new, path);
    inputs_stand_in(NULL, 0);
    two->diff.arena = &two->arena;
    two->diff.before = (struct diff_side){two->old.spec, "old", 0};
    two->diff.after = (struct diff_side){two->new.spec, "new", 0};
    assert_true(spec_compare(&two->diff, &failure));
    buffer_free(&changed);
    free(text);
}

static void two_close(struct two *two)
{
    arena_free(&two->arena);
    spec_close(two->new.spec);
    source_set_close(&two->new.sources);
    interner_close(&two->new.names);
    arena_free(&two->new.arena);
    compiled_close(&two->old);
}

static void test_sentences(void **state)
{
    static const struct {
        const char *was, *is, *sentence;
        enum change_class class;
    } cases[] = {
        {"4.10 mm .. 4.50 mm", "4.05 mm .. 4.55 mm",
         "bore of hook opens from 4.10 .. 4.50 mm to 4.05 .. 4.55 mm", CHANGE_COMPATIBILITY},
        {"4.10 mm .. 4.50 mm", "4.15 mm .. 4.45 mm",
         "bore of hook tightens from 4.10 .. 4.50 mm to 4.15 .. 4.45 mm", CHANGE_APPROVAL},
        {"layer_shift, warp", "layer_shift, warp, elephant_foot",
         "screen now also rejects elephant_foot", CHANGE_PROCESS},
        {"50 -> 15.00", "50 -> 14.50", "price of 50 falls from 15.00 to 14.50 USD", CHANGE_PROCESS},
        {"\"Hook body\"", "\"Hook\"", "title of hook changes from \"Hook body\" to \"Hook\"",
         CHANGE_COSMETIC},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct two two;
        two_open(&two, cases[i].was, cases[i].is);
        assert_int_equal(two.diff.count, 1);
        assert_string_equal(two.diff.changes[0].sentence, cases[i].sentence);
        assert_int_equal(two.diff.changes[0].class, cases[i].class);
        two_close(&two);
    }
}

static void test_the_same_in_other_words(void **state)
{
    struct two two;

    (void)state;
    two_open(&two, "layer       0.2 mm", "layer 200 um # thin");
    assert_int_equal(two.diff.count, 0);
    assert_int_equal(two.diff.voided_count, 0);
    assert_int_equal(two.diff.cost_count, 0);
    assert_true(two.diff.costs_hold);
    assert_false(two.diff.same_bytes);
    two_close(&two);
}

static void test_lookup(void **state)
{
    struct compiled compiled;
    struct arena arena = {0};
    struct spec_fact fact;

    (void)state;
    compiled_open(&compiled, HOOK);
    assert_true(spec_find_fact(compiled.spec, "hook.bore.gauge", &arena, &fact));
    assert_string_equal(fact.words, "\"Go/no-go pin 4.2\"");
    assert_true(spec_find_fact(compiled.spec, "iron", &arena, &fact));
    assert_true(spec_find_fact(compiled.spec, "screen.surface", &arena, &fact));
    assert_true(spec_find_fact(compiled.spec, "desk_hook.margin", &arena, &fact));
    assert_string_equal(fact.words, "40%");
    assert_false(spec_find_fact(compiled.spec, "hook.boring", &arena, &fact));
    assert_false(spec_find_fact(compiled.spec, "", &arena, &fact));
    arena_free(&arena);
    compiled_close(&compiled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_one_side_changed),   cmocka_unit_test(test_what_both_changed),
        cmocka_unit_test(test_one_side_alone),          cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_the_same_in_other_words), cmocka_unit_test(test_lookup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
