#include "printers/answers.h"

#include <string.h>

json_t *reply_json(const struct reply *reply)
{
    return reply->length ? json_loadb(reply->body, reply->length, 0, NULL) : NULL;
}

json_t *json_at(json_t *object, const char *path)
{
    while (object && *path) {
        size_t length = strcspn(path, ".");
        object = json_object_getn(object, path, length);
        path += length + (path[length] == '.');
    }
    return object;
}

const char *json_text_at(json_t *object, const char *path)
{
    const char *text = json_string_value(json_at(object, path));
    return text ? text : "";
}

double json_number_at(json_t *object, const char *path, double otherwise)
{
    const json_t *value = json_at(object, path);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

long json_seconds_at(json_t *object, const char *path)
{
    double seconds = json_number_at(object, path, -1);
    return seconds >= 0 && seconds < 1e8 ? (long)seconds : -1;
}

int64_t json_um_at(json_t *object, const char *path)
{
    double length_mm = json_number_at(object, path, 0);
    return length_mm > 0 && length_mm < 1e5 ? (int64_t)(length_mm * 1000 + 0.5) : 0;
}

double json_share_at(json_t *object, const char *path, double whole)
{
    double share = json_number_at(object, path, -1) / whole;
    return share < 0 ? -1 : share > 1 ? 1 : share;
}

bool json_heats_at(json_t *heater, const char *has, const char *wants)
{
    enum { HELD_WITHIN_K = 3 }; /* a heater that holds its temperature swings by less */
    double wanted = json_number_at(heater, wants, 0);
    return wanted > 0 && json_number_at(heater, has, wanted) < wanted - HELD_WITHIN_K;
}

static void copy_bytes(char *to, size_t size, const char *text, size_t length)
{
    size_t at = 0;
    for (; at < length && at + 1 < size && text[at]; at++)
        to[at] = (unsigned char)text[at] < ' ' || text[at] == 127 ? ' ' : text[at];
    while (at < length && at && ((unsigned char)text[at] & 0xC0) == 0x80) /* no half character */
        at--;
    to[at] = 0;
}

void copy_text(char *to, size_t size, const char *text)
{
    copy_bytes(to, size, text, strlen(text));
}

void reply_words(const struct reply *reply, char *words, size_t size)
{
    json_t *answer = reply_json(reply);
    static const char *const places[] = {"error", "error.message", "message", "text", "title"};
    const char *found = "";
    for (size_t i = 0; !*found && i < sizeof places / sizeof *places; i++)
        found = json_text_at(answer, places[i]);
    size_t at = 0; /* of a body that is none of ours, only what is plain */
    while (!answer && at < reply->length && reply->body[at] >= ' ' && reply->body[at] < 127)
        at++;
    if (*found)
        copy_text(words, size, found);
    else
        copy_bytes(words, size, at ? reply->body : "", at);
    json_decref(answer);
}

enum printer_state state_of_word(const struct state_word *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].state;
    return PRINTER_UNKNOWN;
}
