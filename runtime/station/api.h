/* What may be asked of the API, and what is answered: tables and pure functions of the view; http.c carries them. To add an
   address: its row in endpoints.c, its function, and the shape of its answer in shapes.c; the OpenAPI document follows. */
#ifndef FLOW_STATION_API_H
#define FLOW_STATION_API_H

#include "station/request.h"
#include "station/secrets.h"
#include "station/view.h"

enum { COMMANDS_AT_MOST = 1000 }; /* in one request */

struct asked_command {
    char id[COMMAND_ID_LENGTH + 1]; /* "" for one that changes nothing when it comes again */
    struct message message;
    struct answer answer; /* the writer's */
};

struct sessions;
struct floor;

/* An answer that a verb made and that is good until something happens, or for a while. Only the clerk touches it. */
struct kept {
    struct buffer body;
    int64_t last_event; /* of which it knows at least */
    int64_t until_ms;
};
enum { KEPT_PLAN, KEPT_PLAN_PICTURE, KEPT_COUNT };

struct api {
    struct view *view;
    struct floor *floor; /* NULL: there is no farm.yaml */
    struct sessions *sessions;
    const char *folder; /* the shop's */
    const char *farm;   /* farm.yaml, NULL: none */
    struct kept *kept;  /* KEPT_COUNT */
    int64_t begun_ms;   /* when the server was */
    bool training;      /* the shop is a copy that is thrown away */
};

struct inquiry;
typedef void answer_writer(struct inquiry *inquiry);

/* Somebody says who they are. */
struct sign_in {
    const char *person;
    enum secret_kind kind;
    char *typed;
    const char *hash; /* of what is right, once the porter has looked; "" for nobody */
    /* Makes the reply of a right one; or what the writer needs for it. */
    void (*welcome)(const struct api *api, struct inquiry *inquiry);
};

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
    struct kept *kept;             /* where its answer is kept; NULL: nowhere */
    int64_t kept_event;            /* the last event of which the answer must know */
    struct sign_in sign_in;
    void *what; /* what it needs besides */
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
bool is_bare_tablet(const struct request *request);
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
/* What a page may not send without a PIN: a signature. */
bool is_signature(enum message_kind command);
/* ---- sign_in.c ---- */
endpoint_handler answer_session, begin_session, end_session, trust_tablet, sign;
/* The name of the cookie: a browser keeps one for all ports of a machine, and practice must not end what is meant. */
const char *session_cookie(const struct api *api);
/* For the porter, one at a time: looks whether what was typed is right, and makes the reply. */
void try_sign_in(const struct api *api, struct inquiry *inquiry);
/* Who asks by what the browser has. The texts are the state's. A page that says which session it means (`mark`, which may be
   NULL or empty) is not answered by another one that began in the same browser since. */
const struct person *session_person(const struct api *api, const struct state *state,
                                    const char *session, const char *mark);
const struct person *tablet_person(const struct state *state, const char *token);
/* ---- import.c ---- */
endpoint_handler import_orders;
/* ---- reads.c, read_batches.c, read_orders.c, read_trace.c ---- */
endpoint_handler answer_status, answer_health, answer_openapi, answer_people, answer_products,
    answer_lots, answer_events, follow_events;
/* ---- read_metrics.c ---- */
endpoint_handler answer_metrics;
endpoint_handler answer_batches, answer_batch, answer_units;
endpoint_handler answer_orders, answer_order;
endpoint_handler answer_trace;
/* ---- read_jobs.c ---- */
endpoint_handler answer_jobs, answer_printers;
/* ---- read_bench.c ---- */
endpoint_handler answer_bench, answer_step;
/* ---- read_board.c ---- */
endpoint_handler answer_board, answer_today;
/* ---- read_desk.c ---- */
endpoint_handler answer_quarantine, answer_approvals, answer_packing;
/* ---- files.c ---- */
endpoint_handler answer_file;
/* A page's own file; false where it is none. */
bool answer_asset(struct inquiry *inquiry);
/* ---- documents.c ---- */
endpoint_handler answer_traveler, answer_labels, answer_parcel_label, answer_label_printers,
    print_labels;
endpoint_handler answer_record, answer_record_pages, answer_part, answer_actuals,
    answer_actuals_patch, answer_plan, answer_plan_picture;

/* ---- for those: pages of a table ---- */

/* Writes a thing, or nothing where the request does not want it: then false. */
typedef bool write_thing(struct buffer *out, const struct state *state, const void *thing,
                         struct inquiry *inquiry);
/* {"last_event":..,"total":..,"items":[..],"next":..} of a table, by `from` and `limit`. */
bool answer_page(const struct api *api, struct inquiry *inquiry, size_t table, write_thing *write);
#define TABLE(name) offsetof(struct state, name)

/* An event as the API gives it: its number and time before what the journal has. */
write_event event_as_json, event_as_message;

#endif
