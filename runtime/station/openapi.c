/* The OpenAPI document, made of the tables: endpoints, shapes, queries, commands and events. */
#include "station/api.h"
#include "station/json.h"
#include "station/shapes.h"

#include <stdio.h>
#include <string.h>

static const char uuid_pattern[] =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

/* ---- schemas ---- */

static void write_ref(struct buffer *out, const char *name, const char *folder, const char *what,
                      size_t length)
{
    char reference[128];
    snprintf(reference, sizeof reference, "#/components/%s/%.*s", folder, (int)length, what);
    json_begin(out, name, '{');
    json_text(out, "$ref", reference);
    json_end(out, '}');
}

static bool is_word(const char *type, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(type, word, length) == 0;
}

/* The schema of a type as in shapes.h; its '?' is not looked at. */
static void write_type(struct buffer *out, const char *name, const char *type, const char *about)
{
    size_t length = strcspn(type, "?");

    if (type[0] != '[' && type[0] >= 'A' && type[0] <= 'Z') {
        write_ref(out, name, "schemas", type, length);
        return;
    }
    json_begin(out, name, '{');
    if (type[0] == '[') {
        json_text(out, "type", "array");
        char item[64];
        snprintf(item, sizeof item, "%.*s", (int)strcspn(type, "]") - 1, type + 1);
        write_type(out, "items", item, "");
    } else if (is_word(type, length, "time")) {
        json_text(out, "type", "string");
        json_text(out, "format", "date-time");
    } else {
        char word[16];
        snprintf(word, sizeof word, "%.*s", (int)length, type);
        json_text(out, "type", word);
    }
    json_said(out, "description", about);
    json_end(out, '}');
}

static void write_shape(struct buffer *out, const struct shape *shape)
{
    json_begin(out, shape->name, '{');
    json_text(out, "type", "object");
    json_begin(out, "properties", '{');
    for (int i = 0; i < shape->field_count; i++)
        write_type(out, shape->fields[i].name, shape->fields[i].type, shape->fields[i].about);
    json_end(out, '}');
    json_begin(out, "required", '[');
    for (int i = 0; i < shape->field_count; i++)
        if (!strchr(shape->fields[i].type, '?'))
            json_text(out, NULL, shape->fields[i].name);
    json_end(out, ']');
    json_flag(out, "additionalProperties", false);
    json_end(out, '}');
}

static void write_constant(struct buffer *out, const char *name, const char *value)
{
    json_begin(out, name, '{');
    json_text(out, "const", value);
    json_end(out, '}');
}

static void write_patterned(struct buffer *out, const char *name, const char *pattern,
                            const char *about)
{
    json_begin(out, name, '{');
    json_text(out, "type", "string");
    json_text(out, "pattern", pattern);
    json_text(out, "description", about);
    json_end(out, '}');
}

/* A command has an id and no `by`; an event has a number, a time, and a person where it is not the shop's own. */
static void write_message(struct buffer *out, enum message_kind kind)
{
    const struct message_row *row = &message_rows[kind];
    bool event = message_is_event(kind);

    json_begin(out, row->name, '{');
    json_text(out, "type", "object");
    json_text(out, "description", row->summary);
    json_begin(out, "properties", '{');
    write_constant(out, event ? "event" : "command", row->name);
    if (event) {
        write_type(out, "sequence", "integer", "Its number in the journal");
        write_type(out, "time", "time", "");
        write_type(out, "by", "string", "Who");
    } else {
        write_patterned(out, "id", uuid_pattern,
                        "A UUID of the sender's making (version 7), by "
                        "which the command is known when it comes twice");
    }
    for (int i = 0; i < row->field_count; i++)
        write_type(out, row->fields[i].name, row->fields[i].whole ? "integer" : "string", "");
    json_end(out, '}');
    json_begin(out, "required", '[');
    json_text(out, NULL, event ? "event" : "command");
    json_text(out, NULL, event ? "sequence" : "id");
    if (event)
        json_text(out, NULL, "time");
    json_end(out, ']');
    json_flag(out, "additionalProperties", false);
    json_end(out, '}');
}

