/* The papers of an order as PDF. Drawn by the part of flowd that is loaded when pages are asked for. */
#ifndef FLOW_ORDERS_PAPERS_PAGES_H
#define FLOW_ORDERS_PAPERS_PAGES_H

#include "base/failure.h"
#include "orders/papers.h"

/* Same papers, same bytes. A4, or US letter. False with a failure where it cannot be written. */
bool packing_list_pages(const struct papers *papers, bool letter, const char *path,
                        struct failure *failure);
bool invoice_pages(const struct papers *papers, bool letter, const char *path,
                   struct failure *failure);

#endif
