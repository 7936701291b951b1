/* Any bytes as a model. */
#include "geometry/mesh.h"
#include "geometry/stl.h"
#include "harness.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct mesh mesh = {0};
    struct mesh_facts facts;
    stl_is_likely(bytes, length);
    if (stl_read(bytes, length, &mesh)) {
        for (uint32_t i = 0; i < mesh.triangle_count; i++)
            for (int corner = 0; corner < 3; corner++)
                require(mesh.triangles[i][corner] < mesh.vertex_count);
        mesh_examine(&mesh, &facts);
        require(isfinite(facts.volume_mm3) && facts.triangles <= mesh.triangle_count);
    } else {
        require(mesh.problem[0] != '\0');
    }
    mesh_free(&mesh);
    return 0;
}
