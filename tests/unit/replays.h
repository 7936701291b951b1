/* A shop that reads its own events again. Include it after cmocka.h. */
#ifndef FLOW_TEST_REPLAYS_H
#define FLOW_TEST_REPLAYS_H

#include "state_text.h"
#include "trial.h"

/* Another shop that reads the same events is in the same state. */
static inline void replays(struct trial *shop)
{
    struct trial again;
    struct buffer one = {0}, other = {0};
    trial_open(&again, shop->specs, shop->spec_count);
    trial_replay(&again, &shop->record);
    state_text(&one, &shop->state);
    state_text(&other, &again.state);
    assert_string_equal(buffer_text(&one), buffer_text(&other));
    buffer_free(&one);
    buffer_free(&other);
    trial_close(&again);
}

#endif
