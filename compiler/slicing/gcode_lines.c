/* Comments of G-code, in the dialects of the slicers: one table of keys. `; key = value` is PrusaSlicer's and its kin's,
   `; key : value` Bambu Studio's, `;KEY:value` Cura's. */
#include "slicing/gcode_lines.h"

#include <ctype.h>
#include <string.h>

struct words {
    const char *text;
    size_t length;
};

static struct words trimmed(const char *text, size_t length)
{
    while (length && isspace((unsigned char)*text))
        text++, length--;
    while (length && isspace((unsigned char)text[length - 1]))
        length--;
    return (struct words){text, length};
}

static bool begins(struct words words, const char *with)
{
    size_t length = strlen(with);
    return words.length >= length && memcmp(words.text, with, length) == 0;
}

static struct words after(struct words words, size_t count)
{
    return trimmed(words.text + count, words.length - count);
}

static const char *find_in(struct words words, const char *what)
{
    return memmem(words.text, words.length, what, strlen(what));
}

/* ---- values ---- */

/* Digits with a point, no more than a job can need; how many characters it took. */
static size_t read_number(struct words words, struct gcode_figure *figure)
{
    size_t length = 0;
    struct rational number;
    while (length < words.length && length < 16 &&
           (isdigit((unsigned char)words.text[length]) || words.text[length] == '.'))
        length++;
    if (!length || !rational_parse(words.text, length, &number))
        return 0;
    *figure = (struct gcode_figure){true, number};
    return length;
}

