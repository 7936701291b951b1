/* What a printer's server tells by itself, over a websocket: that something changed, at once. What changed is asked then, as ever:
   where this connection is gone, the next report says it a little later. In the module of the server (libcurl). */
#ifndef FLOW_PRINTERS_NEWS_H
#define FLOW_PRINTERS_NEWS_H

#include "printers/farm.h"
#include "printers/switchboard.h"

struct news;

/* Tells whenever there are some; the printer's protocol has news. It opens its connection by itself, again and again, later
   each time. */
struct news *news_open(struct switchboard *board, const struct farm_printer *printer,
                       void (*heard)(void *data), void *data);
void news_close(struct news *news);

#endif
