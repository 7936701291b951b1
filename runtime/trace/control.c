#include "trace/control.h"

#include <assert.h>
#include <string.h>

const struct control_rule_row control_rules[CONTROL_RULE_COUNT] = {
    {CONTROL_BEYOND_THREE, 1, 1, 3, "beyond three deviations"},
    {CONTROL_TWO_OF_THREE, 2, 3, 2, "2 of 3 in a row beyond two deviations"},
    {CONTROL_FOUR_OF_FIVE, 4, 5, 1, "4 of 5 in a row beyond one deviation"},
    {CONTROL_EIGHT_IN_ROW, 8, 8, 0, "8 in a row on one side"},
};

/* ---- what the range of n readings says ---- */

/* The range of n readings from a normal distribution of deviation one: its mean d2 = integral of 1 - F^n - (1 - F)^n, its
   own deviation d3, and the square root of n, which no fraction has. To more digits than the tables in books. */
static const struct {
    const char *mean, *deviation, *root;
} ranges_of[CONTROL_GROUP_AT_MOST + 1] = {
    [2] = {"1.128379167", "0.8525025", "1.41421356237"},
    [3] = {"1.692568751", "0.8883680", "1.73205080757"},
    [4] = {"2.058750746", "0.8798082", "2"},
    [5] = {"2.325928947", "0.8640819", "2.23606797750"},
    [6] = {"2.534412721", "0.8480397", "2.44948974278"},
    [7] = {"2.704356751", "0.8332053", "2.64575131106"},
    [8] = {"2.847200612", "0.8198315", "2.82842712475"},
    [9] = {"2.970026324", "0.8078343", "3"},
    [10] = {"3.077505462", "0.7970507", "3.16227766017"},
    [11] = {"3.172872704", "0.7873146", "3.31662479036"},
    [12] = {"3.258455280", "0.7784783", "3.46410161514"},
    [13] = {"3.335980354", "0.7704162", "3.60555127546"},
    [14] = {"3.406763108", "0.7630231", "3.74165738677"},
    [15] = {"3.471826890", "0.7562114", "3.87298334621"},
    [16] = {"3.531982786", "0.7499081", "4"},
    [17] = {"3.587883962", "0.7440518", "4.12310562562"},
    [18] = {"3.640063758", "0.7385909", "4.24264068712"},
    [19] = {"3.688963023", "0.7334815", "4.35889894354"},
    [20] = {"3.734950120", "0.7286863", "4.47213595500"},
    [21] = {"3.778335830", "0.7241733", "4.58257569496"},
    [22] = {"3.819384643", "0.7199148", "4.69041575982"},
    [23] = {"3.858323423", "0.7158867", "4.79583152331"},
    [24] = {"3.895348148", "0.7120682", "4.89897948557"},
    [25] = {"3.930629220", "0.7084408", "5"},
};

static struct rational constant(const char *digits)
{
    struct rational number = RATIONAL_ZERO;
    bool read = rational_parse(digits, strlen(digits), &number);
    assert(read);
    (void)read; /* where assertions are left out */
    return number;
}

struct rational control_mean_range(int n)
{
    assert(n >= 2 && n <= CONTROL_GROUP_AT_MOST);
    return constant(ranges_of[n].mean);
}

/* ---- the rules ---- */

static struct rational times(struct rational number, int count)
{
    return rational_multiply(number, rational_integer(count));
}

/* Per point the number of deviations it lies beyond: 3 for over three, 0 for over none but off the centre, -1 on it.
   `deviations` are of what is plotted there. */
static int zone_of(struct rational value, struct rational centre, struct rational deviation)
{
    struct rational away = rational_subtract(value, centre);
    int zone = 3;

    if (rational_is_zero(away))
        return -1;
    if (rational_sign(away) < 0)
        away = rational_negate(away);
    while (zone > 0 && rational_compare(away, times(deviation, zone)) <= 0)
        zone--;
    return zone;
}

static bool breaks(const struct control_chart *chart, const int *zones, int i,
                   const struct control_rule_row *row)
{
    int side = chart->points[i].side, found = 0;

    if (zones[i] < row->deviations)
        return false;
    for (int k = i; k >= 0 && k > i - row->of; k--)
        found += chart->points[k].side == side && zones[k] >= row->deviations;
    return found >= row->wanted;
}

/* Linear: each rule looks back at most eight points. */
static int apply_rules(struct control_chart *chart, const int *zones, int rule_count)
{
    int broken = 0;

    for (int i = 0; i < chart->count; i++) {
        for (int r = 0; r < rule_count; r++)
            if (breaks(chart, zones, i, &control_rules[r]))
                chart->points[i].broken |= control_rules[r].rule;
        broken += chart->points[i].broken != 0;
    }
    return broken;
}

/* ---- charts ---- */

static void open_chart(struct control_chart *chart, int count, struct arena *arena)
{
    *chart = (struct control_chart){.points = ARENA_ARRAY(arena, struct control_point, count),
                                    .count = count};
}