/* "1d 2h 3m 4s", "26m 35s"; bare seconds too. */
static void read_duration(struct words words, struct gcode_figure *figure)
{
    static const struct {
        char letter;
        int seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    struct rational sum = RATIONAL_ZERO;
    bool any = false;
    while (words.length) {
        struct gcode_figure part;
        size_t taken = read_number(words, &part), unit = 0;
        if (!taken)
            break;
        words = after(words, taken);
        while (unit < 4 && words.length && words.text[0] != units[unit].letter)
            unit++;
        if (unit == 4)
            break;
        sum = rational_add(sum,
                           rational_multiply(part.number, rational_integer(units[unit].seconds)));
        any = true;
        if (!words.length)
            break;
        words = after(words, 1);
    }
    if (any)
        *figure = (struct gcode_figure){true, sum};
}

static struct gcode_tool *tool_at(struct gcode_facts *facts, int index)
{
    if (index >= GCODE_TOOLS_AT_MOST)
        return NULL;
    if (index >= facts->tool_count)
        facts->tool_count = index + 1;
    return &facts->tools[index];
}

/* The next of a list; lists of numbers are parted by commas, of names by semicolons, and names may be quoted. */
static bool next_of(struct words *list, struct words *item)
{
    size_t length = 0;
    if (!list->length)
        return false;
    while (length < list->length && list->text[length] != ',' && list->text[length] != ';')
        length++;
    *item = trimmed(list->text, length);
    if (item->length > 1 && item->text[0] == '"' && item->text[item->length - 1] == '"')
        *item = (struct words){item->text + 1, item->length - 2};
    *list = length < list->length
                ? (struct words){list->text + length + 1, list->length - length - 1}
                : (struct words){list->text + length, 0};
    return true;
}

static struct gcode_figure *member(struct gcode_tool *tool, size_t offset)
{
    return (struct gcode_figure *)((char *)tool + offset);
}

/* ---- what keys mean ---- */

struct key {
    const char *key;
    void (*read)(struct gcode_reading *reading, const struct key *key, struct words value);
    size_t offset;   /* of a figure in gcode_facts, or in gcode_tool */
    long multiplier; /* 0 is 1 */
};

static void one(struct gcode_reading *reading, const struct key *key, struct words value)
{
    read_number(value, (struct gcode_figure *)((char *)reading->facts + key->offset));
}

static void duration(struct gcode_reading *reading, const struct key *key, struct words value)
{
    (void)key;
    read_duration(value, &reading->facts->time_s);
}

/* Cura's command line writes 6666 s where it does not know yet. */
static void cura_time(struct gcode_reading *reading, const struct key *key, struct words value)
{
    struct gcode_figure time_s = {0};
    (void)key;
    if (read_number(value, &time_s) && !rational_equal(time_s.number, rational_integer(6666)))
        reading->facts->time_s = time_s;
}

static void elapsed(struct gcode_reading *reading, const struct key *key, struct words value)
{
    (void)key;
    read_number(value, &reading->elapsed_s);
}

static void each(struct gcode_reading *reading, const struct key *key, struct words value)
{
    struct words item;
    for (int i = 0; i < GCODE_TOOLS_AT_MOST && next_of(&value, &item); i++) {
        struct gcode_figure figure = {0};
        if (!read_number(item, &figure))
            continue;
        if (key->multiplier)
            figure.number = rational_multiply(figure.number, rational_integer(key->multiplier));
        *member(tool_at(reading->facts, i), key->offset) = figure;
    }
}

static void all_mass(struct gcode_reading *reading, const struct key *key, struct words value)
{
    (void)key;
    read_number(value, &reading->all_g);
}

/* Slic3r writes a line an extruder, "288.4mm (0.7cm3)", and one "0.9g". */
static void slic3r_used(struct gcode_reading *reading, const struct key *key, struct words value)
{
    struct gcode_figure figure = {0};
    size_t taken = read_number(value, &figure);
    int next = 0;
    (void)key;
    if (!taken)
        return;
    value = after(value, taken);
    while (next < reading->facts->tool_count && reading->facts->tools[next].length_mm.said)
        next++;
    if (begins(value, "mm") && tool_at(reading->facts, next))
        reading->facts->tools[next].length_mm = figure;
    else if (begins(value, "g"))
        reading->all_g = figure;
}

static void material(struct gcode_reading *reading, const struct key *key, struct words value)
{
    struct words item;
    (void)key;
    for (int i = 0; i < GCODE_TOOLS_AT_MOST && next_of(&value, &item); i++)
        if (item.length && item.length < 64)
            tool_at(reading->facts, i)->material =
                arena_copy_text(reading->arena, item.text, item.length);
}

/* "; filament: 1,3": the lists of lengths and masses are of these, from 1. */
static void used_slots(struct gcode_reading *reading, const struct key *key, struct words value)
{
    struct words item;
    (void)key;
    for (reading->used_count = 0;
         reading->used_count < GCODE_TOOLS_AT_MOST && next_of(&value, &item);) {
        struct gcode_figure slot = {0};
        int64_t number = read_number(item, &slot) ? rational_to_int(slot.number) : 0;
        if (number < 1 || number > GCODE_TOOLS_AT_MOST)
            break;
        reading->used_slots[reading->used_count++] = (int)number - 1;
    }
}

static void slicer_name(struct gcode_reading *reading, const struct key *key, struct words value)
{
    (void)key;
    if (value.length && value.length < 64)
        reading->facts->slicer = arena_copy_text(reading->arena, value.text, value.length);
}

static void slicer_version(struct gcode_reading *reading, const struct key *key, struct words value)
{
    (void)key;
    if (value.length && value.length < 64)
        reading->facts->version = arena_copy_text(reading->arena, value.text, value.length);
}

static void producer(struct gcode_reading *reading, const struct key *key, struct words value)
{
    const char *blank = memchr(value.text, ' ', value.length);
    size_t name = blank ? (size_t)(blank - value.text) : value.length;
    struct words rest = after(value, name);
    const char *end = rest.length ? memchr(rest.text, ' ', rest.length) : NULL;
    if (end)
        rest.length = (size_t)(end - rest.text);
    slicer_name(reading, key, (struct words){value.text, name});
    slicer_version(reading, key, rest);
}

#define FACT(name) offsetof(struct gcode_facts, name)
#define TOOL(name) offsetof(struct gcode_tool, name)

static const struct key keys[] = {
    /* PrusaSlicer and its kin: SuperSlicer, QIDISlicer, OrcaSlicer's footer */
    {"estimated printing time (normal mode)", duration, 0, 0},
    {"estimated printing time", duration, 0, 0},
    {"filament used [mm]", each, TOOL(length_mm), 0},
    {"filament used [g]", each, TOOL(mass_g), 0},
    {"total filament used [g]", all_mass, 0, 0},
    {"layer_height", one, FACT(layer_mm), 0},
    {"nozzle_diameter", each, TOOL(nozzle_mm), 0},
    {"temperature", each, TOOL(nozzle_degc), 0},
    {"bed_temperature", one, FACT(bed_degc), 0},
    {"filament_type", material, 0, 0},
    {"filament_diameter", each, TOOL(diameter_mm), 0},
    {"filament_density", each, TOOL(density_g_cm3), 0},
    {"total layers count", one, FACT(layers), 0},
    /* Bambu Studio and OrcaSlicer. The volume, "[cm^3]", is really mm^3, and not wanted. */
    {"total estimated time", duration, 0, 0},
    {"total layer number", one, FACT(layers), 0},
    {"total filament length [mm]", each, TOOL(length_mm), 0},
    {"total filament weight [g]", each, TOOL(mass_g), 0},
    {"filament", used_slots, 0, 0},
    {"nozzle_temperature", each, TOOL(nozzle_degc), 0},
    /* Cura: Marlin's header, and Griffin's */
    {"TIME", cura_time, 0, 0},
    {"PRINT.TIME", cura_time, 0, 0},
    {"TIME_ELAPSED", elapsed, 0, 0},
    {"Filament used", each, TOOL(length_mm), 1000},
    {"Layer height", one, FACT(layer_mm), 0},
    {"LAYER_COUNT", one, FACT(layers), 0},
    {"GENERATOR.NAME", slicer_name, 0, 0},
    {"GENERATOR.VERSION", slicer_version, 0, 0},
    {"EXTRUDER_TRAIN.0.NOZZLE.DIAMETER", each, TOOL(nozzle_mm), 0},
    {"EXTRUDER_TRAIN.0.INITIAL_TEMPERATURE", each, TOOL(nozzle_degc), 0},
    {"BUILD_PLATE.INITIAL_TEMPERATURE", one, FACT(bed_degc), 0},
    /* Slic3r */
    {"filament used", slic3r_used, 0, 0},
    /* binary G-code */
    {"Producer", producer, 0, 0},
};

void gcode_pair(struct gcode_reading *reading, const char *key, size_t key_length,
                const char *value, size_t length)
{
    struct words name = trimmed(key, key_length), said = trimmed(value, length);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].key) == name.length &&
            memcmp(keys[i].key, name.text, name.length) == 0) {
            keys[i].read(reading, &keys[i], said);
            reading->is_job = true;
            return;
        }
}

