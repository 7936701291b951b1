/* Inside emit/packet: one packet, and what its documents share. */
#ifndef FLOW_EMIT_PACKET_PACKET_H
#define FLOW_EMIT_PACKET_PACKET_H

#include "base/buffer.h"
#include "emit/common/photos.h"
#include "emit/common/pictures.h"
#include "emit/emit.h"

/* A file that goes along: a model, a drawing, a photo. */
struct enclosure {
    const char *name;                /* in the packet: "files/bracket.step" */
    const char *of;                  /* title of what it belongs to */
    const struct declaration *owner; /* the part or standard; NULL for the packet's own files */
    const char *what;                /* "model", "drawing", "photo" */
    const char *path;                /* where it was read; NULL for the packet's own */
    char sha256[65];
    char *content; /* freed by enclosures_free */
    size_t length;
};

struct enclosures {
    struct enclosure *items;
    int count, capacity;
};

struct quantity_asked {
    const char *text;
    long count;
};

struct request {
    struct emit_context *context;
    const struct packet *packet;
    const char *name; /* of its files: "packet" or "packet_<its name>" */
    char fingerprint[65];
    struct enclosures enclosures;
    struct quantity_asked *quantities;
    int quantity_count;
    const struct part **parts; /* asked for, in the order of the product */
    int part_count;
    struct part_pictures pictures; /* of the parts asked for, whose models go along */
    struct photo_album album;
};

/* A line to be priced: something asked for, in one quantity. */
struct quote_line {
    const char *what; /* the SKU of a whole product, else the part or step */
    const char *number;
    const char *quantity;
    long count;
};
#define QUOTE_LINES_AT_MOST 400

/* What the packet asks a price for, by quantity; in the arena. At most QUOTE_LINES_AT_MOST. */
int quote_lines(struct request *request, struct quote_line **lines);

/* Whether acceptance goes by the inspection. */
bool is_accepted_by(const struct packet *packet, const struct step *step);
/* Making, finishing, assembling, where it is asked for; what is checked, packed and shipped is told elsewhere, and how we
   batch is ours. */
bool is_asked_work(const struct packet *packet, const struct step *step);

/* Reads what goes along, each file once. False with a failure where one cannot be read. */
bool enclosures_collect(struct request *request);
void enclosures_free(struct enclosures *enclosures);

/* <name>.pdf: the request for quotation. */
bool write_request(struct request *request);
/* The workbook that the supplier fills in, as bytes. */
bool write_quote(struct request *request, struct buffer *out);
/* The first article's forms, after AS9102, as bytes; none where nothing that is asked for has a dimension. */
bool write_first_article(struct request *request, struct buffer *out);
bool asks_first_article(struct request *request);
/* What is in the packet, with sizes and SHA-256, and what was disclosed: JSON. */
void write_manifest(const struct request *request, const struct enclosures *files,
                    struct buffer *out);
/* <name>.zip with all of the files under their names; the same bytes for the same files. */
bool write_archive(const struct request *request, const struct enclosures *files);

#endif
