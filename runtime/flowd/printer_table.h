/* The table of printers, for people. */
#ifndef FLOW_FLOWD_PRINTER_TABLE_H
#define FLOW_FLOWD_PRINTER_TABLE_H

#include "base/buffer.h"

#include <jansson.h>

/* Rows as GET /api/v1/printers has them, or as `flowd printers --json` prints them where no server is asked. */
void add_printer_table(struct buffer *out, const json_t *rows);

#endif
