/* The way to a Bambu Lab printer: MQTT for what it does and is to do, FTPS for files. In the module of the server (libcurl). */
#ifndef FLOW_PRINTERS_BAMBU_LINE_H
#define FLOW_PRINTERS_BAMBU_LINE_H

#include "printers/farm.h"
#include "printers/line.h"
#include "printers/switchboard.h"

/* Of a printer of that protocol, which must outlive the line. */
struct line *bambu_line_open(struct switchboard *board, const struct farm_printer *printer);

#endif
