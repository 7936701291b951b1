#include "quality/capability.h"

#include <assert.h>
#include <math.h>

/* The mean of the range of two readings from a normal distribution, in standard deviations: 2 / sqrt(pi). */
static const double MEAN_RANGE_OF_TWO = 1.1283791670955126;

/* ---- readings ---- */

/* Welford: exact to the last bits also where the readings are large and their differences small. */
void readings_add(struct readings *readings, double reading)
{
    assert(isfinite(reading));
    double before = reading - readings->mean;

    if (readings->count > 0)
        readings->moved += fabs(reading - readings->last);
    if (readings->count == 0 || reading < readings->least)
        readings->least = reading;
    if (readings->count == 0 || reading > readings->most)
        readings->most = reading;
    readings->count++;
    readings->mean += before / (double)readings->count;
    readings->squares += before * (reading - readings->mean);
    readings->last = reading;
}

void readings_add_group(struct readings *readings, const double *group, int count)
{
    struct readings alone = {0};

    assert(count >= 1);
    for (int i = 0; i < count; i++) {
        readings_add(readings, group[i]);
        readings_add(&alone, group[i]);
    }
    readings->group_squares += alone.squares;
    readings->group_freedom += count - 1;
}

/* ---- figures ---- */

static double deviation_within(const struct readings *readings)
{
    if (readings->group_freedom > 0)
        return sqrt(readings->group_squares / (double)readings->group_freedom);
    return readings->moved / (double)(readings->count - 1) / MEAN_RANGE_OF_TWO;
}

/* The distance from the mean to the nearer limit, in three standard deviations. */
static double nearer(const struct capability_limits *limits, double mean, double deviation)
{
    double below = limits->has_lower ? mean - limits->lower : INFINITY;
    double above = limits->has_upper ? limits->upper - mean : INFINITY;

    return fmin(below, above) / (3 * deviation);
}

static enum capability_ground ground_of(const struct readings *readings,
                                        const struct capability_limits *limits)
{
    if (!limits->has_lower && !limits->has_upper)
        return CAPABILITY_NO_LIMITS;
    if (limits->has_lower && limits->has_upper && !(limits->lower < limits->upper))
        return CAPABILITY_NO_LIMITS;
    if (readings->count < 2)
        return CAPABILITY_TOO_FEW;
    return readings->least < readings->most ? CAPABILITY_FIGURES : CAPABILITY_NO_SPREAD;
}

struct capability capability_of(const struct readings *readings,
                                const struct capability_limits *limits)
{
    struct capability result = {.ground = ground_of(readings, limits),
                                .count = readings->count,
                                .mean = readings->mean,
                                .two_sided = limits->has_lower && limits->has_upper,
                                .indicative = readings->count < CAPABILITY_READINGS_NEEDED};

    if (result.ground != CAPABILITY_FIGURES)
        return result;
    result.overall = sqrt(readings->squares / (double)(readings->count - 1));
    result.within = deviation_within(readings);
    double within = result.within > 0 ? result.within : result.overall;
    result.cpk = nearer(limits, result.mean, within);
    result.ppk = nearer(limits, result.mean, result.overall);
    if (result.two_sided) {
        result.cp = (limits->upper - limits->lower) / (6 * within);
        result.pp = (limits->upper - limits->lower) / (6 * result.overall);
    }
    return result;
}

/* ---- in words ---- */

static const struct {
    double least;
    const char *text;
} verdicts[] = {
    {1.67, "amply capable"},
    {1.33, "capable"},
    {1.00, "just capable: little may change"},
    {-INFINITY, "not capable: bad pieces must be expected, so look at every one"},
};

void capability_words(struct buffer *out, const struct capability *capability)
{
    static const char *const grounds[] = {
        [CAPABILITY_TOO_FEW] = "Too few readings to tell.",
        [CAPABILITY_NO_LIMITS] = "There are no limits to measure against.",
        [CAPABILITY_NO_SPREAD] = "All readings are equal: the gauge is too coarse to tell.",
    };
    double worse = fmin(capability->cpk, capability->ppk);
    int verdict = 0;

    if (capability->ground != CAPABILITY_FIGURES) {
        buffer_add_text(out, grounds[capability->ground]);
        return;
    }
    while (worse < verdicts[verdict].least)
        verdict++;
    buffer_addf(out, "Cpk %.2f, Ppk %.2f from %ld readings: %s", capability->cpk, capability->ppk,
                capability->count, verdicts[verdict].text);
    if (capability->indicative)
        buffer_addf(out, ". A hint only, under %d readings", CAPABILITY_READINGS_NEEDED);
    buffer_add_char(out, '.');
}
