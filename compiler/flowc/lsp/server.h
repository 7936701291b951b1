/* The language server: what it knows of the editor, and what its handlers share. One thread; a table of methods
   (methods.c), a handler a file where it is of size. */
#ifndef FLOW_LSP_SERVER_H
#define FLOW_LSP_SERVER_H

#include "flowc/lsp/roots.h"
#include "flowc/lsp/uri.h"
#include "flowc/lsp/wire.h"

enum rpc_code {
    RPC_PARSE_ERROR = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_METHOD_NOT_FOUND = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_NOT_INITIALIZED = -32002,
    RPC_REQUEST_FAILED = -32803,
    RPC_CANCELLED = -32800
};

/* What a handler answers where it cannot answer. */
struct trouble {
    enum rpc_code code;
    char message[256];
};

struct message { /* that came in and waits */
    struct message *next;
    json_t *json;
    bool cancelled;
};

struct server {
    int in, out; /* descriptors */
    struct wire wire;
    struct message *first, *last; /* the queue */
    bool initialized, shut_down, ended;
    bool utf8;     /* positions count bytes, not UTF-16 units */
    bool snippets; /* the editor takes snippets in completions */
    bool pictures; /* it shows pictures in hovers */
    bool watches;  /* it lets us ask for files to be watched */
    struct documents documents;
    struct roots roots;
    struct resident resident;
    const char *edited; /* path of the document that changed last: it is checked first; NULL */
    json_t *published;  /* path -> diagnostics, as the editor has them */
    json_t *versions;   /* path -> version of the document they were of, and 1 */
    char *pages;     /* URI of the folder with the pages of the rules; NULL where there is none */
    json_t *folders; /* paths of the workspace */
    int next_id;     /* of our own requests */
    struct arena scratch; /* emptied after each message */
};

/* NULL: trouble is set. Requests answer with a new reference (json_null() for nothing). */
typedef json_t *handler(struct server *server, const json_t *params, struct trouble *trouble);

struct method {
    const char *name;
    bool notification;
    handler *handle;
};
extern const struct method methods[];
extern const int method_count;

/* ---- server.c ---- */
int server_run(struct server *server);
/* All that is complete in the wire is handled; for whoever has no descriptor to read from. */
void server_take(struct server *server, const char *bytes, size_t length);
void server_close(struct server *server);
void server_send(struct server *server, json_t *message); /* takes the reference */
void server_notify(struct server *server, const char *method, json_t *params);
json_t *refuse(struct trouble *trouble, enum rpc_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- checking.c ---- */
/* What is to be done when nobody asks for anything. */
enum work { WORK_NONE, WORK_SOON, WORK_NOW };
enum work work_waiting(struct server *server);
void work_one(struct server *server);
/* The resident spec of a document, checked as it is now; NULL where there is none. */
struct resident *resident_of(struct server *server, const char *path);
/* Checks all that are dirty. */
void check_all_roots(struct server *server);
/* Whether a root matters to the editor. */
bool root_is_wanted(const struct server *server, const struct root *root);
void forget_root(struct server *server, struct root *root);
/* The same, and it is no root any more. */
void drop_root(struct server *server, struct root *root);
/* A folder is one of the workspace from here on, or no longer; survey_folders takes note. */
void folder_is_there(struct server *server, const json_t *uri, bool there);
/* All .flow files of the workspace become roots, and those that are neither of it nor open are none any more. */
void survey_folders(struct server *server);

/* ---- publish.c ---- */
/* What the resident spec says becomes the root's findings, and the editor is told. */
void take_findings(struct server *server, struct root *root);
void publish_all_of(struct server *server, const char *path);

/* ---- protocol.c: places, ranges, texts as the protocol writes them ---- */
struct place place_read(const json_t *position);
json_t *place_json(struct place place);
json_t *range_json(struct place begin, struct place end);
json_t *lined_range(const struct server *server, const struct lined_text *lined, uint32_t begin,
                    uint32_t end);
/* Of a span of the resident spec. */
json_t *span_range(struct server *server, struct span span);
json_t *span_location(struct server *server, struct span span);
json_t *text_edit(json_t *range, const char *text);
json_t *markdown(const char *text);
/* The URI that the editor knows a path by. */
const char *uri_of(struct server *server, const char *path);

/* The open document a request speaks of, NULL after refusing. */
struct document *asked_document(struct server *server, const json_t *params,
                                struct trouble *trouble);

/* A place in an open document, and the spec it stands in. */
struct asked {
    struct document *document;
    struct resident *resident;   /* NULL where it cannot be compiled */
    const struct source *source; /* the document's, in the resident spec; NULL likewise */
    uint32_t offset;             /* in the text */
    uint32_t position;           /* in the spec; 0 where there is none */
};
/* False after refusing. */
bool asked_place(struct server *server, const json_t *params, struct asked *asked,
                 struct trouble *trouble);
/* The same without a place. */
bool asked_spec(struct server *server, const json_t *params, struct asked *asked,
                struct trouble *trouble);

#endif
