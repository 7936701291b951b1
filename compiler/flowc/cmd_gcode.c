/* flowc gcode FILE...: what a slicer said of a job, whichever slicer it was. */
#include "flowc/flowc.h"
#include "slicing/gcode.h"

#include "base/sink.h"

#include <stdio.h>
#include <string.h>

struct request {
    const char *thumbnail; /* where it goes, NULL if nobody asked */
    bool json;
};

/* ---- for people ---- */

static void add_line(struct buffer *out, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add_line(struct buffer *out, const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_addf(out, "  %-11s ", name);
    buffer_vaddf(out, format, arguments);
    buffer_add_char(out, '\n');
    va_end(arguments);
}

static void add_figure(struct buffer *out, const char *before, const struct gcode_figure *figure,
                       int places, const char *after)
{
    if (!figure->said)
        return;
    buffer_add_text(out, before);
    rational_print_short(out, figure->number, places);
    buffer_add_text(out, after);
}

static void figure_line(struct buffer *out, const char *name, const struct gcode_figure *figure,
                        const char *unit)
{
    if (!figure->said)
        return;
    buffer_addf(out, "  %-11s", name);
    add_figure(out, " ", figure, 3, unit);
    buffer_add_char(out, '\n');
}

/* Whether anything was drawn from it; a printer with five slots mostly uses one. */
static bool is_used(const struct gcode_tool *tool)
{
    return (tool->mass_g.said && !rational_is_zero(tool->mass_g.number)) ||
           (tool->length_mm.said && !rational_is_zero(tool->length_mm.number));
}

static void tool_line(struct buffer *out, const struct gcode_tool *tool, int number)
{
    char name[16];
    snprintf(name, sizeof name, "filament %d", number);
    buffer_addf(out, "  %-11s %s", name, tool->material ? tool->material : "material not said");
    add_figure(out, ", ", &tool->mass_g, 2, " g");
    add_figure(out, ", ", &tool->length_mm, 1, " mm");
    add_figure(out, ", at ", &tool->nozzle_degc, 0, " degC");
    add_figure(out, ", nozzle ", &tool->nozzle_mm, 2, " mm");
    buffer_add_char(out, '\n');
}

static void print_plate(struct buffer *out, const struct gcode_facts *plate)
{
    if (plate->name)
        add_line(out, "plate", "%s", plate->name);
    add_line(out, "slicer", "%s%s%s", plate->slicer[0] ? plate->slicer : "not known",
             plate->version[0] ? " " : "", plate->version);
    buffer_addf(out, "  %-11s ", "time");
    if (plate->time_s.said)
        duration_print(out, plate->time_s.number);
    else
        buffer_add_text(out, "not said");
    buffer_add_char(out, '\n');
    for (int i = 0; i < plate->tool_count; i++)
        if (plate->tool_count == 1 || is_used(&plate->tools[i]))
            tool_line(out, &plate->tools[i], i + 1);
    figure_line(out, "together", &plate->total_g, " g");
    figure_line(out, "layer", &plate->layer_mm, " mm");
    figure_line(out, "layers", &plate->layers, "");
    figure_line(out, "bed", &plate->bed_degc, " degC");
    for (const struct gcode_thumbnail *at = plate->thumbnails; at; at = at->next) {
        buffer_addf(out, "  %-11s %s", "thumbnail", at->format);
        if (at->width)
            buffer_addf(out, ", %d x %d", at->width, at->height);
        buffer_addf(out, ", %zu bytes\n", at->length);
    }
}

static void print_file(struct buffer *out, const char *path, const struct gcode *gcode)
{
    buffer_addf(out, "%s: %s", path, gcode->format ? gcode->format : "");
    if (gcode->plate_count > 1)
        buffer_addf(out, ", %d plates", gcode->plate_count);
    buffer_add_char(out, '\n');
    for (int i = 0; i < gcode->plate_count; i++)
        print_plate(out, &gcode->plates[i]);
}

/* ---- as JSON ---- */

static void json_text(struct buffer *out, const char *key, const char *text)
{
    buffer_addf(out, "\"%s\": ", key);
    if (!text || !text[0]) {
        buffer_add_text(out, "null");
        return;
    }
    buffer_add_char(out, '"');
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static void json_figure(struct buffer *out, const char *key, const struct gcode_figure *figure)
{
    buffer_addf(out, ", \"%s\": ", key);
    if (figure->said)
        rational_print_short(out, figure->number, 6);
    else
        buffer_add_text(out, "null");
}

static void json_plate(struct buffer *out, const struct gcode_facts *plate)
{
    buffer_add_text(out, "{");
    json_text(out, "plate", plate->name);
    buffer_add_text(out, ", ");
    json_text(out, "slicer", plate->slicer);
    buffer_add_text(out, ", ");
    json_text(out, "version", plate->version);
    json_figure(out, "time_s", &plate->time_s);
    json_figure(out, "mass_g", &plate->total_g);
    json_figure(out, "length_mm", &plate->total_mm);
    json_figure(out, "layer_mm", &plate->layer_mm);
    json_figure(out, "layers", &plate->layers);
    json_figure(out, "bed_degc", &plate->bed_degc);
    buffer_add_text(out, ",\n    \"tools\": [");
    for (int i = 0; i < plate->tool_count; i++) {
        const struct gcode_tool *tool = &plate->tools[i];
        buffer_add_text(out, i ? ",\n     {" : "\n     {");
        json_text(out, "material", tool->material);
        json_figure(out, "mass_g", &tool->mass_g);
        json_figure(out, "length_mm", &tool->length_mm);
        json_figure(out, "nozzle_mm", &tool->nozzle_mm);
        json_figure(out, "nozzle_degc", &tool->nozzle_degc);
        buffer_add_char(out, '}');
    }
    buffer_add_text(out, "],\n    \"thumbnails\": [");
    for (const struct gcode_thumbnail *at = plate->thumbnails; at; at = at->next)
        buffer_addf(out, "%s{\"format\": \"%s\", \"width\": %d, \"height\": %d, \"bytes\": %zu}",
                    at == plate->thumbnails ? "" : ", ", at->format, at->width, at->height,
                    at->length);
    buffer_add_text(out, "]}");
}

static void json_file(struct buffer *out, const char *path, const struct gcode *gcode)
{
    buffer_add_text(out, "  {");
    json_text(out, "file", path);
    buffer_add_text(out, ", ");
    json_text(out, "format", gcode->format);
    buffer_add_text(out, ", ");
    json_text(out, "problem", gcode->status == GCODE_READ ? NULL : gcode->problem);
    buffer_add_text(out, ",\n   \"plates\": [");
    for (int i = 0; gcode->status == GCODE_READ && i < gcode->plate_count; i++) {
        buffer_add_text(out, i ? ",\n   " : "\n   ");
        json_plate(out, &gcode->plates[i]);
    }
    buffer_add_text(out, "]}");
}

/* ---- the thumbnail ---- */

/* The one of most bytes shows most. */
static bool write_thumbnail(const struct gcode *gcode, const char *path, const char *to)
{
    struct failure failure = {""};
    const struct gcode_thumbnail *best = NULL;
    for (int i = 0; i < gcode->plate_count; i++)
        for (const struct gcode_thumbnail *at = gcode->plates[i].thumbnails; at; at = at->next)
            if (!best || at->length > best->length)
                best = at;
    if (!best)
        complain("%s has no thumbnail; tell the slicer to write one", path);
    else if (!file_write(to, best->bytes, best->length, &failure))
        complain("%s", failure.message);
    return best && !failure.message[0];
}

static enum exit_status answer_one(struct buffer *out, const char *path,
                                   const struct request *request)
{
    struct arena arena = {0};
    struct gcode gcode;
    enum exit_status status = EXIT_CLEAN;
    gcode_read(path, &arena, &gcode);
    if (gcode.status != GCODE_READ) {
        complain("%s: %s", path, gcode.problem);
        status = gcode.status == GCODE_ABSENT ? EXIT_ENVIRONMENT : EXIT_FINDINGS;
    } else if (request->thumbnail && !write_thumbnail(&gcode, path, request->thumbnail)) {
        status = EXIT_ENVIRONMENT;
    }
    if (request->json)
        json_file(out, path, &gcode);
    else if (gcode.status == GCODE_READ)
        print_file(out, path, &gcode);
    arena_free(&arena);
    return status;
}

int cmd_gcode(int argc, char **argv)
{
    const struct verb *verb = verb_find("gcode");
    struct request request = {0};
    const char *format = "human";
    const struct option_row options[] = {{"--format", true, &format, NULL},
                                         {"--thumbnail", true, &request.thumbnail, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count)
        return usage_error(verb, "which file?");
    request.json = strcmp(format, "json") == 0;
    if (!request.json && strcmp(format, "human") != 0)
        return usage_error(verb, "there is no format `%s`; it is human or json", format);
    if (request.thumbnail && count > 1)
        return usage_error(verb, "--thumbnail takes one file at a time");
    struct buffer out = {0};
    enum exit_status status = EXIT_CLEAN;
    if (request.json)
        buffer_add_text(&out, "{\"format_version\": \"1.0\", \"files\": [\n");
    for (int i = 1; i <= count; i++) {
        if (request.json && i > 1)
            buffer_add_text(&out, ",\n");
        enum exit_status one = answer_one(&out, argv[i], &request);
        status = one > status ? one : status;
    }
    if (request.json)
        buffer_add_text(&out, "\n]}\n");
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? (int)status : EXIT_ENVIRONMENT;
}
