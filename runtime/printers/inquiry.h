/* Single questions to a printer's server, each waited for: for a verb, not for who serves others meanwhile. In the module of the
   server (libcurl). */
#ifndef FLOW_PRINTERS_INQUIRY_H
#define FLOW_PRINTERS_INQUIRY_H

#include "printers/farm.h"

struct inquiry;

struct inquiry *inquiry_open(const struct farm_printer *printer, struct failure *failure);
void inquiry_close(struct inquiry *inquiry);
/* Makes the call and waits for what comes back, which stays until the next one. It goes to the printer's server; where `address`
   is not NULL to that one, which is not told who we are. */
const struct reply *inquiry_ask(struct inquiry *inquiry, const char *address,
                                const struct call *call);

#endif
