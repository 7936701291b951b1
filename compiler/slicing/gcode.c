/* The files that G-code comes in. */
#include "slicing/gcode.h"

#include "base/file.h"
#include "base/inputs.h"
#include "geometry/package.h"
#include "slicing/gcode_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Slicers write what they know of a job into its first and last pages. */
enum { WINDOW = 512 * 1024, PACKAGE_AT_MOST = 1 << 30 };

static bool problem(struct gcode *gcode, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool problem(struct gcode *gcode, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(gcode->problem, sizeof gcode->problem, format, arguments);
    va_end(arguments);
    gcode->status = GCODE_MALFORMED;
    return false;
}

static struct gcode_facts *add_plate(struct gcode *gcode, struct arena *arena)
{
    if (!gcode->plates)
        gcode->plates = ARENA_ARRAY(arena, struct gcode_facts, GCODE_PLATES_AT_MOST);
    return gcode->plate_count < GCODE_PLATES_AT_MOST ? &gcode->plates[gcode->plate_count++] : NULL;
}

/* ---- the head and the tail of a text ---- */

struct window {
    struct arena memory;
    char *head, *tail; /* the tail is a ring */
    size_t head_length, passed;
};

static void window_open(struct window *window)
{
    *window = (struct window){.head_length = 0};
    window->head = arena_alloc(&window->memory, WINDOW);
    window->tail = arena_alloc(&window->memory, WINDOW);
}

static bool window_take(void *context, const char *bytes, int length)
{
    struct window *window = context;
    for (int i = 0; i < length;) {
        size_t left = (size_t)(length - i), room;
        char *to;
        if (window->head_length < WINDOW) {
            room = WINDOW - window->head_length;
            to = window->head + window->head_length;
        } else {
            size_t at = window->passed % WINDOW;
            room = WINDOW - at;
            to = window->tail + at;
        }
        size_t part = left < room ? left : room;
        memcpy(to, bytes + i, part);
        *(window->head_length < WINDOW ? &window->head_length : &window->passed) += part;
        i += (int)part;
    }
    return true;
}

/* The lines of both; one that the window cut is left out. */
static bool read_window(struct window *window, struct gcode_facts *facts, struct arena *arena)
{
    struct gcode_reading reading;
    gcode_begin(&reading, facts, arena);
    if (window->passed <= WINDOW) { /* nothing is lost between them */
        char *all = arena_alloc(&window->memory, window->head_length + window->passed + 1);
        memcpy(all, window->head, window->head_length);
        memcpy(all + window->head_length, window->tail, window->passed);
        gcode_lines(&reading, all, window->head_length + window->passed);
    } else {
        size_t seam = window->passed % WINDOW;
        char *tail = arena_alloc(&window->memory, WINDOW + 1);
        memcpy(tail, window->tail + seam, WINDOW - seam);
        memcpy(tail + WINDOW - seam, window->tail, seam);
        const char *head_end = memrchr(window->head, '\n', window->head_length);
        const char *line = memchr(tail, '\n', WINDOW);
        if (head_end)
            gcode_lines(&reading, window->head, (size_t)(head_end - window->head));
        if (line)
            gcode_lines(&reading, line, (size_t)(tail + WINDOW - line));
    }
    gcode_finish(&reading);
    return reading.is_job;
}

static void take_all(struct window *window, const unsigned char *bytes, size_t length)
{
    for (size_t at = 0; at < length; at += WINDOW)
        window_take(window, (const char *)bytes + at,
                    (int)(length - at < WINDOW ? length - at : WINDOW));
}

/* ---- plain ---- */

/* Frees the window. */
static void read_text(struct window *window, struct arena *arena, struct gcode *gcode)
{
    gcode->format = "G-code";
    struct gcode_facts *facts = add_plate(gcode, arena);
    if (!read_window(window, facts, arena))
        problem(gcode, "there is no G-code in it");
    arena_free(&window->memory);
}

/* ---- .gcode.3mf ---- */

struct bytes {
    struct arena *arena;
    unsigned char *bytes;
    size_t length, capacity;
};

static bool bytes_take(void *context, const char *more, int length)
{
    enum { PICTURE_AT_MOST = 4 << 20 };
    struct bytes *bytes = context;
    if (bytes->length + (size_t)length > PICTURE_AT_MOST)
        return false;
    if (bytes->length + (size_t)length > bytes->capacity) {
        size_t capacity = (bytes->length + (size_t)length) * 2;
        unsigned char *grown = arena_alloc(bytes->arena, capacity);
        if (bytes->length)
            memcpy(grown, bytes->bytes, bytes->length);
        bytes->bytes = grown;
        bytes->capacity = capacity;
    }
    memcpy(bytes->bytes + bytes->length, more, (size_t)length);
    bytes->length += (size_t)length;
    return true;
}

/* The picture beside the plate's G-code, where its text has none. */
static void add_picture(struct package *package, int plate, struct gcode_facts *facts,
                        struct arena *arena)
{
    char name[64];
    struct mesh mesh = {0};
    struct bytes picture = {.arena = arena};
    snprintf(name, sizeof name, "Metadata/plate_%d.png", plate);
    int64_t part = package_find(package, name, true);
    if (facts->thumbnails || part < 0 ||
        !package_read(package, part, &mesh, bytes_take, &picture) || !picture.length)
        return;
    facts->thumbnails = ARENA_NEW(arena, struct gcode_thumbnail);
    *facts->thumbnails =
        (struct gcode_thumbnail){.format = "png", .bytes = picture.bytes, .length = picture.length};
}

static bool read_plate(struct package *package, int plate, struct arena *arena, struct gcode *gcode)
{
    char name[64];
    struct mesh mesh = {0};
    snprintf(name, sizeof name, "Metadata/plate_%d.gcode", plate);
    int64_t part = package_find(package, name, true);
    if (part < 0)
        return true;
    struct window window;
    window_open(&window);
    bool unpacked = package_read(package, part, &mesh, window_take, &window);
    struct gcode_facts *facts = unpacked ? add_plate(gcode, arena) : NULL;
    bool is_job = facts && read_window(&window, facts, arena);
    arena_free(&window.memory);
    if (!is_job)
        return unpacked ? problem(gcode, "%s: there is no G-code in it", name)
                        : problem(gcode, "%.150s", mesh.problem);
    facts->name = arena_copy_text(arena, name, strlen(name));
    add_picture(package, plate, facts, arena);
    return true;
}

static void read_package(const unsigned char *bytes, size_t length, struct arena *arena,
                         struct gcode *gcode)
{
    struct mesh mesh = {0};
    gcode->format = "3MF with G-code";
    struct package *package = package_open(bytes, length, &mesh);
    if (!package) {
        problem(gcode, "%.150s", mesh.problem);
        return;
    }
    for (int plate = 1; plate <= GCODE_PLATES_AT_MOST; plate++)
        if (!read_plate(package, plate, arena, gcode))
            break;
    if (!gcode->plate_count && gcode->status == GCODE_READ)
        problem(gcode, "it is a project that was not sliced: no Metadata/plate_1.gcode");
    package_close(package);
}

/* ---- binary G-code: blocks with keys and values, of which those that are not compressed say all we ask for ---- */

enum block { BLOCK_FILE, BLOCK_GCODE, BLOCK_SLICER, BLOCK_PRINTER, BLOCK_PRINT, BLOCK_THUMBNAIL };

static uint32_t number_at(const unsigned char *bytes, int count)
{
    uint32_t number = 0;
    while (count-- > 0)
        number = number << 8 | bytes[count];
    return number;
}

static void read_pairs(struct gcode_reading *reading, const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    while (at < end) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        size_t line_length = (size_t)((line ? line : end) - at);
        const char *mark = memchr(at, '=', line_length);
        if (mark)
            gcode_pair(reading, at, (size_t)(mark - at), mark + 1,
                       line_length - (size_t)(mark + 1 - at));
        at = line ? line + 1 : end;
    }
}

