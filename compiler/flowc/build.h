/* Making documents: one file after the other in this process, or many in others. */
#ifndef FLOW_FLOWC_BUILD_H
#define FLOW_FLOWC_BUILD_H

#include "base/inputs.h"
#include "emit/emit.h"
#include "flowc/flowc.h"

struct build_request {
    const char *out;
    const bool *wanted; /* by row of emit_rows */
    enum paper paper;
    const char *history; /* folder with what packets take along, a product a file; NULL */
    bool quiet;          /* no listing of what was written, no warnings */
    bool inputs;         /* tells which files were read */
    bool preview;        /* tells findings and costs, for a page that shows them */
};

/* ---- what came of it ---- */

struct built_input {
    char *path;
    struct file_mark mark; /* before it was read */
};

struct built_product {
    const char *name, *title;
    enum exit_status status;
    bool done;
    struct buffer out, error; /* what it printed, if in another process */
    const char **written;     /* relative to the folder of the product */
    int written_count, written_capacity;
    struct buffer costs; /* JSON, for a preview */
};

/* A file, and the products with a workflow that it declares. All in its arena and buffers. */
struct built_file {
    struct arena arena;
    const char *path;
    enum exit_status status; /* the worst of all */
    bool loaded;
    int errors, warnings;
    struct buffer out, error;
    struct built_product *products;
    int product_count, done_count;
    struct built_input *inputs; /* each once */
    int input_count, input_capacity;
    struct buffer findings; /* drawn with colors, for a preview */
};

/* What a build tells as it goes; sent through a pipe by one that runs in another process. The bytes are a text unless
   said otherwise. */
enum build_record {
    RECORD_OUT,      /* printed on standard output */
    RECORD_ERROR,    /* printed on standard error */
    RECORD_INPUT,    /* struct file_mark, then the path */
    RECORD_LOADED,   /* struct build_loaded: the file was read and checked */
    RECORD_FINDINGS, /* the diagnostics, drawn */
    RECORD_NAME,     /* of the product */
    RECORD_TITLE,    /* of the product */
    RECORD_WRITTEN,  /* a file's name */
    RECORD_COSTS,    /* JSON */
    RECORD_DONE,     /* enum exit_status: the task is over */
};
struct build_loaded {
    int products, errors, warnings;
};

/* Takes a record of a product (-1: of the file as a whole). */
void built_take(struct built_file *file, int product, enum build_record record, const char *bytes,
                size_t length);
void built_close(struct built_file *file);

/* ---- making: build_file.c ---- */

/* What makes; it keeps the file that it loaded last. Zero but for the first three. */
struct builder {
    const struct build_request *request;
    void (*tell)(void *context, enum build_record record, const void *bytes, size_t length);
    void *context;
    bool open;
    struct session session;
    struct interner noted; /* inputs that were told */
    struct arena noted_texts;
};

/* Reads and checks a file and says what is wrong with it; or again, in another builder, quietly: EXIT_ENVIRONMENT where it
   is no longer what it was. */
enum exit_status builder_load(struct builder *builder, const char *path, bool again);
/* Makes the documents of one of its products. */
enum exit_status builder_make(struct builder *builder, int product);
void builder_close(struct builder *builder);

/* The costs of every SKU at every quantity that documents reckon with, as JSON: build_costs.c. */
void build_costs(struct buffer *out, const struct spec *spec, const struct product *product);

/* ---- in other processes: build_pool.c ---- */

/* Makes all files with so many processes, of the first ones that are loaded already their products; tells of each file in the order of the paths, as soon as it and all before it
   are done. A process that dies is our fault: EXIT_OUR_FAULT for what it was at. False where a signal ended it; call
   between ending_begin and ending_end. */
bool pool_build(const struct build_request *request, const char *const *paths, int count, int jobs,
                struct built_file *built, void (*finished)(struct built_file *file, void *context),
                void *context);

#endif
