/* What a material looks like in a picture. */
#ifndef FLOW_BASE_PAINT_H
#define FLOW_BASE_PAINT_H

struct paint {
    const char *word, *fill, *text; /* "#rrggbb"; text is what can be read on the fill */
};

/* By a word of its color; where that says none, one of a few others, by its number. */
const struct paint *paint_of_color(const char *color, int number);

#endif