/* One of these messages, told apart by a member. */
static void write_choice(struct buffer *out, const char *name, const char *member, int begin,
                         int end)
{
    json_begin(out, name, '{');
    json_begin(out, "oneOf", '[');
    for (int i = begin; i < end; i++)
        write_ref(out, NULL, "schemas", message_rows[i].name, strlen(message_rows[i].name));
    json_end(out, ']');
    json_begin(out, "discriminator", '{');
    json_text(out, "propertyName", member);
    json_end(out, '}');
    json_end(out, '}');
}

/* One of a shape, or an array of it. */
static void write_one_or_many(struct buffer *out, const char *name, const char *shape, int most)
{
    json_begin(out, name, '{');
    json_begin(out, "oneOf", '[');
    write_ref(out, NULL, "schemas", shape, strlen(shape));
    json_begin(out, NULL, '{');
    json_text(out, "type", "array");
    write_ref(out, "items", "schemas", shape, strlen(shape));
    json_whole(out, "minItems", 1);
    json_whole(out, "maxItems", most);
    json_end(out, '}');
    json_end(out, ']');
    json_end(out, '}');
}

static void write_schemas(struct buffer *out)
{
    json_begin(out, "schemas", '{');
    for (int i = 0; i < shape_count; i++)
        write_shape(out, &shape_rows[i]);
    json_begin(out, "Document", '{');
    json_text(out, "type", "object");
    json_end(out, '}');
    write_one_or_many(out, "Commands", "Command", COMMANDS_AT_MOST);
    write_one_or_many(out, "Answers", "Answer", COMMANDS_AT_MOST);
    write_choice(out, "Command", "command", 0, COMMAND_COUNT);
    write_choice(out, "Event", "event", COMMAND_COUNT, MESSAGE_COUNT);
    for (int i = 0; i < MESSAGE_COUNT; i++)
        write_message(out, (enum message_kind)i);
    json_end(out, '}');
}

/* ---- answers ---- */

static void write_content(struct buffer *out, const char *what)
{
    bool type = strchr(what, '/');
    json_begin(out, "content", '{');
    json_begin(out, type ? what : "application/json", '{');
    if (type)
        write_type(out, "schema", "string", "");
    else
        write_ref(out, "schema", "schemas", what, strlen(what));
    json_end(out, '}');
    json_end(out, '}');
}

static const struct problem_row {
    const char *status, *name, *about, *shape;
    bool takes, persons; /* only where a body is taken, where somebody must ask */
} problem_rows[] = {
    {"400", "Wrong", "The request is wrong, and was not done", "Problem", false, false},
    {"401", "Unknown", "It is not known who asks", "Problem", false, true},
    {"403", "Forbidden", "Not from there, or not without a PIN", "Problem", true, false},
    {"404", "Missing", "There is no such thing", "Problem", false, false},
    {"409", "Refused", "The shop's rules forbid it, and it was not done", "Refusal", true, true},
    {"413", "Large", "The body is too large", "Problem", true, false},
    {"415", "Foreign", "The body is of another type", "Problem", true, false},
    {"421", "Misdirected", "The server was asked by a name that is not its own", "Problem", false,
     false},
    {"429", "Busy", "Too much at once: `Retry-After` says when to come again", "Problem", false,
     false},
    {"503", "Unable", "The machine is in the way; nothing was done", "Problem", false, false},
};
enum { PROBLEM_ROWS = sizeof problem_rows / sizeof *problem_rows };

static void write_problem_responses(struct buffer *out)
{
    json_begin(out, "responses", '{');
    for (int i = 0; i < PROBLEM_ROWS; i++) {
        const struct problem_row *row = &problem_rows[i];
        json_begin(out, row->name, '{');
        json_text(out, "description", row->about);
        json_begin(out, "content", '{');
        json_begin(out, "application/problem+json", '{');
        write_ref(out, "schema", "schemas", row->shape, strlen(row->shape));
        json_end(out, '}');
        json_end(out, '}');
        json_end(out, '}');
    }
    json_end(out, '}');
}