static void read_binary(const unsigned char *bytes, size_t length, struct arena *arena,
                        struct gcode *gcode)
{
    static const char *const formats[] = {"png", "jpg", "qoi"};
    struct gcode_reading reading;
    size_t at = 10, sum = number_at(bytes + 8, 2) == 1 ? 4 : 0;
    gcode->format = "binary G-code";
    gcode_begin(&reading, add_plate(gcode, arena), arena);
    while (at + 8 <= length) {
        uint32_t type = number_at(bytes + at, 2), packed = number_at(bytes + at + 2, 2);
        size_t head = packed ? 12 : 8, parameters = type == BLOCK_THUMBNAIL ? 6 : 2;
        if (type == BLOCK_GCODE) /* the metadata stands before it */
            break;
        size_t size = at + head <= length ? number_at(bytes + at + head - 4, 4) : 0;
        if (type > BLOCK_THUMBNAIL || at + head + parameters > length ||
            size > length - at - head - parameters) {
            problem(gcode, "it is cut off or broken at byte %zu", at);
            return;
        }
        const unsigned char *own = bytes + at + head, *data = own + parameters;
        if (type == BLOCK_THUMBNAIL && number_at(own, 2) < 3 && !packed)
            gcode_add_thumbnail(&reading, (int)number_at(own + 2, 2), (int)number_at(own + 4, 2),
                                formats[number_at(own, 2)],
                                (unsigned char *)arena_copy_text(arena, (const char *)data, size),
                                size);
        else if (type != BLOCK_THUMBNAIL && !packed)
            read_pairs(&reading, (const char *)data, size);
        at += head + parameters + size + sum;
    }
    gcode_finish(&reading);
}

