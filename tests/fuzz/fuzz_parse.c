/* The reader and the formatter on any bytes: no crash, and what is laid out means the same and stays as it is. */
#include "../unit/tree_text.h"
#include "base/memory.h"
#include "syntax/format.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* False where the text has mistakes. */
static bool format_bytes(const char *text, size_t length, struct buffer *out, struct buffer *tree)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set set;
    struct diagnostics diagnostics = {.arena = &arena};
    interner_open(&names, &arena);
    source_set_open(&set, &arena);
    char *copy = memory_zeroed(1, length + 2);
    if (length)
        memcpy(copy, text, length);
    struct source *source = source_add(&set, "fuzz.flow", ".", copy, length);
    bool done = format_source(source, &arena, &names, &diagnostics, out);
    const struct file_tree *read = parse(source, &arena, &names, &diagnostics);
    add_entries_text(tree, &set, read->entries);
    if (!read->fatal)
        parse_items(source, 0, (uint32_t)length, &arena, &names, &diagnostics);
    diagnostics_sort(&diagnostics, &set);
    interner_close(&names);
    source_set_close(&set);
    arena_free(&arena);
    return done;
}

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buffer once = {0}, twice = {0}, before = {0}, after = {0};
    if (format_bytes((const char *)bytes, length, &once, &before)) {
        require(format_bytes(buffer_text(&once), once.length, &twice, &after));
        require(strcmp(buffer_text(&once), buffer_text(&twice)) == 0);
        require(strcmp(buffer_text(&before), buffer_text(&after)) == 0);
    }
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&before);
    buffer_free(&after);
    return 0;
}
