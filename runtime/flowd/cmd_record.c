/* `flowd batch record`: the record of a batch on the screen, as pages, as JSON. */
#include "flowd/records.h"

#include "base/sink.h"
#include "trace/record_json.h"
#include "trace/record_pages.h"
#include "trace/record_shop.h"
#include "trace/record_zone.h"

#include <string.h>

static const char *output, *zone, *paper;

const struct option_row record_options[RECORD_OPTION_COUNT] = {
    {"-o", true, &output, NULL}, {"--zone", true, &zone, NULL}, {"--paper", true, &paper, NULL}};
const char record_options_help[] =
    "      -o FILE.pdf     as pages; a FILE.json is the same as --json\n"
    "      --zone ZONE     the times' zone: Europe/Berlin, UTC, +01:00 (TZ, else the machine's)\n"
    "      --paper a4|letter  (a4)\n";

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Which paper; -1 after a message. */
static int read_paper(void)
{
    if (!paper || strcmp(paper, "a4") == 0)
        return PAPER_A4;
    if (strcmp(paper, "letter") == 0)
        return PAPER_LETTER;
    complain("there is no paper `%s`; say a4 or letter", paper);
    return -1;
}

static bool write_text(struct record *record, bool json, struct failure *failure)
{
    struct buffer text = {0};
    if (json)
        record_print_json(&text, record);
    else
        record_print_text(&text, record);
    if (json)
        buffer_add_char(&text, '\n');
    bool good = output ? file_write(output, text.text, text.length, failure) : print_out(&text);
    if (!output && !good)
        failure->message[0] = '\0'; /* print_out said it */
    buffer_free(&text);
    return good;
}

static int show(struct desk *desk, struct record *record, int on)
{
    struct failure failure = {""};
    bool json = desk->json || (output && ends_in(output, ".json"));
    bool good = json || !output ? write_text(record, json, &failure)
                                : record_write_pages(record, (enum paper)on, output, &failure);
    if (!good && *failure.message)
        complain("%s", failure.message);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int print_record(struct desk *desk, int count, char **arguments)
{
    struct failure failure;
    struct record record;
    int on = read_paper();
    if (count != 1) {
        complain("say which batch, and only that: flowd batch record BATCH");
        return EXIT_USAGE;
    }
    if (on < 0)
        return EXIT_USAGE;
    if (!zone_set(zone, &failure)) {
        complain("%s", failure.message);
        return EXIT_USAGE;
    }
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    int status = EXIT_ENVIRONMENT;
    if (!record_of_shop(desk->shop, arguments[0], &record, &failure)) {
        complain("%s", failure.message);
    } else if (!record.revision) {
        complain("there is no batch %s; `flowd batch list` says which there are", arguments[0]);
        status = EXIT_FINDINGS;
    } else {
        status = show(desk, &record, on);
    }
    record_close(&record);
    return status;
}