/* ---- who wrote it ---- */

static bool read_slicer(struct gcode_reading *reading, struct words comment)
{
    static const struct {
        const char *lead;
        bool is_name;
    } leads[] = {{"generated by ", false},
                 {"Generated with ", false},
                 {"BambuStudio ", true},
                 {"OrcaSlicer ", true}};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (begins(comment, leads[i].lead)) {
            producer(reading, NULL,
                     leads[i].is_name ? comment : after(comment, strlen(leads[i].lead)));
            reading->is_job = true;
            return true;
        }
    return false;
}

/* ---- lines ---- */

/* `key = value`, `key : value`, `key: value`, `KEY:value`. Of the marks the first counts: a value may hold any. */
static void read_comment(struct gcode_reading *reading, struct words comment)
{
    if (!reading->facts->slicer[0] && read_slicer(reading, comment))
        return;
    for (size_t i = 1; i < comment.length && i < 80; i++) {
        if (comment.text[i] == ';') /* `model printing time: 20m 34s; total estimated time: ...` */
            return;
        if (comment.text[i] != '=' && comment.text[i] != ':')
            continue;
        gcode_pair(reading, comment.text, i, comment.text + i + 1, comment.length - i - 1);
        return;
    }
}

/* What the machine is told to heat to: the hottest is what it prints at, others preheat and probe. */
static void read_command(struct gcode_reading *reading, struct words line)
{
    static const char *const commands[] = {"M140", "M190", "M104", "M109"};
    size_t which = 0;
    reading->is_job |=
        line.length > 1 && isdigit((unsigned char)line.text[1]) && strchr("GMTgmt", line.text[0]);
    while (which < 4 && !begins(line, commands[which]))
        which++;
    const char *target = which < 4 ? find_in(line, " S") : NULL;
    struct gcode_figure heat = {0};
    if (!target ||
        !read_number((struct words){target + 2, line.length - (size_t)(target + 2 - line.text)},
                     &heat) ||
        rational_is_zero(heat.number))
        return;
    struct gcode_figure *held =
        which < 2 ? &reading->bed_heated_degc : &reading->nozzle_heated_degc;
    if (!held->said || rational_compare(heat.number, held->number) > 0)
        *held = heat;
}

