#include "flowd/flowd.h"
#include "flowd/records.h"

#include "base/file.h"
#include "base/sink.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *from_environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static const char *login_name(void)
{
    const struct passwd *entry = getpwuid(getuid());
    return entry ? entry->pw_name : "owner";
}

void desk_settle(struct desk *desk)
{
    if (!desk->folder)
        desk->folder = from_environment("FLOW_SHOP", ".");
    if (!desk->by)
        desk->by = from_environment("FLOW_PERSON", NULL);
    if (!desk->by)
        desk->by = login_name();
}

bool desk_read(struct desk *desk)
{
    struct failure failure;
    desk_settle(desk);
    if (!desk->shop && !(desk->shop = shop_open(desk->folder, JOURNAL_READ, &failure)))
        complain("%s", failure.message);
    return desk->shop != NULL;
}

bool desk_write(struct desk *desk)
{
    struct failure failure;
    desk_settle(desk);
    if (shop_is_served(desk->folder))
        desk->client = client_open(desk->folder, desk->by, &failure);
    else
        desk->shop = shop_open(desk->folder, JOURNAL_WRITE, &failure);
    if (!desk->client && !desk->shop)
        complain("%s", failure.message);
    return desk->client || desk->shop;
}

void desk_close(struct desk *desk)
{
    client_close(desk->client);
    shop_close(desk->shop);
    desk->client = NULL;
    desk->shop = NULL;
}

bool desk_ask(struct desk *desk, struct message *command, struct answer *answer)
{
    struct failure failure;
    const struct message_row *row = &message_rows[command->kind];
    command->by = desk->by;
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole && !command->cells[i].text)
            command->cells[i].text = "";
    bool good = desk->client ? client_do(desk->client, desk->id, command, answer, &failure)
                             : shop_do(desk->shop, desk->id, desk->by, command, answer, &failure);
    if (!good)
        complain("%s", failure.message);
    return good;
}

/* ---- saying ---- */

int desk_refused(const struct desk *desk, const struct answer *answer)
{
    if (desk->json) {
        struct buffer text = {0};
        answer_write(&text, answer);
        buffer_add_char(&text, '\n');
        bool written = print_out(&text);
        buffer_free(&text);
        return written ? EXIT_FINDINGS : EXIT_ENVIRONMENT;
    }
    complain("refused: %s", answer->refusal);
    if (*answer->place)
        fprintf(stderr, "  because of %s\n", answer->place);
    return EXIT_FINDINGS;
}

struct telling {
    struct buffer out;
    int64_t last;
    bool json, any;
    char opened[200]; /* the product of a batch that was opened, "" for none */
};

/* A whole number that is yes or no. */
static bool is_flag(const char *field)
{
    static const char *const flags[] = {"good", "within", "accepted", "wanted"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(flags[i], field) == 0)
            return true;
    return false;
}

/* "units_left: batch B-1, step plate, first 1, count 10" */
static void tell_person(struct buffer *out, const struct message *event)
{
    const struct message_row *row = &message_rows[event->kind];
    const char *between = ": ";
    buffer_add_text(out, row->name);
    for (int i = 0; i < row->field_count; i++) {
        const union message_cell *cell = &event->cells[i];
        bool flag = row->fields[i].whole && is_flag(row->fields[i].name);
        if (!flag && (row->fields[i].whole ? cell->whole == 0 : !*cell->text))
            continue;
        if (!row->fields[i].whole &&
            strncmp(cell->text, SECRET_HASH_BEGIN, strlen(SECRET_HASH_BEGIN)) == 0)
            continue; /* a PIN has so few digits that its hash is as good as the PIN */
        buffer_addf(out, "%s%s ", between, row->fields[i].name);
        if (flag)
            buffer_add_text(out, cell->whole ? "yes" : "no");
        else if (row->fields[i].whole)
            buffer_addf(out, "%lld", (long long)cell->whole);
        else
            buffer_add_text(out, cell->text);
        between = ", ";
    }
    buffer_add_char(out, '\n');
}

static bool tell(const struct journal_event *event, void *data)
{
    struct telling *telling = data;
    struct arena arena = {0};
    struct interner names;
    struct message message;
    struct failure failure;

    if (event->sequence > telling->last)
        return false;
    interner_open(&names, &arena);
    bool read = message_read(event->body, event->length, true, &names, &message, &failure);
    if (telling->json)
        buffer_addf(&telling->out, "%s%.*s", telling->any ? "," : "", (int)event->length,
                    event->body);
    else if (read)
        tell_person(&telling->out, &message);
    if (read && message.kind == EVENT_batch_opened)
        snprintf(telling->opened, sizeof telling->opened, "%s", message.batch_opened.product);
    telling->any = true;
    interner_close(&names);
    arena_free(&arena);
    return true;
}

/* Reads the events back from the journal, which has them by now whoever wrote them. */
static bool tell_events(struct desk *desk, const struct answer *answer, struct telling *telling)
{
    struct failure failure;
    char path[4096];
    struct journal *journal = desk->shop ? shop_journal(desk->shop) : NULL;
    if (answer->last < answer->first)
        return true;
    snprintf(path, sizeof path, "%s/journal.db", desk->folder);
    struct journal *opened = journal ? NULL : journal_open(path, JOURNAL_READ, &failure);
    bool good = (journal || opened) &&
                journal_read(journal ? journal : opened, answer->first, tell, telling, &failure);
    journal_close(opened);
    if (!good)
        complain("%s", failure.message);
    return good;
}

static int say_done(struct desk *desk, const struct answer *answer)
{
    struct telling telling = {.last = answer->last, .json = desk->json};
    if (desk->json) {
        answer_write(&telling.out, answer);
        telling.out.length--; /* its closing brace */
        buffer_add_text(&telling.out, ",\"events\":[");
    }
    bool good = tell_events(desk, answer, &telling);
    if (desk->json)
        buffer_add_char(&telling.out, ']');
    if (desk->json && *telling.opened)
        buffer_add_text(&telling.out, ",\"issues\":");
    if (*telling.opened)
        add_issues_of(&telling.out, desk, telling.opened, desk->json);
    if (desk->json)
        buffer_add_text(&telling.out, "}\n");
    else if (answer->repeated)
        buffer_add_text(&telling.out, "(it was done before)\n");
    else if (!telling.any)
        buffer_add_text(&telling.out, "nothing changed: it was so already\n");
    good = good && print_out(&telling.out);
    buffer_free(&telling.out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int desk_do(struct desk *desk, struct message *command)
{
    struct answer answer;
    if (!desk_ask(desk, command, &answer))
        return EXIT_ENVIRONMENT;
    return answer.accepted ? say_done(desk, &answer) : desk_refused(desk, &answer);
}

int desk_put(const char *path, const struct buffer *out)
{
    struct failure failure;
    if (!path)
        return print_out(out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    if (file_write(path, buffer_text(out), out->length, &failure))
        return EXIT_CLEAN;
    complain("%s", failure.message);
    return EXIT_ENVIRONMENT;
}

void add_time(struct buffer *out, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm parts;
    char text[32];
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
    buffer_add_text(out, text);
}
