/* Any bytes as a package, and as the XML of a model. */
#include "fuzz_model.h"
#include "geometry/threemf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length > 2 && bytes[0] == 'P' && bytes[1] == 'K') {
        try_model("fuzz.3mf", bytes, length);
    } else {
        struct mesh mesh = {0};
        bool was_read = threemf_read_xml((const char *)bytes, length, &mesh);
        hold_model(&mesh, was_read);
    }
    return 0;
}
