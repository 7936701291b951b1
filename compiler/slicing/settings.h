/* Private to slicing and its callers: what flowc must know of slicer settings, a line `key = value` each. */
#ifndef FLOW_SLICING_SETTINGS_H
#define FLOW_SLICING_SETTINGS_H

#include "base/failure.h"

/* How many extruders, or slots in front of one, the machine of PrusaSlicer's settings has; 0 with a failure where the file
   cannot be read. */
int settings_extruders(const char *path, struct failure *failure);

#endif
