/* Whether a plan keeps every rule, reckoned from the problem and what the plan says, and nothing of how it was made. */
#ifndef FLOW_PLAN_VERIFY_H
#define FLOW_PLAN_VERIFY_H

#include "plan/plan.h"

#include "base/failure.h"

/* False with the first thing that is wrong. For a plan as plan_make or a change left it; after plan_go_on, of what has not begun
   yet. */
bool plan_verify(const struct plan *plan, struct failure *failure);

#endif