/* Centres and deviations are set. */
static int judge_chart(struct control_chart *chart, bool from_zero, int rule_count,
                       struct arena *arena)
{
    int *zones = ARENA_ARRAY(arena, int, chart->count);

    chart->has_lower = !from_zero;
    for (int i = 0; i < chart->count; i++) {
        struct control_point *point = &chart->points[i];
        struct rational three = times(point->deviation, 3);
        point->lower = rational_subtract(point->centre, three);
        point->upper = rational_add(point->centre, three);
        if (from_zero)
            point->lower = rational_max(point->lower, RATIONAL_ZERO);
        chart->has_lower |= rational_sign(point->lower) > 0;
        point->side = rational_compare(point->value, point->centre);
        point->side = (point->side > 0) - (point->side < 0);
        zones[i] = zone_of(point->value, point->centre, point->deviation);
    }
    return apply_rules(chart, zones, rule_count);
}

static struct rational mean_of(const struct rational *numbers, int count)
{
    struct rational sum = RATIONAL_ZERO;

    for (int i = 0; i < count; i++)
        sum = rational_add(sum, numbers[i]);
    return rational_divide(sum, rational_integer(count));
}

static struct rational range_of(const struct rational *numbers, int count)
{
    struct rational least = numbers[0], most = numbers[0];

    for (int i = 1; i < count; i++) {
        least = rational_min(least, numbers[i]);
        most = rational_max(most, numbers[i]);
    }
    return rational_subtract(most, least);
}

/* Judges both charts, where group i has sizes[i] readings; NULL: readings one by one, and ranges of two. */
static void judge_both(struct control *control, const int *sizes, struct rational centre,
                       bool from_zero, struct arena *arena)
{
    for (int i = 0; i < control->values.count; i++) {
        control->values.points[i].centre = centre;
        control->values.points[i].deviation =
            sizes ? rational_divide(control->deviation, constant(ranges_of[sizes[i]].root))
                  : control->deviation;
    }
    for (int i = 0; i < control->ranges.count; i++) {
        int size = sizes ? sizes[i] : 2;
        control->ranges.points[i].centre =
            rational_multiply(control->deviation, control_mean_range(size));
        control->ranges.points[i].deviation =
            rational_multiply(control->deviation, constant(ranges_of[size].deviation));
    }
    control->broken = judge_chart(&control->values, from_zero, CONTROL_RULE_COUNT, arena) +
                      judge_chart(&control->ranges, true, 1, arena);
}

/* ---- readings one by one ---- */

void control_of_readings(const struct rational *readings, int count, bool from_zero,
                         struct arena *arena, struct control *control)
{
    struct rational moved = RATIONAL_ZERO;

    *control = (struct control){.indicative = count < CONTROL_POINTS_NEEDED};
    if (count < 2)
        return;
    open_chart(&control->values, count, arena);
    open_chart(&control->ranges, count - 1, arena);
    for (int i = 0; i < count; i++)
        control->values.points[i].value = readings[i];
    for (int i = 0; i + 1 < count; i++) {
        control->ranges.points[i].value = range_of(readings + i, 2);
        moved = rational_add(moved, control->ranges.points[i].value);
    }
    control->deviation =
        rational_divide(rational_divide(moved, rational_integer(count - 1)), control_mean_range(2));
    control->reckoned = rational_sign(control->deviation) > 0;
    if (control->reckoned)
        judge_both(control, NULL, mean_of(readings, count), from_zero, arena);
}

/* ---- subgroups ---- */

/* The mean over the groups of what each one's range says of the deviation: R-bar over d2 where all are of one size. */
static struct rational deviation_of_groups(const struct control_chart *ranges, const int *sizes)
{
    struct rational sum = RATIONAL_ZERO;

    for (int i = 0; i < ranges->count; i++)
        sum = rational_add(sum,
                           rational_divide(ranges->points[i].value, control_mean_range(sizes[i])));
    return rational_divide(sum, rational_integer(ranges->count));
}

void control_of_groups(const struct rational *readings, const int *sizes, int group_count,
                       bool from_zero, struct arena *arena, struct control *control)
{
    int total = 0;

    assert(group_count >= 2);
    *control = (struct control){.grouped = true, .indicative = group_count < CONTROL_POINTS_NEEDED};
    open_chart(&control->values, group_count, arena);
    open_chart(&control->ranges, group_count, arena);
    for (int i = 0; i < group_count; total += sizes[i++]) {
        assert(sizes[i] >= 2 && sizes[i] <= CONTROL_GROUP_AT_MOST);
        control->values.points[i].value = mean_of(readings + total, sizes[i]);
        control->ranges.points[i].value = range_of(readings + total, sizes[i]);
    }
    control->deviation = deviation_of_groups(&control->ranges, sizes);
    control->reckoned = rational_sign(control->deviation) > 0;
    if (control->reckoned)
        judge_both(control, sizes, mean_of(readings, total), from_zero, arena);
}
