/* The outputs of `flowc build`: one row and one folder each. An output reads the spec and writes files through
   base/sink.h; it never reads another output's folder. */
#ifndef FLOW_EMIT_EMIT_H
#define FLOW_EMIT_EMIT_H

#include "base/failure.h"
#include "spec/fingerprint.h"
#include "spec/spec.h"

enum paper { PAPER_A4, PAPER_LETTER };

struct characteristics;

struct emit_context {
    const struct spec *spec;
    const struct product *product;
    const char *folder; /* <out>/<product name>; where the product's files go */
    enum paper paper;
    const char *history; /* path of the revision history that goes along in packets; NULL */
    struct arena *arena;
    struct failure *failure;
    /* names of the files written, for the last message and the manifest; in the arena, relative to folder */
    const char **written;
    int written_count;
    int written_capacity;
    const struct characteristics *characteristics; /* emit/common's, NULL until asked for */
};

struct emit_row {
    const char
        *name; /* as in --only: instructions, diagram, workbook, packet, labels, forms, spec */
    const char *files; /* for people: "instructions.html, instructions.pdf" */
    bool (*emit)(struct emit_context *context);
};

extern const struct emit_row emit_rows[];
extern const int emit_row_count;

/* Notes a file as written (name relative to the context's folder). */
void emit_wrote(struct emit_context *context, const char *name);
/* folder/name in the arena. */
char *emit_path(struct emit_context *context, const char *name);

/* A source file as documents name it: relative to the main file, for shipped ones within specs/, so that it does not
   depend on where the command runs. May be in the arena. */
const char *emit_source_name(const struct spec *spec, const struct source *source,
                             struct arena *arena);

bool emit_instructions(struct emit_context *context);
bool emit_diagram(struct emit_context *context);
bool emit_workbook(struct emit_context *context);
bool emit_packet(struct emit_context *context);
/* The name in the archive of the revision history that went along. */
#define PACKET_HISTORY "history.md"
bool emit_labels(struct emit_context *context);
/* A thing of the shop on paper: a unit (with its SKU), a parcel, a batch. What its codes say, and what is known of the lines that are
   left blank else, as {name, text}: {"Batch", "B-1"}. */
struct labelled {
    const struct sku *sku;
    const char *name;
    const char *(*fields)[2];
    int field_count;
};
/* Labels of such, one after the other, to a file: form "62mm.pdf", "62mm.zpl", "4x6.pdf", "4x6.zpl". */
bool emit_labels_of(struct emit_context *context, const struct labelled *things, int count,
                    const char *form, const char *path);
/* The traveler of a batch, the first pages of its instructions: a PDF. */
bool emit_traveler_of(struct emit_context *context, const struct labelled *batch, const char *path);
bool emit_forms(struct emit_context *context);
bool emit_spec(struct emit_context *context);

/* The flow diagram as bytes, for documents that show it and for `flowc graph`: format "dot", "svg", "pdf", "png".
   Lives in emit/diagram, used by the pages through this function only. */
bool diagram_render(const struct spec *spec, const struct product *product, const char *format,
                    struct buffer *out, struct failure *failure);

struct diagram_options {
    const struct sku *sku; /* only the steps it takes, with its times; NULL is all of them */
    const struct diagnostic *const
        *witnesses; /* their ways are drawn red, and their messages told */
    int witness_count;
    bool lanes; /* a lane a station */
};
bool diagram_render_with(const struct spec *spec, const struct product *product,
                         const struct diagram_options *options, const char *format,
                         struct buffer *out, struct failure *failure);

/* SHA-256 (64 hex digits) over what the release's `void_on` names (the whole product where nothing is named): comments
   and layout do not count, files count by their bytes. */
bool product_fingerprint(const struct spec *spec, const struct product *product, char hex[65],
                         struct failure *failure);

/* The fields and the fingerprint, in the arena. False with a failure where a file cannot be read. */
bool product_fingerprint_fields(const struct spec *spec, const struct product *product,
                                struct arena *arena, struct fingerprint_fields *fields,
                                struct failure *failure);
/* The same of the lane, by which a repeat is made: what `void_on` names, and what a print is made of and from, named or not
   (docs/reorders.md). */
bool product_lane_fields(const struct spec *spec, const struct product *product,
                         struct arena *arena, struct fingerprint_fields *fields,
                         struct failure *failure);

#endif
