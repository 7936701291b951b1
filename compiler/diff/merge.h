/* Three versions of a file merged: entry by entry and field by field, as the syntax has them. */
#ifndef FLOW_DIFF_MERGE_H
#define FLOW_DIFF_MERGE_H

#include "base/buffer.h"
#include "source/source.h"

/* A version of the file: its name is for the markers, its bytes end with two NULs. */
struct merge_side {
    const char *name;
    const char *text;
    size_t length;
};

/* Adds the merged file to out: ours as it stands, with what theirs changed. What both changed in two ways stays a
   conflict: both, between markers of `marker` signs, around that field alone. Gives how many there are; -1, with out as
   it was, where a version has syntax errors, so that it must be merged as a mere text. */
int merge_files(const struct merge_side *base, const struct merge_side *ours,
                const struct merge_side *theirs, int marker, struct buffer *out);

#endif
