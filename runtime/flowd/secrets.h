/* flowd people pin, flowd people password. */
#ifndef FLOW_FLOWD_SECRETS_H
#define FLOW_FLOWD_SECRETS_H

#include "flowd/flowd.h"

int set_pin(struct desk *desk, int count, char **arguments);
int set_password(struct desk *desk, int count, char **arguments);

#endif
