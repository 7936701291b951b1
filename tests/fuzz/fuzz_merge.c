/* Any bytes merged with the same less a line, or with one twice: what one side alone changed comes out as it wrote it, and
   a merge of two sides that is clean reads as a spec. */
#include "base/memory.h"
#include "diff/merge.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* The text with the line at that place left out, or written twice. */
static struct merge_side change_line(const struct merge_side *side, size_t place, bool twice)
{
    size_t begin = side->length ? place % side->length : 0, end;

    while (begin > 0 && side->text[begin - 1] != '\n')
        begin--;
    for (end = begin; end < side->length && side->text[end] != '\n';)
        end++;
    end += end < side->length;
    size_t line = end - begin, rest = side->length - end;
    char *text = memory_zeroed(1, side->length + line + 2);
    memcpy(text, side->text, twice ? end : begin);
    size_t at = twice ? end : begin;
    if (twice) {
        memcpy(text + at, side->text + begin, line);
        at += line;
    }
    memcpy(text + at, side->text + end, rest);
    return (struct merge_side){"changed", text, at + rest};
}

static void require_kept(const struct merge_side *base, const struct merge_side *side)
{
    struct buffer out = {0};
    int conflicts = merge_files(base, side, base, 7, &out);

    require(conflicts <= 0);
    require(conflicts < 0 || (out.length == side->length &&
                              memcmp(buffer_text(&out), side->text, side->length) == 0));
    buffer_clear(&out);
    require(merge_files(base, base, side, 7, &out) <= 0);
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = memory_zeroed(1, length + 2);
    uint32_t hash = 2166136261u;

    if (length)
        memcpy(text, bytes, length);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    struct merge_side base = {"base", text, length};
    struct merge_side ours = change_line(&base, hash >> 4, hash & 1),
                      theirs = change_line(&base, hash >> 12, hash & 2);
    struct buffer out = {0};
    require_kept(&base, &ours);
    require_kept(&base, &theirs);
    merge_files(&base, &ours, &theirs, 7, &out);
    buffer_free(&out);
    free((char *)(uintptr_t)ours.text);
    free((char *)(uintptr_t)theirs.text);
    free(text);
    return 0;
}
