/* `flowd issue`: what went wrong, why, and what was done. Opening, answering and closing are commands (action_rows.c); this
   is looking. */
#include "flowd/records.h"

#include "trace/record_shop.h"
#include "trace/record_zone.h"

static const char *product, *batch;
static bool open_only;

const struct option_row issue_options[ISSUE_OPTION_COUNT] = {{"--product", true, &product, NULL},
                                                             {"--batch", true, &batch, NULL},
                                                             {"--open", false, NULL, &open_only}};
const char issue_options_help[] = "      --product P     only those of a product\n"
                                  "      --batch BATCH   only those of a batch: its deviations\n"
                                  "      --open          only those that are not closed\n";

static int print_issues(const struct desk *desk, const struct issues *issues)
{
    const struct issues_wanted wanted = {product, batch, open_only};
    struct buffer out = {0};
    if (desk->json) {
        issues_print_json(&out, issues, &wanted);
        buffer_add_char(&out, '\n');
    } else {
        issues_print_text(&out, issues, &wanted);
        if (!out.length)
            buffer_add_text(&out, "no issues\n");
    }
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int list_issues(struct desk *desk, int count, char **arguments)
{
    struct failure failure;
    struct issues issues;
    (void)arguments;
    if (count) {
        complain("that is too much: flowd issue list [--product P] [--batch BATCH] [--open]");
        return EXIT_USAGE;
    }
    if (!zone_set(NULL, &failure) || !desk_read(desk))
        return EXIT_ENVIRONMENT;
    bool good = issues_of_shop(desk->shop, &issues, &failure);
    if (!good)
        complain("%s", failure.message);
    int status = good ? print_issues(desk, &issues) : EXIT_ENVIRONMENT;
    issues_free(&issues);
    return status;
}

void add_issues_of(struct buffer *out, struct desk *desk, const char *of, bool json)
{
    struct issues issues = {0};
    const struct issues_wanted wanted = {of, NULL, false};
    if (!desk->shop && !desk_read(desk))
        return;
    issues_of_state(&issues, shop_state(desk->shop), shop_name(desk->shop, of));
    if (json)
        issues_print_json(out, &issues, &wanted);
    else if (issues.count) {
        buffer_addf(out, "What is known to go wrong with %s:\n", of);
        issues_print_text(out, &issues, &wanted);
    }
    issues_free(&issues);
}
