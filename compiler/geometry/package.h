/* For geometry/ and for flowc verify: a zip archive in memory, of which parts are read by name. What it unpacks to is bounded, so that a
   small file cannot fill the machine. */
#ifndef FLOW_GEOMETRY_PACKAGE_H
#define FLOW_GEOMETRY_PACKAGE_H

#include "geometry/mesh.h"

struct package;

/* The bytes must outlive it. NULL with mesh->problem. */
struct package *package_open(const unsigned char *bytes, size_t length, struct mesh *mesh);
void package_close(struct package *package);

/* The number of a part, from 0; -1 where there is none. Names have no slash before them; any_case: in capitals or not,
   which takes time linear in the parts. */
int64_t package_find(struct package *package, const char *name, bool any_case);
uint32_t package_count(const struct package *package);

/* Hands a part over piece by piece; ends early, with false, where `take` returns false. False with mesh->problem where
   it cannot be unpacked or would be too much. */
bool package_read(struct package *package, int64_t part, struct mesh *mesh,
                  bool (*take)(void *reader, const char *bytes, int length), void *reader);

#endif