int gcode_used_tools(const struct gcode_facts *facts, int tools[GCODE_TOOLS_AT_MOST])
{
    int count = 0;
    for (int i = 0; i < facts->tool_count; i++) {
        const struct gcode_figure *mass = &facts->tools[i].mass_g,
                                  *length = &facts->tools[i].length_mm;
        if ((mass->said && rational_sign(mass->number) > 0) ||
            (length->said && rational_sign(length->number) > 0))
            tools[count++] = i;
    }
    return count;
}

/* ---- a file ---- */

void gcode_read_bytes(const unsigned char *bytes, size_t length, struct arena *arena,
                      struct gcode *gcode)
{
    *gcode = (struct gcode){.status = GCODE_READ};
    if (length > 10 && memcmp(bytes, "GCDE", 4) == 0) {
        read_binary(bytes, length, arena, gcode);
    } else if (length > 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
        read_package(bytes, length, arena, gcode);
    } else {
        struct window window;
        window_open(&window);
        take_all(&window, bytes, length);
        read_text(&window, arena, gcode);
    }
}

/* The head and the tail of a file whose middle nobody wants. */
static bool read_ends(int descriptor, size_t size, struct arena *arena, struct gcode *gcode)
{
    struct window window;
    window_open(&window);
    window.head_length = WINDOW;
    window.passed = size - WINDOW;
    /* the ring as it would be had all of it passed by */
    size_t seam = window.passed % WINDOW;
    if (pread(descriptor, window.head, WINDOW, 0) != WINDOW ||
        pread(descriptor, window.tail + seam, WINDOW - seam, (off_t)(size - WINDOW)) !=
            (ssize_t)(WINDOW - seam) ||
        pread(descriptor, window.tail, seam, (off_t)(size - seam)) != (ssize_t)seam) {
        arena_free(&window.memory);
        return false;
    }
    read_text(&window, arena, gcode);
    return true;
}

void gcode_read(const char *path, struct arena *arena, struct gcode *gcode)
{
    struct failure failure;
    struct stat status;
    char lead[4] = "", *content;
    size_t length;
    *gcode = (struct gcode){.status = GCODE_ABSENT};
    inputs_note(path);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        snprintf(gcode->problem, sizeof gcode->problem, "%s",
                 descriptor < 0 ? strerror(errno) : "it is no file");
        if (descriptor >= 0)
            close(descriptor);
        return;
    }
    gcode->status = GCODE_READ;
    bool plain = pread(descriptor, lead, 4, 0) == 4 && memcmp(lead, "PK\3\4", 4) != 0 &&
                 memcmp(lead, "GCDE", 4) != 0;
    if (plain && status.st_size > 2 * WINDOW) {
        if (!read_ends(descriptor, (size_t)status.st_size, arena, gcode))
            problem(gcode, "it cannot be read");
    } else if (file_read(path, PACKAGE_AT_MOST, &content, &length, &failure) == FILE_OK) {
        gcode_read_bytes((const unsigned char *)content, length, arena, gcode);
        free(content);
    } else {
        problem(gcode, "%.150s", failure.message);
    }
    close(descriptor);
}
