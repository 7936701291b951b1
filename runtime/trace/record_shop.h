/* Records and issues of an open shop: its journal is walked once. */
#ifndef FLOW_TRACE_RECORD_SHOP_H
#define FLOW_TRACE_RECORD_SHOP_H

#include "shop/shop.h"
#include "trace/record.h"

/* The settled record of a batch; close it in both cases. False with a failure: the journal or the batch's spec cannot be
   read. A batch that does not exist is no failure: then record->revision is NULL. */
bool record_of_shop(struct workshop *shop, const char *batch, struct record *record,
                    struct failure *failure);

/* All issues there ever were; free them in both cases. */
bool issues_of_shop(struct workshop *shop, struct issues *issues, struct failure *failure);

#endif
