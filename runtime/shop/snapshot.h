/* A spec as it was adopted, kept with every file it was compiled from, so that a batch goes on by it whatever becomes of
   the files it came from.

   A snapshot is a folder named by the SHA-256 over its files (their names in order, and their bytes):
     manifest.json   the main file, and of each file its name and SHA-256
     spec/           the files of the shop, as they stood to one another
     shipped/        those that came from specs/ of the installation */
#ifndef FLOW_SHOP_SNAPSHOT_H
#define FLOW_SHOP_SNAPSHOT_H

#include "base/failure.h"
#include "program/program.h"

/* Compiles the file, and copies what was read into folder/NAME. The copy is compiled too and must have no errors. False with a
   failure; nothing is left then. `refused` says whether the spec is at fault, and not the machine. */
bool snapshot_keep(const char *folder, const char *path, char name[65], bool *refused,
                   struct failure *failure);

/* Compiles folder/NAME, after its files were found unchanged. Close the session in both cases. */
bool snapshot_open(const char *folder, const char *name, struct session *session,
                   struct failure *failure);

#endif
