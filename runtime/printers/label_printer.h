/* Label printers in the network: they take ZPL as it is, at a port of theirs (9100). The file `label-printers` in the shop's folder has
   a line each: NAME HOST[:PORT] SIZE, as `packing 192.168.1.40 62mm`. */
#ifndef FLOW_PRINTERS_LABEL_PRINTER_H
#define FLOW_PRINTERS_LABEL_PRINTER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"

struct label_printer {
    const char *name, *host, *port;
    const char *size; /* "62mm" or "4x6" */
};

enum { LABEL_PRINTERS_AT_MOST = 100 };

/* Those of the shop, in the arena; none where there is no such file. -1 with a failure that names file and line. */
int label_printers_read(const char *folder, struct label_printer **printers, struct arena *arena,
                        struct failure *failure);
/* Sends all of it, within `within_ms` for each wait. False with a failure: who does not answer. What a printer took and did not print
   nobody is told. */
bool label_printer_send(const struct label_printer *printer, const struct buffer *zpl,
                        int within_ms, struct failure *failure);

#endif
