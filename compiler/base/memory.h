/* Memory that cannot be refused. When the machine has none left, the program says so, removes the
   files it had not finished (base/sink.h) and exits with status 3; callers need no check. */
#ifndef FLOW_BASE_MEMORY_H
#define FLOW_BASE_MEMORY_H

#include <stddef.h>

void *memory_alloc(size_t size);                /* malloc */
void *memory_zeroed(size_t count, size_t size); /* calloc */
void *memory_resize(void *block, size_t size);  /* realloc */

/* What to do before exiting for want of memory; at most 8 may be registered. Must not allocate. */
void memory_at_exhaustion(void (*cleanup)(void));

/* Runs what was registered, before a sudden end. */
void memory_run_cleanups(void);

/* Says "out of memory" on standard error, runs the cleanups, exits with status 3. */
_Noreturn void memory_exhausted(void);

#endif
