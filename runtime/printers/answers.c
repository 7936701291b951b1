#include "printers/answers.h"

#include <stdio.h>
#include <string.h>

json_t *reply_json(const struct reply *reply)
{
    return reply->length ? json_loadb(reply->body, reply->length, 0, NULL) : NULL;
}

json_t *json_at(json_t *object, const char *path)
{
    char name[64];
    while (object && *path) {
        size_t length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        object = json_object_get(object, name);
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

void copy_text(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text);
}

enum printer_state state_of_word(const struct state_word *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].state;
    return PRINTER_UNKNOWN;
}