/* ---- thumbnails ---- */

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* The text must hold `claimed` characters, as the slicer counted them. */
static void decode_thumbnail(struct gcode_reading *reading, const struct gcode_thumbnail *heading,
                             struct words text, long claimed)
{
    unsigned char *bytes = arena_alloc(reading->arena, text.length * 3 / 4 + 4);
    size_t length = 0;
    long counted = 0;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < text.length; i++) {
        int digit = base64_digit(text.text[i]);
        counted += digit >= 0 || text.text[i] == '=';
        if (digit < 0)
            continue;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes[length++] = (unsigned char)(bits >> held);
    }
    if (counted == claimed && length)
        gcode_add_thumbnail(reading, heading->width, heading->height, heading->format, bytes,
                            length);
}

/* From the line `thumbnail begin 16x16 500` to `thumbnail end`. Returns what follows it. */
static const char *read_thumbnail(struct gcode_reading *reading, struct words heading,
                                  const char *from, const char *end)
{
    static const struct {
        const char *tag, *format;
    } formats[] = {{"thumbnail begin ", "png"},
                   {"thumbnail_PNG begin ", "png"},
                   {"thumbnail_JPG begin ", "jpg"},
                   {"thumbnail_QOI begin ", "qoi"}};
    size_t which = 0;
    while (which < 4 && !begins(heading, formats[which].tag))
        which++;
    if (which == 4)
        return from;
    struct words rest = {from, (size_t)(end - from)},
                 numbers = after(heading, strlen(formats[which].tag));
    struct gcode_figure figures[3] = {{0}};
    bool whole = true;
    for (int i = 0; i < 3; i++) {
        numbers = after(numbers, read_number(numbers, &figures[i]));
        whole &= figures[i].said;
        if (i == 0 && begins(numbers, "x"))
            numbers = after(numbers, 1);
    }
    const char *close = whole ? find_in(rest, " end") : NULL;
    if (!close)
        return whole ? end : from; /* cut off: what follows is of the picture */
    const char *line = memrchr(from, '\n', (size_t)(close - from));
    struct gcode_thumbnail thumbnail = {.width = (int)rational_to_int(figures[0].number),
                                        .height = (int)rational_to_int(figures[1].number),
                                        .format = formats[which].format};
    if (line)
        decode_thumbnail(reading, &thumbnail, (struct words){from, (size_t)(line - from)},
                         (long)rational_to_int(figures[2].number));
    return close;
}

void gcode_add_thumbnail(struct gcode_reading *reading, int width, int height, const char *format,
                         const unsigned char *bytes, size_t length)
{
    struct gcode_thumbnail *thumbnail = ARENA_NEW(reading->arena, struct gcode_thumbnail);
    *thumbnail = (struct gcode_thumbnail){NULL, width, height, format, bytes, length};
    *reading->last = thumbnail;
    reading->last = &thumbnail->next;
}

void gcode_lines(struct gcode_reading *reading, const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        struct words line = trimmed(at, (size_t)((line_end ? line_end : end) - at));
        at = line_end ? line_end + 1 : end;
        if (!begins(line, ";")) {
            read_command(reading, line);
            continue;
        }
        struct words comment = after(line, 1);
        if (begins(comment, "thumbnail"))
            at = read_thumbnail(reading, comment, at, end);
        else if (begins(comment, "model printing time") && find_in(comment, "; "))
            read_comment(reading,
                         after(comment, (size_t)(find_in(comment, "; ") + 2 - comment.text)));
        else
            read_comment(reading, comment);
    }
}

/* ---- all together ---- */

