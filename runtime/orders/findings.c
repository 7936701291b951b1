#include "orders/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const level_names[] = {"note", "warning", "error"};

struct order_finding *finding_add(struct findings *findings, enum finding_level level,
                                  struct about about, const char *help, const char *format, ...)
{
    if (findings->count == findings->capacity) {
        int capacity = findings->capacity ? 2 * findings->capacity : 16;
        struct order_finding *list = ARENA_ARRAY(findings->arena, struct order_finding, capacity);
        if (findings->count)
            memcpy(list, findings->list, sizeof *list * (size_t)findings->count);
        findings->list = list;
        findings->capacity = capacity;
    }
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(&text, format, arguments);
    va_end(arguments);
    struct order_finding *finding = &findings->list[findings->count++];
    *finding =
        (struct order_finding){level,
                               about.line,
                               about.column,
                               about.order ? about.order : "",
                               about.of_line ? about.of_line : "",
                               arena_copy_text(findings->arena, buffer_text(&text), text.length),
                               help ? help : ""};
    buffer_free(&text);
    findings->errors += level == FINDING_ERROR;
    findings->warnings += level == FINDING_WARNING;
    return finding;
}

void findings_print(struct buffer *out, const struct findings *findings, const char *file,
                    int at_most)
{
    for (int i = 0; i < findings->count && i < at_most; i++) {
        const struct order_finding *finding = &findings->list[i];
        buffer_add_text(out, file);
        if (finding->line)
            buffer_addf(out, ":%d", finding->line);
        if (finding->column)
            buffer_addf(out, ":%d", finding->column);
        buffer_addf(out, ": %s: ", level_names[finding->level]);
        if (*finding->order)
            buffer_addf(out, "order %s%s%s: ", finding->order, *finding->of_line ? ", line " : "",
                        finding->of_line);
        buffer_addf(out, "%s\n", finding->text);
        if (*finding->help)
            buffer_addf(out, "  help: %s\n", finding->help);
    }
    if (findings->count > at_most)
        buffer_addf(out, "... and %d more; --json gives all of them\n", findings->count - at_most);
}

static void write_text(struct buffer *out, const char *name, const char *text)
{
    if (!*text)
        return;
    buffer_addf(out, ",\"%s\":\"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

void findings_write(struct buffer *out, const struct findings *findings)
{
    buffer_add_char(out, '[');
    for (int i = 0; i < findings->count; i++) {
        const struct order_finding *finding = &findings->list[i];
        buffer_addf(out, "%s{\"level\":\"%s\"", i ? "," : "", level_names[finding->level]);
        if (finding->line)
            buffer_addf(out, ",\"line\":%d", finding->line);
        if (finding->column)
            buffer_addf(out, ",\"column\":%d", finding->column);
        write_text(out, "order", finding->order);
        write_text(out, "order_line", finding->of_line);
        write_text(out, "message", finding->text);
        write_text(out, "help", finding->help);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}
