/* Any bytes as a spec: read, bound, checked, costed and drawn. It may use std.* and the files of its folder. */
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    compile_bytes(bytes, length, (const uint8_t *)"", 0);
    return 0;
}