static void write_responses(struct buffer *out, const struct endpoint *endpoint)
{
    json_begin(out, "responses", '{');
    json_begin(out, "200", '{');
    json_text(out, "description", "As asked");
    write_content(out, endpoint->answers);
    json_end(out, '}');
    for (int i = 0; i < PROBLEM_ROWS; i++) {
        const struct problem_row *row = &problem_rows[i];
        if ((!row->takes || *endpoint->takes) && (!row->persons || endpoint->access == FOR_PERSONS))
            write_ref(out, row->status, "responses", row->name, strlen(row->name));
    }
    json_end(out, '}');
}

/* ---- what is asked ---- */

static void write_parameter(struct buffer *out, const char *name, size_t length, const char *in,
                            const char *type, const char *about)
{
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)length, name);
    json_begin(out, NULL, '{');
    json_text(out, "name", text);
    json_text(out, "in", in);
    if (strcmp(in, "path") == 0)
        json_flag(out, "required", true);
    json_said(out, "description", about);
    write_type(out, "schema", type, "");
    json_end(out, '}');
}

static void write_parameters(struct buffer *out, const struct endpoint *endpoint)
{
    json_begin(out, "parameters", '[');
    for (const char *part = endpoint->pattern; *part; part += strcspn(part, "/")) {
        size_t length, whole = strcspn(++part, "/");
        const char *name = pattern_name(part, whole, &length);
        if (name)
            write_parameter(out, name, length, "path", "string", "");
    }
    for (const char *word = endpoint->queries; *word; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");
        for (int i = 0; i < query_count; i++)
            if (is_word(word, length, query_rows[i].name))
                write_parameter(out, word, length, "query", query_rows[i].type,
                                query_rows[i].about);
        word += length;
    }
    json_end(out, ']');
}

static void write_operation(struct buffer *out, const struct endpoint *endpoint)
{
    const char *post = "post", *get = "get";
    json_begin(out, strcmp(endpoint->method, "POST") == 0 ? post : get, '{');
    json_text(out, "summary", endpoint->summary);
    write_parameters(out, endpoint);
    if (*endpoint->takes) {
        json_begin(out, "requestBody", '{');
        json_flag(out, "required", true);
        write_content(out, endpoint->takes);
        json_end(out, '}');
    }
    write_responses(out, endpoint);
    if (endpoint->access == FOR_ANYBODY) {
        json_begin(out, "security", '[');
        json_end(out, ']');
    }
    json_end(out, '}');
}

static void write_paths(struct buffer *out)
{
    json_begin(out, "paths", '{');
    for (int i = 0; i < endpoint_count; i++) {
        bool first = i == 0 || strcmp(endpoint_rows[i].pattern, endpoint_rows[i - 1].pattern) != 0;
        bool last = i + 1 == endpoint_count ||
                    strcmp(endpoint_rows[i].pattern, endpoint_rows[i + 1].pattern) != 0;
        if (first)
            json_begin(out, endpoint_rows[i].pattern, '{');
        write_operation(out, &endpoint_rows[i]);
        if (last)
            json_end(out, '}');
    }
    json_end(out, '}');
}

static void write_security(struct buffer *out)
{
    json_begin(out, "securitySchemes", '{');
    json_begin(out, "token", '{');
    json_text(out, "type", "http");
    json_text(out, "scheme", "bearer");
    json_text(out, "description", "A token that `flowd token issue` made");
    json_end(out, '}');
    json_end(out, '}');
}

void openapi_write(struct buffer *out)
{
    json_begin(out, NULL, '{');
    json_text(out, "openapi", "3.1.0");
    json_begin(out, "info", '{');
    json_text(out, "title", "flowd");
    json_text(out, "version", FLOW_VERSION);
    json_text(out, "description",
              "A shop that runs by its .flow specs. What is done is a command; "
              "what happened is an event; the rest is read.");
    json_end(out, '}');
    json_begin(out, "security", '[');
    json_begin(out, NULL, '{');
    json_begin(out, "token", '[');
    json_end(out, ']');
    json_end(out, '}');
    json_end(out, ']');
    write_paths(out);
    json_begin(out, "components", '{');
    write_schemas(out);
    write_problem_responses(out);
    write_security(out);
    json_end(out, '}');
    json_end(out, '}');
    buffer_add_char(out, '\n');
}