void gcode_begin(struct gcode_reading *reading, struct gcode_facts *facts, struct arena *arena)
{
    *reading = (struct gcode_reading){.arena = arena, .facts = facts, .last = &facts->thumbnails};
    facts->slicer = facts->version = "";
}

/* Lists that are of the used filaments only go to where these are. */
static void spread_used(struct gcode_reading *reading)
{
    struct gcode_facts *facts = reading->facts;
    struct gcode_tool packed[GCODE_TOOLS_AT_MOST];
    memcpy(packed, facts->tools, sizeof packed);
    for (int i = 0; i < GCODE_TOOLS_AT_MOST; i++)
        facts->tools[i].length_mm = facts->tools[i].mass_g = (struct gcode_figure){0};
    for (int i = 0; i < reading->used_count; i++) {
        struct gcode_tool *tool = tool_at(facts, reading->used_slots[i]);
        tool->length_mm = packed[i].length_mm;
        tool->mass_g = packed[i].mass_g;
    }
}

/* Length x section x density, with pi to nine digits: what the slicer itself would have said. */
static void weigh(struct gcode_tool *tool)
{
    if (tool->mass_g.said || !tool->length_mm.said || !tool->diameter_mm.said ||
        !tool->density_g_cm3.said || rational_is_zero(tool->density_g_cm3.number))
        return;
    struct rational square = rational_multiply(tool->diameter_mm.number, tool->diameter_mm.number);
    struct rational section = rational_multiply(square, rational_fraction(314159265, 400000000));
    struct rational volume = rational_multiply(section, tool->length_mm.number);
    tool->mass_g = (struct gcode_figure){
        true, rational_multiply(volume, rational_multiply(tool->density_g_cm3.number,
                                                          rational_fraction(1, 1000)))};
}

static void add_figure(struct gcode_figure *sum, const struct gcode_figure *figure)
{
    if (figure->said)
        *sum = (struct gcode_figure){
            true, rational_add(sum->said ? sum->number : RATIONAL_ZERO, figure->number)};
}

/* A sum of masses without that of a tool that was used would be a wrong one. */
static void sum_up(struct gcode_facts *facts)
{
    bool weighed = true;
    for (int i = 0; i < facts->tool_count; i++) {
        const struct gcode_tool *tool = &facts->tools[i];
        add_figure(&facts->total_g, &tool->mass_g);
        add_figure(&facts->total_mm, &tool->length_mm);
        weighed &=
            tool->mass_g.said || !tool->length_mm.said || rational_is_zero(tool->length_mm.number);
    }
    facts->total_g.said &= weighed;
}

void gcode_finish(struct gcode_reading *reading)
{
    struct gcode_facts *facts = reading->facts;
    if (reading->elapsed_s.said) /* what Cura's engine counted, against what its header promised */
        facts->time_s = reading->elapsed_s;
    if (reading->used_count)
        spread_used(reading);
    if (!facts->bed_degc.said)
        facts->bed_degc = reading->bed_heated_degc;
    if (reading->nozzle_heated_degc.said && !tool_at(facts, 0)->nozzle_degc.said)
        facts->tools[0].nozzle_degc = reading->nozzle_heated_degc;
    /* one tool, of which only the whole is said; with several nobody knows whose it is */
    if (reading->all_g.said && facts->tool_count == 1 && !facts->tools[0].mass_g.said)
        facts->tools[0].mass_g = reading->all_g;
    for (int i = 0; i < facts->tool_count; i++)
        weigh(&facts->tools[i]);
    sum_up(facts);
    if (!facts->total_g.said)
        facts->total_g = reading->all_g;
    /* a job of nothing is a header that was never filled in */
    if (facts->total_mm.said && rational_is_zero(facts->total_mm.number)) {
        facts->total_mm.said = false;
        for (int i = 0; i < facts->tool_count; i++)
            facts->tools[i].length_mm.said = false;
    }
    if (facts->total_g.said && rational_is_zero(facts->total_g.number))
        facts->total_g.said = false;
    if (facts->time_s.said && rational_is_zero(facts->time_s.number))
        facts->time_s.said = false;
    if (strcmp(facts->slicer, "Cura_SteamEngine") == 0) /* what Cura calls its engine */
        facts->slicer = "Cura";
}
