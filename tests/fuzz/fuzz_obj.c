/* Any bytes as OBJ. */
#include "fuzz_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    try_model("fuzz.obj", bytes, length);
    return 0;
}
