/* Commands as bodies of a request, and their answers. */
#include "station/api.h"

#include "shop/uuid.h"
#include "station/body.h"
#include "station/json.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_AT_MOST = 8 }; /* of brackets: an array of flat commands has two */

/* Before a parser sees it: brackets too deep would be its stack, bytes that are no text would be the journal's. */
static bool is_sound(const struct request *request, struct reply *reply)
{
    int depth = 0;
    bool in_text = false;

    for (size_t i = 0; i < request->body_length; i++) {
        char c = request->body[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DEPTH_AT_MOST)
                return problem(reply, 400, "The body is nested deeper than %d.", DEPTH_AT_MOST);
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

json_t *body_read(const struct request *request, struct reply *reply)
{
    json_error_t error;
    if (!is_sound(request, reply))
        return NULL;
    json_t *root = json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        problem(reply, 400, "No JSON at line %d, column %d: %s.", error.line, error.column,
                error.text);
    return root;
}

/* ---- one command ---- */

static bool read_id(const json_t *object, char id[COMMAND_ID_LENGTH + 1], struct failure *failure)
{
    const char *text = json_string_value(json_object_get(object, "id"));
    if (!text || !uuid_is(text))
        return fail(failure, "`id` is a UUID of the sender's making (version 7), by which a "
                             "command that comes twice is known: "
                             "`01890a5d-ac96-774b-bcce-b302099a8057`");
    for (int i = 0; i <= COMMAND_ID_LENGTH; i++)
        id[i] = (char)tolower((unsigned char)text[i]);
    return true;
}

/* Text of a command goes into the journal, onto pages and labels. A line end is fine in a reason. */
static bool texts_are_plain(const struct message *message, struct failure *failure)
{
    const struct message_row *row = &message_rows[message->kind];
    for (int i = 0; i < row->field_count; i++) {
        const char *text = row->fields[i].whole ? "" : message->cells[i].text;
        for (; *text; text++)
            if (iscntrl((unsigned char)*text) && *text != '\n' && *text != '\t')
                return fail(failure, "`%s` has control characters in it", row->fields[i].name);
    }
    return true;
}

static bool read_command(json_t *object, struct inquiry *inquiry, struct asked_command *asked,
                         struct failure *failure)
{
    if (!json_is_object(object))
        return fail(failure, "a command is a JSON object");
    if (json_object_get(object, "by"))
        return fail(failure, "`by` is not the sender's to say: the token tells who asks");
    if (!read_id(object, asked->id, failure))
        return false;
    json_object_del(object, "id");
    char *text = json_dumps(object, JSON_COMPACT);
    bool good =
        message_read(text, strlen(text), false, &inquiry->names, &asked->message, failure) &&
        texts_are_plain(&asked->message, failure);
    free(text);
    return good;
}

/* A session says who works at a page, and that may be hours ago: what is signed wants the PIN anew. */
static bool no_signature(struct inquiry *inquiry)
{
    for (int i = 0; inquiry->request.by_cookie && i < inquiry->command_count; i++)
        if (is_signature(inquiry->commands[i].message.kind))
            return problem(&inquiry->reply, 403,
                           "A signature wants the PIN: POST /api/v1/signatures.");
    return true;
}

static bool read_all(json_t *root, struct inquiry *inquiry, struct reply *reply)
{
    struct failure failure;
    inquiry->many = json_is_array(root);
    size_t count = inquiry->many ? json_array_size(root) : 1;

    if (count == 0 || count > COMMANDS_AT_MOST)
        return problem(reply, 400, "An array has 1 to %d commands.", COMMANDS_AT_MOST);
    inquiry->commands = ARENA_ARRAY(&inquiry->arena, struct asked_command, count);
    for (size_t i = 0; i < count; i++) {
        json_t *one = inquiry->many ? json_array_get(root, i) : root;
        if (!read_command(one, inquiry, &inquiry->commands[i], &failure))
            return inquiry->many
                       ? problem(reply, 400, "Command %zu of the array: %s. None was done.", i + 1,
                                 failure.message)
                       : problem(reply, 400, "%s.", failure.message);
    }
    inquiry->command_count = (int)count;
    return no_signature(inquiry);
}

/* ---- answers ---- */

/* A refusal is a problem too: both its own members and those of RFC 9457. */
static void answer_refusal(struct inquiry *inquiry, const struct answer *answer)
{
    struct reply *reply = &inquiry->reply;
    problem(reply, 409, "%s", answer->refusal);
    reply->body.length--; /* its closing brace */
    json_flag(&reply->body, "accepted", false);
    json_text(&reply->body, "refusal", answer->refusal);
    if (*answer->said)
        json_raw(&reply->body, "said", answer->said, strlen(answer->said));
    json_said(&reply->body, "place", answer->place);
    if (answer->repeated)
        json_flag(&reply->body, "repeated", true);
    json_end(&reply->body, '}');
}

static void answer_commands(struct inquiry *inquiry)
{
    struct reply *reply = &inquiry->reply;

    reply->kind = REPLY_BODY;
    if (!inquiry->many && !inquiry->commands->answer.accepted) {
        answer_refusal(inquiry, &inquiry->commands->answer);
        return;
    }
    reply->status = 200;
    if (inquiry->many)
        json_begin(&reply->body, NULL, '[');
    for (int i = 0; i < inquiry->command_count; i++) {
        if (i)
            buffer_add_char(&reply->body, ',');
        answer_write(&reply->body, &inquiry->commands[i].answer);
    }
    if (inquiry->many)
        json_end(&reply->body, ']');
}

/* ---- all of it ---- */

bool take_commands(const struct api *api, struct inquiry *inquiry)
{
    json_t *root = body_read(&inquiry->request, &inquiry->reply);

    (void)api;
    if (!root)
        return false;
    interner_open(&inquiry->names, &inquiry->arena);
    bool good = read_all(root, inquiry, &inquiry->reply);
    json_decref(root);
    inquiry->finish = answer_commands;
    if (good)
        inquiry->reply.kind = REPLY_COMMANDS;
    return good;
}

void api_answer_failure(struct inquiry *inquiry, const struct failure *failure)
{
    if (inquiry->done_count)
        problem(&inquiry->reply, 503,
                "%s. The first %d of %d commands were done; send all of them again: "
                "what is done already is not done twice.",
                failure->message, inquiry->done_count, inquiry->command_count);
    else
        problem(&inquiry->reply, 503, "%s. Nothing was done; the same may be sent again.",
                failure->message);
    inquiry->reply.retry_s = 5;
}
