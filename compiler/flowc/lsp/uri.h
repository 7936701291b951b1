/* URIs of files, and paths. */
#ifndef FLOW_LSP_URI_H
#define FLOW_LSP_URI_H

#include "base/arena.h"

/* The path a URI names; of a buffer that is no file (untitled:1), a path of its own below "/". In the arena; NULL where
   it is no URI. */
char *uri_path(struct arena *arena, const char *uri);
/* The URI of an absolute path. In the arena. */
char *path_uri(struct arena *arena, const char *path);

#endif
