/* How many parts go on a plate, and how long that takes.
   usage: bench_plates copies CLEARANCE_MM EFFORT TURNS FILE[=GRID,SIMPLE,SPARROW]...   as many as fit on 250 x 210 mm
          bench_plates kit CLEARANCE_MM EFFORT TURNS FILE=COUNT...                       all, on as few plates as it takes
          bench_plates bins EFFORT TURNS FILE...                                         ESICUP's terashima instances
   Every answer is checked by plates_verify(); FILE is a mesh, or an instance. */
#include "base/file.h"
#include "base/memory.h"
#include "packing/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CELLS = 1024 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const char *sound(const struct packing_request *request, const struct packing *packing)
{
    struct failure failure;
    static char text[600];
    if (plates_verify(request, packing, &failure))
        return "";
    snprintf(text, sizeof text, "  WRONG: %s", failure.message);
    return text;
}

static struct silhouette seen(const char *path)
{
    struct mesh mesh;
    struct silhouette silhouette = {0};
    if (mesh_read(path, &mesh) == MESH_READ)
        silhouette = silhouette_of(&mesh, CELLS);
    else
        fprintf(stderr, "%s: no mesh\n", path);
    mesh_free(&mesh);
    return silhouette;
}

static char *cut_value(char *argument)
{
    char *value = strrchr(argument, '=');
    if (value)
        *value++ = 0;
    return value;
}

static struct packing_request request_of(const char *clearance, const char *effort,
                                         const char *turns)
{
    return (struct packing_request){.width_mm = 250,
                                    .depth_mm = 210,
                                    .clearance_mm = strtod(clearance, NULL),
                                    .turns = (uint32_t)strtoul(turns, NULL, 10),
                                    .seed = 1,
                                    .effort = strtoull(effort, NULL, 10)};
}

/* ---- copies ---- */

static void copies(int count, char **files, struct packing_request request)
{
    double sum = 0, slowest = 0;
    int parts = 0;
    printf("%-36s %5s %6s %7s %5s %7s %6s\n", "part", "grid", "simple", "sparrow", "ours",
           "by grid", "s");
    for (int i = 0; i < count; i++) {
        unsigned grid = 0, simple = 0, sparrow = 0;
        char *known = cut_value(files[i]);
        if (known && sscanf(known, "%u,%u,%u", &grid, &simple, &sparrow) < 1)
            grid = 0;
        struct silhouette silhouette = seen(files[i]);
        struct packing_part part = {&silhouette, 1};
        request.sets = true;
        request.parts = &part;
        request.part_count = 1;
        double began = seconds();
        struct packing packing = pack(&request);
        double took = seconds() - began;
        printf("%-36.36s %5u %6u %7u %5u %7.2f %6.2f%s%s\n", path_base(files[i]), grid, simple,
               sparrow, packing.count, grid ? (double)packing.count / grid : 0, took,
               packing.count < simple ? "  UNDER" : "", sound(&request, &packing));
        fflush(stdout);
        if (grid && packing.count) {
            sum += log((double)packing.count / grid);
            parts++;
        }
        slowest = fmax(slowest, took);
        packing_free(&packing);
        silhouette_free(&silhouette);
    }
    printf("geometric mean by grid %.3f of %d, slowest %.2f s\n", exp(sum / parts), parts, slowest);
}

/* ---- a kit ---- */

static void kit(int count, char **files, struct packing_request request)
{
    struct silhouette *silhouettes = memory_alloc((size_t)count * sizeof *silhouettes);
    struct packing_part *parts = memory_alloc((size_t)count * sizeof *parts);
    uint32_t pieces = 0;
    for (int i = 0; i < count; i++) {
        char *number = cut_value(files[i]);
        silhouettes[i] = seen(files[i]);
        parts[i] = (struct packing_part){&silhouettes[i],
                                         number ? (uint32_t)strtoul(number, NULL, 10) : 1};
        pieces += parts[i].count;
    }
    request.parts = parts;
    request.part_count = (uint32_t)count;
    double began = seconds();
    struct packing packing = pack(&request);
    printf("%u of %u pieces of %d parts on %u plates, %.2f s%s\n", packing.count, pieces, count,
           packing.plates, seconds() - began, sound(&request, &packing));
    packing_free(&packing);
    for (int i = 0; i < count; i++)
        silhouette_free(&silhouettes[i]);
    free(silhouettes);
    free(parts);
}

