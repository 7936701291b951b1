/* Where a path stands in a list that is sorted by paths: of documents, of roots, of sources. */
#ifndef FLOW_BASE_SORTED_H
#define FLOW_BASE_SORTED_H

#include <stdbool.h>

/* The path of an item of the list. */
typedef const char *path_at(const void *list, int index);

/* The index of the path, or, where it is not there, the one that it would have. */
int sorted_place(const void *list, int count, path_at *at, const char *path, bool *there);

#endif
