/* flowd orders import: files of orders become lines of the shop, each file as one. */
#include "flowd/orders.h"

#include "base/file.h"
#include "orders/import.h"

#include <jansson.h>
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

    for (int i = 0; i < result->command_count && good && answer->accepted; i++)
        good = shop_stage(at->desk.shop, NULL, at->desk.by, &result->commands[i], answer, &failure);
    if (good && answer->accepted && result->command_count)
        good = shop_commit(at->desk.shop, &failure);
    if (!good)
        complain("%s", failure.message);
    return good;
}

static void add_query(struct buffer *path, const char *name, const char *value)
{
    if (!value)
        return;
    buffer_addf(path, "%c%s=", strchr(path->text, '?') ? '&' : '?', name);
    client_add_escaped(path, value);
}

/* Where a server has the journal it takes the file, in slices that nobody at a bench waits behind. What it refused, if anything,
   is in the answer. */
static bool send_file(struct orders_desk *at, const char *text, size_t length,
                      struct answer *answer)
{
    struct buffer path = {0}, body = {0};
    struct failure failure;

    buffer_add_text(&path, "/orders/import");
    add_query(&path, "format", at->format);
    add_query(&path, "dates", at->dates);
    add_query(&path, "prefix", at->prefix);
    add_query(&path, "update", at->update ? "true" : NULL);
    bool good =
        client_post(at->desk.client, path.text, "text/csv", text, length, &body, answer, &failure);
    json_t *told = good && answer->accepted ? json_loads(buffer_text(&body), 0, NULL) : NULL;
    const char *refusal = json_string_value(json_array_get(json_object_get(told, "refusals"), 0));
    if (refusal) {
        answer->accepted = false;
        snprintf(answer->refusal, sizeof answer->refusal, "%s", refusal);
    }
    if (!good)
        complain("%s", failure.message);
    json_decref(told);
    buffer_free(&path);
    buffer_free(&body);
    return good;
}

static bool take(struct orders_desk *at, const char *text, size_t length,
                 const struct import_result *result, struct answer *answer)
{
    if (at->dry_run || !result->command_count)
        return true;
    return at->desk.client ? send_file(at, text, length, answer) : take_all(at, result, answer);
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
    if (!take(at, text, length, &result, &answer))
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
