/* Which files a compilation asks for, so that what was made of them can be made again when one changes. Files that were
   not there count too: they may appear. */
#ifndef FLOW_BASE_INPUTS_H
#define FLOW_BASE_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By what a file is known to be the one that was read. All zero where there is none. Of a folder only that it is one. */
struct file_mark {
    uint64_t device, inode, size, modified_ns, changed_ns;
    bool exists, folder;
};
struct file_mark file_mark_of(const char *path);
bool file_mark_equal(const struct file_mark *a, const struct file_mark *b);

/* From here on `noted` hears of every file that is about to be read or asked for, with the mark it had before; each as
   often as it is asked for. NULL ends it. One thread at a time. */
void inputs_listen(void (*noted)(void *context, const char *path, const struct file_mark *mark),
                   void *context);
/* A file that is taken to say something else than what stands in it: a spec as it would be. */
struct input_text {
    const char *path, *text;
    size_t length;
};
/* From here on, for this thread, files of these paths are there and have these texts (file_read, file_exists, file_size,
   file_sha256); a count of 0 ends it. They must live as long. */
void inputs_stand_in(const struct input_text *texts, int count);
/* The text that stands in for a file, NULL where none does. */
const struct input_text *inputs_text_of(const char *path);

/* What opens files says so. */
void inputs_note(const char *path);

#endif
