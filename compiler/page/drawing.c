/* Where things stand in a drawing. */
#include "page/drawing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A line of the picture is half outside of it. */
#define EDGE 1.5

static void add_picture(struct drawing *drawing, const struct picture *picture, double x, double y,
                        double scale)
{
    drawing->pictures[drawing->picture_count].picture = picture;
    drawing->pictures[drawing->picture_count].x = x;
    drawing->pictures[drawing->picture_count].y = y;
    drawing->pictures[drawing->picture_count++].scale = scale;
}

void drawing_of_one(struct drawing *drawing, const struct picture *picture, double width_pt,
                    double height_pt)
{
    double scale = fmin((width_pt - 2 * EDGE) / fmax(picture->width_mm, 1e-9),
                        (height_pt - 2 * EDGE) / fmax(picture->height_mm, 1e-9));
    *drawing = (struct drawing){.width_pt = picture->width_mm * scale + 2 * EDGE,
                                .height_pt = picture->height_mm * scale + 2 * EDGE};
    add_picture(drawing, picture, EDGE, EDGE, scale);
}

/* ---- dimensions ---- */

#define ARROW 5.0
#define LETTER_HEIGHT 6.0 /* of a figure */

void drawing_length(double mm, char text[24])
{
    snprintf(text, 24, "%.2f", mm);
    char *end = text + strlen(text);
    if (strchr(text, '.')) {
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
}

enum arrows { NO_ARROW, ARROW_AT_END, ARROWS_AT_BOTH };

static void add_line(struct drawing *drawing, double x, double y, double to_x, double to_y,
                     enum arrows arrows)
{
    drawing->lines[drawing->line_count].from[0] = x;
    drawing->lines[drawing->line_count].from[1] = y;
    drawing->lines[drawing->line_count].to[0] = to_x;
    drawing->lines[drawing->line_count].to[1] = to_y;
    drawing->lines[drawing->line_count].arrow_from = arrows == ARROWS_AT_BOTH;
    drawing->lines[drawing->line_count++].arrow_to = arrows != NO_ARROW;
}

static void add_text(struct drawing *drawing, double x, double y, bool right, double mm)
{
    drawing->texts[drawing->text_count].x = x;
    drawing->texts[drawing->text_count].y = y;
    drawing->texts[drawing->text_count].right = right;
    drawing_length(mm, drawing->texts[drawing->text_count++].text);
}

/* From one end to the other along an axis (0 across, 1 down), at a place on the other one. Arrows that have no room
   between the ends stand outside and point in. */
static void dimension_line(struct drawing *drawing, int axis, double begin, double end, double at)
{
    double from[2], to[2];
    from[1 - axis] = to[1 - axis] = at;
    from[axis] = begin;
    to[axis] = end;
    if (end - begin >= 3 * ARROW) {
        add_line(drawing, from[0], from[1], to[0], to[1], ARROWS_AT_BOTH);
        return;
    }
    const double ends[2] = {begin, end};
    for (int i = 0; i < 2; i++) { /* a stub, whose arrow is at the end of the part */
        from[axis] = ends[i] + (i ? 2 : -2) * ARROW;
        to[axis] = ends[i];
        add_line(drawing, from[0], from[1], to[0], to[1], ARROW_AT_END);
    }
}

/* ---- three views ---- */

#define LEFT 46.0   /* for the figures of heights */
#define BOTTOM 21.0 /* for the length */
#define BETWEEN 24.0
#define AWAY 9.0 /* of a dimension line from the view */

/* A view's height, on its left. */
static void dimension_left(struct drawing *drawing, double top, double bottom, double mm)
{
    double x = LEFT - AWAY;
    add_line(drawing, LEFT - 2, top, x - 3, top, NO_ARROW);
    add_line(drawing, LEFT - 2, bottom, x - 3, bottom, NO_ARROW);
    dimension_line(drawing, 1, top, bottom, x);
    add_text(drawing, x - 5, (top + bottom) / 2 + LETTER_HEIGHT / 2, true, mm);
}

static void dimension_below(struct drawing *drawing, double left, double right, double y, double mm)
{
    add_line(drawing, left, y + 2, left, y + AWAY + 3, NO_ARROW);
    add_line(drawing, right, y + 2, right, y + AWAY + 3, NO_ARROW);
    dimension_line(drawing, 0, left, right, y + AWAY);
    add_text(drawing, (left + right) / 2, y + AWAY + 3 + LETTER_HEIGHT, false, mm);
}

void drawing_of_three(struct drawing *drawing, const struct picture views[VIEW_COUNT],
                      double width_pt, double height_pt)
{
    double length = views[VIEW_FRONT].width_mm, height = views[VIEW_FRONT].height_mm;
    double width = views[VIEW_TOP].height_mm;
    double scale = fmin((width_pt - LEFT - BETWEEN - EDGE) / (length + width),
                        (height_pt - BOTTOM - BETWEEN - EDGE) / (height + width));
    double front_y = EDGE + width * scale + BETWEEN, right_x = LEFT + length * scale + BETWEEN;
    *drawing = (struct drawing){.width_pt = right_x + width * scale + EDGE,
                                .height_pt = front_y + height * scale + BOTTOM};
    add_picture(drawing, &views[VIEW_TOP], LEFT, EDGE, scale);
    add_picture(drawing, &views[VIEW_FRONT], LEFT, front_y, scale);
    add_picture(drawing, &views[VIEW_RIGHT], right_x, front_y, scale);
    dimension_left(drawing, EDGE, EDGE + width * scale, width);
    dimension_left(drawing, front_y, front_y + height * scale, height);
    dimension_below(drawing, LEFT, LEFT + length * scale, front_y + height * scale, length);
}
