/* What `flowd printers` does with one printer beside looking at its state: private to it. */
#ifndef FLOW_FLOWD_PRINTER_ERRANDS_H
#define FLOW_FLOWD_PRINTER_ERRANDS_H

#include "printers/farm.h"

/* Prints what it is: nozzle, volume, camera, pauses, and what is loaded. */
void show_traits(const struct farm_printer *printer);
/* Whether its files are reached: asks for one that is not there. Where they are not, `words` says why, as far as is known. */
bool reaches_files(const struct farm_printer *printer, char *words, size_t size);
/* Writes the picture of its camera to the file, NULL for NAME.KIND; returns the exit status. */
int take_snapshot(const struct farm_printer *printer, const char *file);
/* Comes by a key of its OctoPrint and writes it to its key file; returns the exit status. */
int fetch_key(const struct farm_printer *printer);

#endif
