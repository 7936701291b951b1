/* Private to spec/: the functions that read fields no phrase describes. Each takes all tokens or reports. */
#ifndef FLOW_SPEC_SPECIAL_H
#define FLOW_SPEC_SPECIAL_H

#include "spec/arithmetic.h"
#include "spec/tokens.h"

struct row *special_dimension(struct tokens *tokens);
struct row *special_allow(struct tokens *tokens);
struct row *special_variant(struct tokens *tokens);
struct row *special_stack(struct tokens *tokens);
struct row *special_sell(struct tokens *tokens);
struct row *special_fee(struct tokens *tokens);
struct row *special_disclose(struct tokens *tokens);
struct row *special_do(struct tokens *tokens);
struct row *special_record(struct tokens *tokens);
struct row *special_sample(struct tokens *tokens);
struct row *special_check(struct tokens *tokens);
struct row *special_cost(struct tokens *tokens);
struct row *special_skip(struct tokens *tokens);

/* Takes critical, major or minor, if it stands there. */
bool special_class(struct tokens *tokens, struct value *class);
struct value sized_by(struct tokens *tokens, const struct node *by, bool *ok);

#endif
