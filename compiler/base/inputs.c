#include "base/inputs.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

static struct {
    void (*noted)(void *context, const char *path, const struct file_mark *mark);
    void *context;
} listener;

static _Thread_local struct {
    const struct input_text *texts;
    int count;
} standing_in;

static uint64_t nanoseconds(struct timespec time)
{
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

struct file_mark file_mark_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return (struct file_mark){0};
    if (S_ISDIR(status.st_mode))
        return (struct file_mark){.exists = true, .folder = true};
    return (struct file_mark){.device = status.st_dev,
                              .inode = status.st_ino,
                              .size = (uint64_t)status.st_size,
                              .modified_ns = nanoseconds(status.st_mtim),
                              .changed_ns = nanoseconds(status.st_ctim),
                              .exists = true};
}

bool file_mark_equal(const struct file_mark *a, const struct file_mark *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns &&
           a->exists == b->exists && a->folder == b->folder;
}

void inputs_listen(void (*noted)(void *context, const char *path, const struct file_mark *mark),
                   void *context)
{
    listener.noted = noted;
    listener.context = context;
}

void inputs_note(const char *path)
{
    if (!listener.noted || strcmp(path, "-") == 0)
        return;
    struct file_mark mark = file_mark_of(path);
    listener.noted(listener.context, path, &mark);
}

void inputs_stand_in(const struct input_text *texts, int count)
{
    standing_in.texts = texts;
    standing_in.count = count;
}

const struct input_text *inputs_text_of(const char *path)
{
    for (int i = 0; i < standing_in.count; i++)
        if (strcmp(standing_in.texts[i].path, path) == 0)
            return &standing_in.texts[i];
    return NULL;
}
