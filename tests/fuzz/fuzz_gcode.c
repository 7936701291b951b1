/* Any bytes as a job: plain, a package, binary; and as a file of answers, which prints as what reads the same. */
#include "harness.h"
#include "slicing/answers.h"
#include "slicing/gcode.h"

#include <string.h>

static void try_answers(const uint8_t *bytes, size_t length, struct arena *arena)
{
    struct buffer first = {0}, again = {0};
    answers_print(&first, answers_read((const char *)bytes, length, arena));
    answers_print(&again, answers_read(first.text, first.length, arena));
    require(strcmp(first.text, again.text) == 0);
    buffer_free(&first);
    buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena arena = {0};
    struct gcode gcode;
    gcode_read_bytes(bytes, length, &arena, &gcode);
    require(gcode.plate_count <= GCODE_PLATES_AT_MOST);
    require(gcode.status == GCODE_READ ? gcode.plate_count > 0 : gcode.problem[0] != 0);
    for (int i = 0; gcode.status == GCODE_READ && i < gcode.plate_count; i++) {
        const struct gcode_facts *plate = &gcode.plates[i];
        require(plate->tool_count <= GCODE_TOOLS_AT_MOST);
        require(!plate->time_s.said || rational_sign(plate->time_s.number) > 0);
        for (const struct gcode_thumbnail *at = plate->thumbnails; at; at = at->next)
            require(at->length > 0 && at->length <= length * 100 + (16 << 20));
    }
    try_answers(bytes, length, &arena);
    arena_free(&arena);
    rational_release_all();
    return 0;
}
