/* People at pages: signed in by PIN at a tablet that an admin trusts, by password elsewhere. A tablet is a person of the role
   `tablet`, who may look and do nothing, and whose token the tablet's browser keeps. */
#include "station/api.h"

#include "station/body.h"
#include "station/json.h"
#include "station/private.h"
#include "station/sessions.h"
#include "station/tokens.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { MARK_LENGTH = 16 };

static const char tablet_cookie[] = "flow_tablet";

const char *session_cookie(const struct api *api)
{
    return api->training ? "flow_practice" : "flow_session";
}

/* A session's name among pages: nobody gets in by it. */
static void session_mark(const char *session, char mark[MARK_LENGTH + 1])
{
    char hash[TOKEN_HASH_DIGITS + 1];
    token_hash(session, hash);
    memcpy(mark, hash, MARK_LENGTH);
    mark[MARK_LENGTH] = '\0';
}

const struct person *session_person(const struct api *api, const struct state *state,
                                    const char *session, const char *mark)
{
    char own[MARK_LENGTH + 1];
    session_mark(session, own);
    if (mark && strlen(mark) == MARK_LENGTH && strcmp(mark, own) != 0)
        return NULL;
    return session_find(api->sessions, state, session, monotonic_ms());
}

const struct person *tablet_person(const struct state *state, const char *token)
{
    const struct person *person = token_person(state, token);
    return person && words_have(person->roles, "tablet", strlen("tablet")) ? person : NULL;
}

/* An age of 0 takes it back. Scripts cannot read it, and no other site's page makes a browser send it. */
static void set_cookie(struct inquiry *inquiry, const char *name, const char *value, int64_t age_s)
{
    struct reply *reply = &inquiry->reply;
    reply->cookies[reply->cookie_count++] =
        arena_printf(&inquiry->arena, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
                     name, value, (long long)age_s, inquiry->request.secure ? "; Secure" : "");
}

/* ---- who is there ---- */

/* Whose PIN may be typed here. */
static void write_people(struct buffer *out, const struct state *state)
{
    json_begin(out, "people", '[');
    for (int i = 0; i < state->persons.count; i++) {
        const struct person *person = state->persons.things[i];
        if (*person->pin && !person->dismissed)
            json_text(out, NULL, person->name);
    }
    json_end(out, ']');
}

static void write_session(const struct api *api, struct inquiry *inquiry, const char *signed_in)
{
    char mark[MARK_LENGTH + 1];
    struct buffer *out = &inquiry->reply.body;
    const struct request *request = &inquiry->request;
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);
    const char *name = signed_in ? intern_find(&state->names, signed_in, strlen(signed_in)) : NULL;
    const struct person *person = name ? state_person(state, name) : NULL;

    inquiry->reply.status = 200;
    inquiry->reply.type = "application/json";
    json_begin(out, NULL, '{');
    if (person) {
        json_text(out, "person", person->name);
        json_text(out, "roles", person->roles);
        session_mark(request->session, mark);
        json_text(out, "mark", mark);
    }
    if (request->tablet) {
        json_text(out, "tablet", request->tablet);
        write_people(out, state);
    }
    json_flag(out, "training", api->training);
    json_text(out, "version", FLOW_VERSION);
    json_end(out, '}');
    view_end(api->view);
}

bool answer_session(const struct api *api, struct inquiry *inquiry)
{
    const struct request *request = &inquiry->request;
    bool tablet_only =
        request->tablet && request->person && strcmp(request->person, request->tablet) == 0;
    write_session(api, inquiry, tablet_only ? NULL : request->person);
    return true;
}

/* A form of another site's page could send this too, and would sign somebody in as somebody else. */
static bool is_our_page(struct inquiry *inquiry)
{
    return inquiry->request.by_page ||
           problem(&inquiry->reply, 403, "This is for the pages of this server.");
}

bool end_session(const struct api *api, struct inquiry *inquiry)
{
    if (!is_our_page(inquiry))
        return false;
    session_end(api->sessions, inquiry->request.session);
    set_cookie(inquiry, session_cookie(api), "", 0);
    write_session(api, inquiry, NULL);
    return true;
}

/* ---- a tablet ---- */

bool trust_tablet(const struct api *api, struct inquiry *inquiry)
{
    enum { AGE_S = 400 * 24 * 3600 }; /* browsers keep none longer */
    int64_t last_event;
    if (!is_our_page(inquiry))
        return false;
    json_t *root = body_read(&inquiry->request, &inquiry->reply);
    const char *said = json_string_value(json_object_get(root, "token"));
    const char *token = said ? arena_copy_text(&inquiry->arena, said, strlen(said)) : "";
    if (root) {
        const struct person *tablet = tablet_person(view_begin(api->view, &last_event), token);
        inquiry->request.tablet =
            tablet ? arena_copy_text(&inquiry->arena, tablet->name, strlen(tablet->name)) : NULL;
        view_end(api->view);
    }
    json_decref(root);
    if (!root)
        return false;
    if (!inquiry->request.tablet)
        return problem(
            &inquiry->reply, 403,
            "This is no token of a tablet, or it was revoked. An admin makes one: `flowd "
            "people admit NAME tablet`, `flowd token issue NAME`.");
    set_cookie(inquiry, tablet_cookie, token, AGE_S);
    write_session(api, inquiry, NULL);
    return true;
}

