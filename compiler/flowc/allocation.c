/* Memory that is refused, wherever it was asked for. The libraries that draw documents crash, abort or go on with a
   half-drawn page when they get none. So flowc stands before the allocator of all of them: a refusal is said and ends
   the program with status 3 (base/memory.h), and no library ever sees it. Sanitizers bring an allocator of their own. */
#include "base/memory.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* The allocator that stands behind this one, looked up once; `what` is a pointer to a function. */
static void behind(const char *name, void *what)
{
    void *address = dlsym(RTLD_NEXT, name);
    if (!address)
        memory_exhausted();
    memcpy(what, &address, sizeof address); /* C has no cast from an object to a function */
}

static void *given(void *block, size_t size)
{
    if (!block && size > 0)
        memory_exhausted();
    return block;
}

void *malloc(size_t size)
{
    static void *(*next)(size_t);
    if (!next)
        behind("malloc", &next);
    return given(next(size), size);
}

void *calloc(size_t count, size_t size)
{
    static void *(*next)(size_t, size_t);
    if (!next)
        behind("calloc", &next);
    return given(next(count, size), count && size);
}

void *realloc(void *block, size_t size)
{
    static void *(*next)(void *, size_t);
    if (!next)
        behind("realloc", &next);
    return given(next(block, size), size);
}

void *memalign(size_t alignment, size_t size)
{
    static void *(*next)(size_t, size_t);
    if (!next)
        behind("memalign", &next);
    return given(next(alignment, size), size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = memalign(alignment, size);
    return 0;
}

#endif
