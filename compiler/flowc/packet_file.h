/* A packet that was made: the archive and its manifest, as bytes. */
#ifndef FLOW_FLOWC_PACKET_FILE_H
#define FLOW_FLOWC_PACKET_FILE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"

struct packed_file {
    const char *name;
    char sha256[65]; /* "" where it is not in the archive */
};

struct packet_file {
    struct arena arena;
    char *bytes; /* the archive */
    size_t length;
    const char *product, *number, *revision, *packet, *fingerprint; /* as the manifest says */
    struct packed_file *said;                                       /* as the manifest lists them */
    struct packed_file *found;                                      /* the same, as they are */
    int count;
    int others;            /* files in the archive that the manifest does not know */
    char manifest[65];     /* its own SHA-256 */
    struct buffer history; /* the revision history that went along; empty where none did */
};

/* Reads it whole. False with a failure where it is no packet, or cannot be read. */
bool packet_file_open(struct packet_file *packet, const char *path, struct failure *failure);
void packet_file_close(struct packet_file *packet);

#endif
