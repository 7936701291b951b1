#include "printers/bambu.h"

#include "printers/answers.h"

#include <stdio.h>
#include <string.h>

const char bambu_ask_all[] = "{\"pushing\":{\"sequence_id\":\"0\",\"command\":\"pushall\","
                             "\"version\":1,\"push_target\":1}}";
const char bambu_ask_alive[] = "{\"info\":{\"sequence_id\":\"0\",\"command\":\"get_version\"}}";

enum { TEXT_AT_MOST = 255, ERRORS_AT_MOST = 8 };

/* ---- what is kept ---- */

/* The first of what its health system complains of; each has two numbers. */
static json_t *errors_of(json_t *list)
{
    json_t *kept = json_array(), *error;
    size_t at;
    json_array_foreach(list, at, error)
    {
        const json_t *where = json_object_get(error, "attr"),
                     *what = json_object_get(error, "code");
        if (at < ERRORS_AT_MOST && json_is_integer(where) && json_is_integer(what))
            json_array_append_new(kept, json_pack("{s:I, s:I}", "attr", json_integer_value(where),
                                                  "code", json_integer_value(what)));
    }
    return kept;
}

static void keep(json_t *said, json_t *report)
{
    static const char *const texts[] = {"gcode_state", "gcode_file", "subtask_name",
                                        "subtask_id",  "fun",        "nozzle_diameter"};
    static const char *const numbers[] = {
        "mc_percent", "mc_remaining_time",    "print_error",      "nozzle_temper",
        "bed_temper", "nozzle_target_temper", "bed_target_temper"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *text = json_object_get(report, texts[i]);
        if (json_is_string(text) && json_string_length(text) <= TEXT_AT_MOST)
            json_object_set(said, texts[i], text);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_t *number = json_object_get(report, numbers[i]);
        if (json_is_number(number))
            json_object_set(said, numbers[i], number);
    }
    json_t *errors = json_object_get(report, "hms");
    if (json_is_array(errors))
        json_object_set_new(said, "hms", errors_of(errors));
}

static bool has_all(const json_t *report)
{
    return json_is_string(json_object_get(report, "gcode_state")) &&
           json_is_string(json_object_get(report, "gcode_file")) &&
           json_is_string(json_object_get(report, "subtask_name")) &&
           json_is_string(json_object_get(report, "subtask_id"));
}

/* ---- which job was seen at work, and how it ended ---- */

bool bambu_is_at_work(const struct bambu_view *view)
{
    static const char *const words[] = {"PREPARE", "SLICING", "RUNNING", "PAUSE"};
    const char *state = json_text_at(view->said, "gcode_state");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(state, words[i]) == 0)
            return true;
    return false;
}

static void note_job(struct bambu_view *view)
{
    const char *state = json_text_at(view->said, "gcode_state");
    struct bambu_job job = {0};
    COPY_TEXT(job.id, json_text_at(view->said, "subtask_id"));
    COPY_TEXT(job.name, json_text_at(view->said, "subtask_name"));
    if (bambu_is_at_work(view))
        view->at_work = job;
    bool well = strcmp(state, "FINISH") == 0;
    if ((well || strcmp(state, "FAILED") == 0) && strcmp(job.id, view->at_work.id) == 0 &&
        strcmp(job.name, view->at_work.name) == 0) {
        view->ended = job;
        view->ended_well = well;
    }
}

enum bambu_news bambu_take(struct bambu_view *view, const char *text, size_t length)
{
    json_t *message = json_loadb(text, length, 0, NULL), *report = json_at(message, "print");
    enum bambu_news news = BAMBU_NOTHING;
    /* The echo of a command has the same names in it, and says nothing of what is. */
    if (strcmp(json_text_at(report, "command"), "push_status") == 0) {
        if (!view->said)
            view->said = json_object();
        keep(view->said, report);
        news = has_all(report) ? BAMBU_ALL : BAMBU_CHANGES;
        if (bambu_is_whole(view))
            note_job(view);
    }
    json_decref(message);
    return news;
}

void bambu_forget(struct bambu_view *view)
{
    json_decref(view->said);
    view->said = NULL;
}

bool bambu_is_whole(const struct bambu_view *view)
{
    return has_all(view->said);
}

char *bambu_body(const struct bambu_view *view)
{
    json_t *answer = json_pack("{s:O?, s:{s:s, s:s, s:b}}", "print", view->said, "ended", "id",
                               view->ended.id, "name", view->ended.name, "well", view->ended_well);
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return text;
}
