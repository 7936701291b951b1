/* Any bytes in the reader, as a file and as one phrase: no crash, and every mistake has its place. */
#include "harness.h"

#include "syntax/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set set;
    struct diagnostics diagnostics = {.arena = &arena};
    interner_open(&names, &arena);
    source_set_open(&set, &arena);
    struct source *source = add_bytes(&set, bytes, length);
    const struct file_tree *read = parse(source, &arena, &names, &diagnostics);
    if (!read->fatal)
        parse_items(source, 0, (uint32_t)length, &arena, &names, &diagnostics);
    draw_all(&diagnostics, &set);
    interner_close(&names);
    source_set_close(&set);
    arena_free(&arena);
    return 0;
}
