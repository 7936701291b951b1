/* What may be asked of the API, and what is answered: tables and pure functions of the view; http.c carries them. To add an
   address: its row in endpoints.c, its function, and the shape of its answer in shapes.c; the OpenAPI document follows. */
#ifndef FLOW_STATION_API_H
#define FLOW_STATION_API_H

#include "station/request.h"
#include "station/view.h"

enum { COMMANDS_AT_MOST = 1000 }; /* in one request */

struct asked_command {
    char id[COMMAND_ID_LENGTH + 1]; /* "" for one that changes nothing when it comes again */
    struct message message;
    struct answer answer; /* the writer's */
};

struct api {
    struct view *view;
    const char *folder; /* the shop's */
    int64_t begun_ms;   /* when the server was */
};

struct inquiry;
typedef void answer_writer(struct inquiry *inquiry);

/* A request, what it becomes, and its memory. */
struct inquiry {
    struct request request;
    struct reply reply;
    struct arena arena;
    struct interner names; /* of the commands' texts; opened with them */
    struct asked_command *commands;
    int command_count, done_count; /* done: decided, durable, and answered */
    bool many;                     /* they came as an array */
    answer_writer *finish;         /* makes the reply of the commands' answers */
    char **verb;                   /* the command line that makes it, NULL at its end */
    void *what;                    /* what it needs besides */
};

/* True where the reply is ready (or what the writer needs for it); false with a problem. Both are answered. */
typedef bool endpoint_handler(const struct api *api, struct inquiry *inquiry);

enum access { FOR_ANYBODY, FOR_PERSONS };

struct endpoint {
    const char *method, *pattern; /* "GET", "/api/v1/batches/{batch}" */
    const char *summary;
    enum access access;
    const char *queries; /* words of query_rows, with a blank between; "" for none */
    const char *takes;   /* the shape or media type of the body; "" for none */
    const char *answers; /* the shape of the answer, or its media type */
    endpoint_handler *handle;
};

extern const struct endpoint endpoint_rows[];
extern const int endpoint_count;

/* Finds the endpoint and asks it; the reply is filled in any case. A HEAD is a GET; OPTIONS says what is allowed. */
void api_answer(const struct api *api, struct inquiry *inquiry);
/* The name in a pattern's place, length bytes; NULL where that part is no name. */
const char *pattern_name(const char *part, size_t length, size_t *name_length);

/* After the writer: the machine was in the way of those that are not done. */
void api_answer_failure(struct inquiry *inquiry, const struct failure *failure);
/* Frees what is in it. */
void inquiry_free(struct inquiry *inquiry);

/* Adds the OpenAPI 3.1 document. */
void openapi_write(struct buffer *out);

/* ---- commands.c ---- */
endpoint_handler take_commands;
/* ---- import.c ---- */
endpoint_handler import_orders;
/* ---- reads.c, read_batches.c, read_orders.c, read_trace.c ---- */
endpoint_handler answer_status, answer_health, answer_openapi, answer_people, answer_products,
    answer_lots, answer_events, follow_events;
endpoint_handler answer_batches, answer_batch, answer_units;
endpoint_handler answer_orders, answer_order;
endpoint_handler answer_trace;
/* ---- documents.c ---- */
endpoint_handler answer_record, answer_record_pages, answer_actuals, answer_actuals_patch;

/* ---- for those: pages of a table ---- */

/* Writes a thing, or nothing where the request does not want it: then false. */
typedef bool write_thing(struct buffer *out, const struct state *state, const void *thing,
                         const struct inquiry *inquiry);
/* {"last_event":..,"total":..,"items":[..],"next":..} of a table, by `from` and `limit`. */
bool answer_page(const struct api *api, struct inquiry *inquiry, size_t table, write_thing *write);
#define TABLE(name) offsetof(struct state, name)

/* An event as the API gives it: its number and time before what the journal has. */
write_event event_as_json, event_as_message;

#endif
