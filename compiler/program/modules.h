/* Parts of a program that stand on libraries that take long to load: modules beside the program, opened when asked for. */
#ifndef FLOW_PROGRAM_MODULES_H
#define FLOW_PROGRAM_MODULES_H

#include "base/failure.h"

struct module {
    const char *file; /* "flow_documents.so" */
    const char *does; /* for people: "draws documents" */
    void *handle;     /* NULL until it is opened */
};

/* Opens it if it is not open; false with a failure. It is never closed: its libraries do not bear that. */
bool module_open(struct module *module, struct failure *failure);
/* The address of a function of it, written to *function; false with a failure. */
bool module_find(struct module *module, const char *name, void *function, struct failure *failure);
/* The same for functions that cannot fail: where the module is missing, it says so and ends the program, with 3. */
void module_need(struct module *module, const char *name, void *function);

/* Whether the module that draws documents can be opened (program/doors/documents.c); false with a failure. */
bool documents_are_there(struct failure *failure);

#endif
