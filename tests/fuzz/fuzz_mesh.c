/* Any bytes as STL. */
#include "fuzz_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    try_model("fuzz.stl", bytes, length);
    return 0;
}
