/* Any bytes as a YAML file that a spec uses. */
#include "harness.h"

static const char spec[] = "edition 1\n"
                           "use std.processes\n"
                           "use \"m.yaml\"\n"
                           "shop s \"S\" { currency USD; week 40 h }\n"
                           "station bench \"Bench\" { rate 30 USD/h }\n"
                           "role lead \"Lead\"\n"
                           "let side = 20 mm\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    compile_bytes((const uint8_t *)spec, sizeof spec - 1, bytes, length);
    return 0;
}
