/* Any bytes in the formatter: what it lays out means the same, and stays as it is when laid out again. */
#include "../unit/tree_text.h"
#include "harness.h"
#include "syntax/format.h"

#include <string.h>

/* Lays the text out, and writes down what it means. False where it has mistakes. */
static bool format_bytes(const uint8_t *bytes, size_t length, struct buffer *out,
                         struct buffer *meaning)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set set;
    struct diagnostics diagnostics = {.arena = &arena};
    interner_open(&names, &arena);
    source_set_open(&set, &arena);
    struct source *source = add_bytes(&set, bytes, length);
    bool done = format_source(source, &arena, &names, &diagnostics, out);
    add_entries_text(meaning, &set, parse(source, &arena, &names, &diagnostics)->entries);
    interner_close(&names);
    source_set_close(&set);
    arena_free(&arena);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buffer once = {0}, twice = {0}, before = {0}, after = {0};
    if (format_bytes(bytes, length, &once, &before)) {
        require(format_bytes((const uint8_t *)buffer_text(&once), once.length, &twice, &after));
        require(strcmp(buffer_text(&once), buffer_text(&twice)) == 0);
        require(strcmp(buffer_text(&before), buffer_text(&after)) == 0);
    }
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&before);
    buffer_free(&after);
    return 0;
}
