#include "cost/figures.h"

int figure_places(const struct spec *spec)
{
    int decimals = currency_decimals(shop_currency(spec));

    return (decimals < 0 ? 2 : decimals) + 2;
}

char *figure_text(struct arena *arena, struct rational number, int places, const char *after)
{
    struct buffer text = {0};

    rational_print_fixed(&text, number, places);
    buffer_add_text(&text, after);
    char *result = arena_copy_text(arena, text.text, text.length);
    buffer_free(&text);
    return result;
}

char *figure_percent(struct arena *arena, struct rational ratio)
{
    return figure_text(arena, rational_multiply(ratio, rational_integer(100)), 1, "%");
}

void figure_heading(struct buffer *out, bool color, const char *format, ...)
{
    va_list arguments;

    buffer_add_text(out, color ? "\n\033[1m" : "\n");
    va_start(arguments, format);
    buffer_vaddf(out, format, arguments);
    va_end(arguments);
    buffer_add_text(out, color ? "\033[0m\n" : "\n");
}
