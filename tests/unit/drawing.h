/* A list of diagnostics over files given as texts, and how it is drawn. */
#ifndef FLOW_TEST_DRAWING_H
#define FLOW_TEST_DRAWING_H

#include "base/utf8.h"
#include "source/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct arena arena;
static struct source_set set;
static struct diagnostics list;

static int open_list(void **state)
{
    (void)state;
    source_set_open(&set, &arena);
    list = (struct diagnostics){.arena = &arena};
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    source_set_close(&set);
    arena_free(&arena);
    return 0;
}

static const struct source *add(const char *path, const char *text)
{
    return source_add(&set, path, ".", strdup(text), strlen(text));
}

/* The first of these words in the file. */
static struct span span_of(const struct source *source, const char *words)
{
    const char *found = strstr(source->text, words);
    assert_non_null(found);
    uint32_t begin = source->base + (uint32_t)(found - source->text);
    return (struct span){begin, begin + (uint32_t)strlen(words)};
}

static char *render(enum render_format format, int max_errors, bool color)
{
    struct buffer out = {0};
    struct render_options options = {
        .format = format, .color = color, .max_errors = max_errors, .version = "1.2.3"};
    diagnostics_sort(&list, &set);
    render_diagnostics(&out, &list, &set, &options);
    char *text = arena_copy_text(&arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return text;
}

static const char clip[] = "edition 1\n"
                           "use \"lib.flow\"\n"
                           "\n"
                           "part clip {\n"
                           "\tprocess  fdm,  material pla_gray\n"
                           "  layer    0.2 mm\n"
                           "}\n"
                           "\n"
                           "\n"
                           "part clip {\n"
                           "}\n";

/* UTF-8 with no control character but the line's end, and none that turns the direction or cannot be seen. */
static inline void is_harmless(const char *text)
{
    size_t size;
    for (const char *at = text; *at; at += size) {
        uint32_t c = utf8_read(at, strlen(at), &size);
        assert_int_not_equal(c, UTF8_NONE);
        assert_true(c == '\n' || (c >= 0x20 && c < 0x7F) || c >= 0xA0);
        assert_false(c >= 0x202A && c <= 0x202E);
        assert_false(c == 0x200B);
    }
}

#define WITH_LIST(test) cmocka_unit_test_setup_teardown(test, open_list, close_list)

#endif
