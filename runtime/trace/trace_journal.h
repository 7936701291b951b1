/* The genealogy of a shop, from its journal alone: neither its specs nor its state are needed, so it can be asked of a backup, of
   a shop whose specs do not compile any more, and beside a server. */
#ifndef FLOW_TRACE_TRACE_JOURNAL_H
#define FLOW_TRACE_TRACE_JOURNAL_H

#include "store/journal.h"
#include "trace/genealogy.h"

struct shop_genealogy {
    struct arena arena;
    struct interner names;
    struct genealogy model;
};

/* Takes in all events there are. False with a failure where one cannot be read. Close it in both cases. */
bool shop_genealogy_open(struct shop_genealogy *shop, const char *folder, struct failure *failure);
void shop_genealogy_close(struct shop_genealogy *shop);

#endif
