/* Loaded before a program (LD_PRELOAD): fails one allocation, or all from there on, to see what the program does then.

   FAIL_ALLOCATION=N fails the Nth, FAIL_ALLOCATIONS_FROM=N that one and all after; neither: none. ALLOCATION_COUNT=FILE
   writes how many there were at the end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_long allocations;
static long one = -1, from = -1;

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : -1;
}

__attribute__((constructor)) static void begin(void)
{
    one = number("FAIL_ALLOCATION");
    from = number("FAIL_ALLOCATIONS_FROM");
    atomic_store(&allocations, 0); /* what the loader asked for came before the program */
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("ALLOCATION_COUNT");
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    if (file >= 0) {
        dprintf(file, "%ld\n", atomic_load(&allocations));
        close(file);
    }
}

static int fails(void)
{
    long n = atomic_fetch_add(&allocations, 1) + 1;
    if (n != one && (from < 0 || n < from))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (fails())
        return ENOMEM;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}