/* ---- signing in ---- */

static bool read_text(struct inquiry *inquiry, const json_t *root, const char *name, char **text)
{
    const char *said = json_string_value(json_object_get(root, name));
    *text = said ? arena_copy_text(&inquiry->arena, said, strlen(said)) : NULL;
    return said && strlen(said) <= SECRET_AT_MOST;
}

/* {"person":..,"pin":..} or {"person":..,"password":..} */
static bool read_sign_in(struct inquiry *inquiry, const json_t *root)
{
    struct sign_in *asked = &inquiry->sign_in;
    char *person;
    asked->kind = json_object_get(root, "pin") ? SECRET_PIN : SECRET_PASSWORD;
    if (!read_text(inquiry, root, "person", &person) ||
        !read_text(inquiry, root, asked->kind == SECRET_PIN ? "pin" : "password", &asked->typed))
        return problem(&inquiry->reply, 400,
                       "Say `person`, and `pin` or `password`, each a text of at most %d bytes.",
                       SECRET_AT_MOST);
    asked->person = person;
    if (asked->kind == SECRET_PIN && !inquiry->request.tablet)
        return problem(
            &inquiry->reply, 403,
            "A PIN serves at a tablet that an admin trusts; elsewhere it is the password.");
    inquiry->reply.kind = REPLY_SECRET;
    return true;
}

/* What was there before is over: a session that somebody else put into this browser is nobody's. */
static void welcome_person(const struct api *api, struct inquiry *inquiry)
{
    char token[TOKEN_LENGTH + 1];
    session_end(api->sessions, inquiry->request.session);
    session_begin(api->sessions, inquiry->sign_in.person, inquiry->sign_in.hash, monotonic_ms(),
                  token);
    set_cookie(inquiry, session_cookie(api), token, SESSION_MS / 1000);
    inquiry->request.session = token;
    write_session(api, inquiry, inquiry->sign_in.person);
}

bool begin_session(const struct api *api, struct inquiry *inquiry)
{
    (void)api;
    if (!is_our_page(inquiry))
        return false;
    json_t *root = body_read(&inquiry->request, &inquiry->reply);
    bool good = root && read_sign_in(inquiry, root);
    json_decref(root);
    inquiry->sign_in.welcome = welcome_person;
    return good;
}

/* ---- signatures ---- */

bool is_signature(enum message_kind command)
{
    return command == COMMAND_sign_gate || command == COMMAND_approve_sample;
}

/* The command is asked by whoever typed the PIN, whoever works at this tablet. */
static void welcome_signature(const struct api *api, struct inquiry *inquiry)
{
    inquiry->request.person = inquiry->sign_in.person;
    inquiry->request.by_cookie = false;
    take_commands(api, inquiry);
}

/* {"person":..,"pin":..,"command":{..}} */
bool sign(const struct api *api, struct inquiry *inquiry)
{
    (void)api;
    if (!is_our_page(inquiry))
        return false;
    json_t *root = body_read(&inquiry->request, &inquiry->reply);
    bool good = root && read_sign_in(inquiry, root);
    char *command = good ? json_dumps(json_object_get(root, "command"), JSON_COMPACT) : NULL;
    if (good && !command)
        good = problem(&inquiry->reply, 400, "`command` is what is signed.");
    if (command) {
        inquiry->request.body = arena_copy_text(&inquiry->arena, command, strlen(command));
        inquiry->request.body_length = strlen(command);
    }
    free(command);
    json_decref(root);
    inquiry->sign_in.welcome = welcome_signature;
    return good;
}

/* ---- the porter's ---- */

static const char *hash_of(const struct api *api, struct inquiry *inquiry)
{
    const struct sign_in *asked = &inquiry->sign_in;
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);
    const char *name = intern_find(&state->names, asked->person, strlen(asked->person));
    const struct person *person = name ? state_person(state, name) : NULL;
    const char *hash = !person || person->dismissed ? ""
                       : asked->kind == SECRET_PIN  ? person->pin
                                                    : person->password;
    hash = arena_copy_text(&inquiry->arena, hash, strlen(hash));
    view_end(api->view);
    return hash;
}

void try_sign_in(const struct api *api, struct inquiry *inquiry)
{
    struct sign_in *asked = &inquiry->sign_in;
    struct reply *reply = &inquiry->reply;
    const char *word = SECRET_WORD(asked->kind);
    const char *who = arena_printf(&inquiry->arena, "%s of %s", word, asked->person);
    const char *place =
        asked->kind == SECRET_PIN ? inquiry->request.tablet : inquiry->request.address;
    int64_t wait_ms = tries_wait_ms(api->sessions, who, place, monotonic_ms());

    reply->kind = REPLY_BODY;
    asked->hash = wait_ms ? "" : hash_of(api, inquiry);
    bool right = !wait_ms && secret_is(asked->typed, asked->hash);
    sodium_memzero(asked->typed, strlen(asked->typed));
    if (!wait_ms)
        tries_note(api->sessions, who, place, right, monotonic_ms());
    if (right) {
        asked->welcome(api, inquiry);
    } else if (wait_ms) {
        problem(reply, 429, "That was wrong too often; try again in %lld s.",
                (long long)(wait_ms + 999) / 1000);
        reply->retry_s = (int)((wait_ms + 999) / 1000);
    } else {
        problem(reply, 401, "The name or the %s is not right.", word);
    }
}
