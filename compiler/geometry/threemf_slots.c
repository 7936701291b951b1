#include "geometry/threemf_slots.h"

#include "base/memory.h"
#include "geometry/threemf_xml.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_AT_MOST = 100000 };

struct slots_reader {
    struct xml xml; /* first: what its handlers are given is this */
    struct threemf_slots *slots;
    uint32_t object, extruder; /* what the object says for all its volumes */
    int volume_depth;          /* where the last volume stands; 0: none yet */
};

static uint32_t number_at(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return (uint32_t)strtoul(attributes[1], NULL, 10);
    return 0;
}

static const char *text_at(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return "";
}

static void add_volume(struct slots_reader *reader, uint32_t object, uint32_t first)
{
    struct threemf_slots *slots = reader->slots;
    if (slots->count == SLOTS_AT_MOST)
        return;
    if (slots->count == slots->capacity) {
        slots->capacity = slots->capacity ? slots->capacity * 2 : 8;
        slots->items = memory_resize(slots->items, slots->capacity * sizeof *slots->items);
    }
    slots->items[slots->count++] = (struct threemf_slot){object, first, reader->extruder};
    reader->volume_depth = reader->xml.depth;
}

/* "0" is what stands above: the object's, and there the first. */
static void take_extruder(struct slots_reader *reader, uint32_t extruder)
{
    bool of_volume = reader->volume_depth && reader->xml.depth == reader->volume_depth + 1;
    if (extruder && of_volume)
        reader->slots->items[reader->slots->count - 1].extruder = extruder;
    else if (extruder && !reader->volume_depth)
        reader->extruder = extruder;
}

static bool begin(struct xml *xml, const char *name, const char **attributes)
{
    struct slots_reader *reader = (struct slots_reader *)xml;
    if (strcmp(name, "object") == 0) {
        reader->object = number_at(attributes, "id");
        reader->extruder = 1;
        reader->volume_depth = 0;
    } else if (strcmp(name, "volume") == 0) {
        add_volume(reader, reader->object, number_at(attributes, "firstid"));
    } else if (strcmp(name, "part") == 0) {
        add_volume(reader, number_at(attributes, "id"), 0);
    } else if (strcmp(name, "metadata") == 0 &&
               strcmp(text_at(attributes, "key"), "extruder") == 0) {
        take_extruder(reader, number_at(attributes, "value"));
    }
    return true;
}

static bool take(void *reader, const char *bytes, int length)
{
    return xml_take(reader, bytes, length);
}

static int by_place(const void *a, const void *b)
{
    const struct threemf_slot *left = a, *right = b;
    return left->object != right->object
               ? (left->object > right->object ? 1 : -1)
               : (left->first > right->first) - (left->first < right->first);
}

void threemf_slots_read(struct package *package, struct threemf_slots *slots)
{
    static const struct xml_handlers handlers = {begin, NULL, NULL};
    static const char *const parts[] = {THREEMF_PRUSA, THREEMF_BAMBU};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !slots->count; i++) {
        struct mesh told = {0};
        struct slots_reader reader = {.slots = slots, .extruder = 1};
        int64_t part = package_find(package, parts[i], true);
        if (part < 0)
            continue;
        xml_open(&reader.xml, parts[i], &told, &handlers);
        bool sound = package_read(package, part, &told, take, &reader.xml);
        if (!xml_close(&reader.xml, sound))
            slots->count = 0;
    }
    if (slots->count)
        qsort(slots->items, slots->count, sizeof *slots->items, by_place);
}

const struct threemf_slot *threemf_slot_at(const struct threemf_slots *slots, uint32_t object,
                                           uint32_t triangle)
{
    const struct threemf_slot key = {object, triangle, 0};
    return slots->count ? bsearch(&key, slots->items, slots->count, sizeof *slots->items, by_place)
                        : NULL;
}
