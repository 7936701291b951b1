/* flowd orders import: files of orders become lines of the shop, each file as one. */
#include "flowd/orders.h"

#include "base/file.h"
#include "orders/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_SHOWN = 50 };

static bool read_options(const struct orders_desk *at, struct import_options *options)
{
    *options = (struct import_options){.sheet = {.format = at->format, .prefix = at->prefix},
                                       .update = at->update};
    if (!at->dates)
        return true;
    if (strcmp(at->dates, "mdy") == 0)
        options->dates = DATES_MONTH_FIRST;
    else if (strcmp(at->dates, "dmy") == 0)
        options->dates = DATES_DAY_FIRST;
    else
        orders_usage("--dates is mdy (month first) or dmy, not `%s`", at->dates);
    return options->dates != DATES_UNKNOWN;
}

/* All or nothing: what is staged and not committed did not happen. */
static bool take_all(struct orders_desk *at, const struct import_result *result,
                     struct answer *answer)
{
    struct failure failure = {""};
    bool good = true;

    answer->accepted = true;
    for (int i = 0; i < result->command_count && good && answer->accepted; i++) {
        struct message *command = &result->commands[i];
        command->by = at->desk.by;
        good = at->desk.client
                   ? desk_ask(&at->desk, command, answer)
                   : shop_stage(at->desk.shop, NULL, at->desk.by, command, answer, &failure);
    }
    if (good && answer->accepted && !at->desk.client && result->command_count)
        good = shop_commit(at->desk.shop, &failure);
    if (!good && *failure.message)
        complain("%s", failure.message);
    return good;
}

static void say(struct buffer *out, const struct orders_desk *at, const char *file,
                const struct import_result *result)
{
    struct buffer findings = {0};
    if (at->desk.json) {
        buffer_addf(out, "%s{\"file\":\"", out->length ? "," : "");
        buffer_add_json(out, file, strlen(file));
        buffer_add_text(out, "\",\"import\":");
        import_write(out, result);
        buffer_add_char(out, '}');
        return;
    }
    findings_print(&findings, &result->findings, file, FINDINGS_SHOWN);
    fputs(buffer_text(&findings), stderr);
    buffer_free(&findings);
    if (result->format)
        buffer_addf(out, "%s: ", file);
    import_print(out, result);
}

static int import_text(struct orders_desk *at, const char *file, const char *text, size_t length,
                       const struct import_options *options, struct buffer *out)
{
    struct arena arena = {0};
    struct import_result result;
    struct answer answer = {.accepted = true};
    int status = EXIT_CLEAN;

    orders_import(shop_state(at->desk.shop), text, length, options, &arena, &result);
    if (!at->dry_run && !take_all(at, &result, &answer))
        status = EXIT_ENVIRONMENT;
    else if (!answer.accepted)
        status = desk_refused(&at->desk, &answer);
    else {
        say(out, at, file, &result);
        status = result.findings.errors ? EXIT_FINDINGS : EXIT_CLEAN;
    }
    arena_free(&arena);
    return status;
}

static int import_file(struct orders_desk *at, const char *file,
                       const struct import_options *options, struct buffer *out)
{
    char *content;
    size_t length;
    struct failure failure;

    if (at->desk.client) { /* a server writes: what it wrote since is read here */
        shop_close(at->desk.shop);
        at->desk.shop = NULL;
    }
    if (!desk_read(&at->desk))
        return EXIT_ENVIRONMENT;
    if (file_read(file, CSV_BYTES_AT_MOST, &content, &length, &failure) != FILE_OK) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    int status = import_text(at, file, content, length, options, out);
    free(content);
    return status;
}

int orders_import_files(struct orders_desk *at, int count, char **arguments)
{
    struct import_options options;
    struct buffer out = {0};
    int status = EXIT_CLEAN;

    if (!count)
        return orders_usage("which file?");
    if (at->desk.id)
        return orders_usage("--id is for one command; the same file twice changes nothing anyway");
    if (!read_options(at, &options))
        return EXIT_USAGE;
    if (!(at->dry_run ? desk_read(&at->desk) : desk_write(&at->desk)))
        return EXIT_ENVIRONMENT;
    for (int i = 0; i < count && status <= EXIT_FINDINGS; i++) {
        int one = import_file(at, arguments[i], &options, &out);
        status = one > status ? one : status;
    }
    if (at->desk.json) {
        struct buffer list = {0};
        buffer_addf(&list, "{\"dry_run\":%s,\"files\":[%s]}\n", at->dry_run ? "true" : "false",
                    buffer_text(&out));
        buffer_free(&out);
        out = list;
    } else if (at->dry_run) {
        buffer_add_text(&out, "nothing was written: --dry-run\n");
    }
    if (!print_out(&out) && status <= EXIT_FINDINGS)
        status = EXIT_ENVIRONMENT;
    buffer_free(&out);
    return status;
}