/* ---- bins ---- */

/* ESICUP's terashima: the bins of which the parts were cut, how many of each bin, the bin's size; then of each part how
   many corners, and x and y of each. */
struct instance {
    uint32_t bins, count;
    double width, height;
    struct ring *rings;
    struct silhouette *silhouettes;
    struct packing_part *parts;
};

static double next_number(char **at)
{
    char *end;
    double value = strtod(*at, &end);
    *at = end;
    return value;
}

static void read_instance(char *text, struct instance *instance)
{
    char *at = text;
    *instance = (struct instance){0};
    instance->bins = (uint32_t)next_number(&at);
    for (uint32_t bin = 0; bin < instance->bins; bin++)
        instance->count += (uint32_t)next_number(&at);
    instance->width = next_number(&at);
    instance->height = next_number(&at);
    instance->rings = memory_zeroed(instance->count + 1, sizeof *instance->rings);
    instance->silhouettes = memory_zeroed(instance->count + 1, sizeof *instance->silhouettes);
    instance->parts = memory_zeroed(instance->count + 1, sizeof *instance->parts);
    for (uint32_t i = 0; i < instance->count; i++) {
        struct ring *ring = &instance->rings[i];
        ring->count = (uint32_t)next_number(&at);
        ring->points = memory_alloc((ring->count + (size_t)1) * sizeof *ring->points);
        for (uint32_t k = 0; k < ring->count; k++)
            for (int axis = 0; axis < 2; axis++)
                ring->points[k][axis] = next_number(&at);
        instance->silhouettes[i] = (struct silhouette){1, ring};
        instance->parts[i] = (struct packing_part){&instance->silhouettes[i], 1};
    }
}

static void bins(int count, char **files, struct packing_request request)
{
    int optimal = 0;
    unsigned extra = 0, known = 0;
    double slowest = 0;
    for (int i = 0; i < count; i++) {
        char *text;
        size_t length;
        struct failure failure;
        struct instance instance;
        if (file_read(files[i], 1 << 20, &text, &length, &failure) != FILE_OK) {
            fprintf(stderr, "%s\n", failure.message);
            continue;
        }
        read_instance(text, &instance);
        request.width_mm = instance.width;
        request.depth_mm = instance.height;
        request.parts = instance.parts;
        request.part_count = instance.count;
        double began = seconds();
        struct packing packing = pack(&request);
        double took = seconds() - began;
        printf("%-24s %3u parts, %2u bins at best, ours %2u, %.2f s%s\n", path_base(files[i]),
               instance.count, instance.bins, packing.plates, took, sound(&request, &packing));
        fflush(stdout);
        optimal += packing.plates == instance.bins;
        extra += packing.plates - instance.bins;
        known += instance.bins;
        slowest = fmax(slowest, took);
        packing_free(&packing);
        free(text);
        for (uint32_t k = 0; k < instance.count; k++) {
            free(instance.rings[k].points);
        }
        free(instance.rings);
        free(instance.silhouettes);
        free(instance.parts);
    }
    printf("%d of %d at the optimum, %u bins more than %u, slowest %.2f s\n", optimal, count, extra,
           known, slowest);
}

int main(int argc, char **argv)
{
    if (argc > 5 && strcmp(argv[1], "copies") == 0)
        copies(argc - 5, argv + 5, request_of(argv[2], argv[3], argv[4]));
    else if (argc > 5 && strcmp(argv[1], "kit") == 0)
        kit(argc - 5, argv + 5, request_of(argv[2], argv[3], argv[4]));
    else if (argc > 4 && strcmp(argv[1], "bins") == 0)
        bins(argc - 4, argv + 4, request_of("0", argv[2], argv[3]));
    else
        return fputs("bench_plates copies|kit|bins ...: see the file's head\n", stderr), 2;
    return 0;
}
