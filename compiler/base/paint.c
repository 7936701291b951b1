#include "base/paint.h"

#include <stddef.h>
#include <string.h>

static const struct paint paints[] = {
    {"black", "#2f3337", "#ffffff"},   {"white", "#fbfbf8", "#22272b"},
    {"grey", "#a9afb5", "#22272b"},    {"gray", "#a9afb5", "#22272b"},
    {"red", "#d1495b", "#ffffff"},     {"orange", "#ee9b3f", "#22272b"},
    {"yellow", "#f3d34a", "#22272b"},  {"green", "#5aa469", "#ffffff"},
    {"blue", "#3d7ea6", "#ffffff"},    {"purple", "#8064a2", "#ffffff"},
    {"brown", "#8c6b4f", "#ffffff"},   {"ivory", "#f1ead6", "#22272b"},
    {"natural", "#ece5d3", "#22272b"}, {"clear", "#dceaf2", "#22272b"},
};
/* Of materials whose color nobody knows. */
static const struct paint others[] = {
    {"", "#7fb7be", "#22272b"}, {"", "#d3a588", "#22272b"}, {"", "#b5c99a", "#22272b"},
    {"", "#c9a7c7", "#22272b"}, {"", "#e4c590", "#22272b"}, {"", "#93a8d0", "#22272b"},
};

const struct paint *paint_of_color(const char *color, int number)
{
    for (size_t i = 0; i < sizeof paints / sizeof *paints; i++)
        if (strstr(color, paints[i].word))
            return &paints[i];
    return &others[(size_t)number % (sizeof others / sizeof *others)];
}
