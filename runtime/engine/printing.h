/* Private to engine/: what lies on a plate, as a command says it. */
#ifndef FLOW_ENGINE_PRINTING_H
#define FLOW_ENGINE_PRINTING_H

#include "engine/state.h"

enum { PIECES_AT_MOST = 100000 }; /* of a part, on a plate */

/* Visits the parts of a text "hook=12,cap=24", or where that is "" those of the step's `plate`, for a SKU of the batch. False
   where it names what the step does not make, or nothing. */
typedef void visit_pieces(const struct part *part, int64_t count, void *data);
bool read_parts(const struct batch *batch, const struct step *step, int32_t sku, const char *text,
                visit_pieces *visit, void *data);

/* JOB_STAGE_COUNT where there is none of that name. */
enum job_stage job_stage_named(const char *word);

#endif
