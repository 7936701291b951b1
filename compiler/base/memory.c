#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define CLEANUPS_AT_MOST 8
static void (*cleanups[CLEANUPS_AT_MOST])(void);
static int cleanup_count;

void memory_at_exhaustion(void (*cleanup)(void))
{
    if (cleanup_count < CLEANUPS_AT_MOST)
        cleanups[cleanup_count++] = cleanup;
}

void memory_run_cleanups(void)
{
    for (int i = 0; i < cleanup_count; i++)
        cleanups[i]();
}

_Noreturn void memory_exhausted(void)
{
    static const char message[] =
        ": out of memory; close other programs, or give it a smaller spec\n";
    const struct iovec parts[] = {
        {program_invocation_short_name, strlen(program_invocation_short_name)},
        {(char *)(uintptr_t)message, sizeof message - 1},
    };
    ssize_t written = writev(STDERR_FILENO, parts, 2); /* stdio might allocate */
    (void)written;                                     /* nothing is left to say it with */
    memory_run_cleanups();
    _exit(3);
}

/* A wish for large pages where a block has some: touching small ones one by one costs more than filling them. */
static void *on_large_pages(void *block, size_t size)
{
    const uintptr_t page = (uintptr_t)2 << 20;
    if (!block)
        memory_exhausted();
    if (size < 2 * page)
        return block;
    uintptr_t begin = ((uintptr_t)block + page - 1) & ~(page - 1),
              end = ((uintptr_t)block + size) & ~(page - 1);
    madvise((void *)begin, end - begin,
            MADV_HUGEPAGE); /* nothing is lost where it is not granted */
    return block;
}

void *memory_alloc(size_t size)
{
    return on_large_pages(malloc(size ? size : 1), size);
}

void *memory_zeroed(size_t count, size_t size)
{
    return on_large_pages(calloc(count ? count : 1, size ? size : 1), count * size);
}

void *memory_resize(void *block, size_t size)
{
    return on_large_pages(realloc(block, size ? size : 1), size);
}
