/* Instructions are for all SKUs: where a text quotes an axis it stands in braces, and is said once what it stands for. */
#include "emit/common/worksheet.h"

#include <string.h>

struct search {
    const char *wanted; /* "{size}" */
    bool found;
};

static void look(struct search *search, const char *text)
{
    search->found = search->found || strstr(text, search->wanted);
}

static void look_in_step(struct emit_context *context, struct search *search,
                         const struct step *step)
{
    struct work_line *lines;
    struct work_check *checks;
    struct work_pair *facts;
    int count = worksheet_lines(context, step, &lines);
    for (int i = 0; i < count; i++) {
        look(search, lines[i].text);
        look(search, lines[i].detail);
    }
    count = worksheet_checks(context, step, &checks);
    for (int i = 0; i < count; i++) {
        look(search, checks[i].what);
        look(search, checks[i].limit);
        look(search, checks[i].gauge);
    }
    count = worksheet_facts(context, step, &facts);
    for (int i = 0; i < count; i++)
        look(search, facts[i].text);
    look(search, title_of(context, &step->base));
}

static bool is_quoted(struct emit_context *context, const struct axis *axis)
{
    struct search search = {.wanted = arena_printf(context->arena, "{%s}", axis->name.word)};
    const struct workflow *workflow = context->product->workflow;
    struct work_content *contents;
    int count = worksheet_contents(context, &contents);
    for (int i = 0; i < count; i++)
        look(&search, contents[i].title);
    for (int i = 0; i < workflow->step_count && !search.found; i++)
        look_in_step(context, &search, workflow->steps[i]);
    return search.found;
}

const char *worksheet_quoted_axes(struct emit_context *context)
{
    const struct product *product = context->product;
    struct buffer text = {0};
    for (int i = 0; i < product->axis_count; i++) {
        const struct axis *axis = product->axes[i];
        if (!is_quoted(context, axis))
            continue;
        buffer_addf(&text, "%s{%s} stands for what was ordered: ", text.length ? " " : "",
                    axis->name.word);
        for (int j = 0; j < axis->count; j++)
            buffer_addf(&text, "%s%s",
                        j == 0                ? ""
                        : j + 1 < axis->count ? ", "
                                              : " or ",
                        axis->cases[j].word);
        buffer_add_char(&text, '.');
    }
    char *kept = arena_copy_text(context->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}
