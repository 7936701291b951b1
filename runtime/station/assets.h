/* The pages' files, as they are in runtime/station/assets: cmake/embed.cmake writes the table. */
#ifndef FLOW_STATION_ASSETS_H
#define FLOW_STATION_ASSETS_H

#include "base/asset.h"

extern const struct asset station_assets[];

#endif
