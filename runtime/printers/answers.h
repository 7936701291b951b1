/* Private to printers/: reading what a printer's server answered. */
#ifndef FLOW_PRINTERS_ANSWERS_H
#define FLOW_PRINTERS_ANSWERS_H

#include "printers/printer.h"

#include <jansson.h>

/* The body as JSON, NULL where it is none; json_decref it. */
json_t *reply_json(const struct reply *reply);
/* The member at "a.b.c", NULL where any of them is missing. */
json_t *json_at(json_t *object, const char *path);
/* Its text, "" where it is none. */
const char *json_text_at(json_t *object, const char *path);
/* Its number, or the other one. */
double json_number_at(json_t *object, const char *path, double otherwise);
/* The same as a whole number of seconds; -1 where it is none that a print could take. */
long json_seconds_at(json_t *object, const char *path);
/* The same, said in millimetres, in thousandths of one; 0 where it is none that a printer has. */
int64_t json_um_at(json_t *object, const char *path);
/* The same as a share of `whole`, 0 to 1; -1 where it is none. */
double json_share_at(json_t *object, const char *path, double whole);
/* Whether the heater there is to be hot and is not yet; the names are of what it has and of what it is to have, in °C. */
bool json_heats_at(json_t *heater, const char *has, const char *wants);
/* What a refusal says, without what could harm a terminal: its "error", "error.message", else its first words. */
void reply_words(const struct reply *reply, char *words, size_t size);
/* Copies as much as fits in whole characters, control characters as spaces. */
void copy_text(char *to, size_t size, const char *text);
#define COPY_TEXT(to, text) copy_text((to), sizeof(to), (text))

/* Whether the status is one of success. */
static inline bool reply_is_good(const struct reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

/* A word of the printer's and the state that it is. */
struct state_word {
    const char *word;
    enum printer_state state;
};
enum printer_state state_of_word(const struct state_word *words, size_t count, const char *word);

#endif
