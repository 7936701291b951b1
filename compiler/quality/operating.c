/* Chances are reckoned with 512 bits by additions, products and quotients of positive numbers, never with the machine's
   own floating point or its logarithms: the same figures everywhere, to the last printed place. */
#include "quality/operating.h"

#include <assert.h>
#include <gmp.h>
#include <limits.h>

enum { BITS = 512 };
#define PLACES 1000000000000 /* twelve decimals */

/* ---- chances ---- */

/* Twelve decimals, half up. */
static struct rational chance_of(const mpf_t share)
{
    mpf_t scaled;

    mpf_init2(scaled, BITS);
    mpf_mul_ui(scaled, share, 2 * PLACES);
    mpf_add_ui(scaled, scaled, 1);
    mpf_div_2exp(scaled, scaled, 1);
    struct rational result = rational_fraction(mpf_get_si(scaled), PLACES);
    mpf_clear(scaled);
    return result;
}

/* How a series of chances stands: what is accepted of it, and the whole; both times the same unknown number, so that
   nothing has to be scaled to one. */
struct series {
    mpf_t term, accepted, whole;
};

static void series_begin(struct series *series)
{
    mpf_init2(series->term, BITS);
    mpf_init2(series->accepted, BITS);
    mpf_init2(series->whole, BITS);
    mpf_set_ui(series->term, 1);
}

static void series_add(struct series *series, bool accepted)
{
    mpf_add(series->whole, series->whole, series->term);
    if (accepted)
        mpf_add(series->accepted, series->accepted, series->term);
}

static void series_step(struct series *series, long up, long up_too, long down, long down_too)
{
    mpf_mul_ui(series->term, series->term, (unsigned long)up);
    mpf_mul_ui(series->term, series->term, (unsigned long)up_too);
    mpf_div_ui(series->term, series->term, (unsigned long)down);
    mpf_div_ui(series->term, series->term, (unsigned long)down_too);
}

static struct rational series_end(struct series *series)
{
    mpf_div(series->accepted, series->accepted, series->whole);
    struct rational result = chance_of(series->accepted);
    mpf_clears(series->term, series->accepted, series->whole, NULL);
    return result;
}

/* Sample and bad units may be exchanged; to draw the fewer makes the series short. */
static void lot_series(struct series *series, long lot, long bad, long n, long ac)
{
    long drawn = bad < n ? bad : n;
    long marked = bad < n ? n : bad;
    long others = lot - marked;
    long least = drawn > others ? drawn - others : 0;

    series_begin(series);
    for (long found = least; found <= drawn; found++) {
        series_add(series, found <= ac);
        if (found < drawn)
            series_step(series, marked - found, drawn - found, found + 1,
                        others - drawn + found + 1);
    }
}

struct rational accepts_lot(long lot, long bad, long n, long ac)
{
    struct series series;

    lot_series(&series, lot, bad, n, ac);
    return series_end(&series);
}

/* The chance of finding none, as a product that only falls, by doubles: 1 where it is over one in ten, -1 where it is
   under, 0 where their digits cannot tell. */
static int none_over_tenth(long lot, long bad, long n)
{
    long drawn = n < bad ? n : bad, other = n < bad ? bad : n; /* both may be thought of as drawn */
    double chance = 1, doubt = 1e-6;

    for (long i = 0; i < drawn && chance > 0.1 - doubt; i++)
        chance *= (double)(lot - other - i) / (double)(lot - i);
    return chance < 0.1 - doubt ? -1 : chance > 0.1 + doubt;
}

bool catches_lot(long lot, long bad, long n, long ac)
{
    struct series series;
    int sure = ac == 0 && n <= lot - bad ? none_over_tenth(lot, bad, n) : 0;

    if (sure)
        return sure < 0;
    lot_series(&series, lot, bad, n, ac);
    mpf_mul_ui(series.accepted, series.accepted, 10);
    mpf_div_2exp(series.term, series.whole,
                 BITS / 2); /* what is just one in ten may be off in the last bits */
    mpf_add(series.whole, series.whole, series.term);
    bool result = mpf_cmp(series.accepted, series.whole) <= 0;
    mpf_clears(series.term, series.accepted, series.whole, NULL);
    return result;
}

struct rational accepts_work(struct rational rate, long n, long ac)
{
    assert(rate.denominator > 0 && rate.numerator >= 0 && rate.numerator <= rate.denominator);
    unsigned long bad = (unsigned long)rate.numerator;
    unsigned long good = (unsigned long)(rate.denominator - rate.numerator);
    mpf_t term, sum;

    if (ac >= n || good == 0)
        return ac >= n ? RATIONAL_ONE : RATIONAL_ZERO;
    mpf_init2(term, BITS);
    mpf_init2(sum, BITS);
    mpf_set_ui(term, good);
    mpf_div_ui(term, term, good + bad);
    mpf_pow_ui(term, term, (unsigned long)n);
    for (long found = 0; found <= ac; found++) {
        mpf_add(sum, sum, term);
        mpf_mul_ui(term, term, (unsigned long)(n - found));
        mpf_mul_ui(term, term, bad);
        mpf_div_ui(term, term, (unsigned long)found + 1);
        mpf_div_ui(term, term, good);
    }
    struct rational result = chance_of(sum);
    mpf_clears(term, sum, NULL);
    return result;
}

/* The series of e^mean up to ac over the whole series, as far as it counts. */
struct rational accepts_defects(struct rational rate, long n, long ac)
{
    assert(rate.denominator > 0 && rate.numerator >= 0);
    struct series series;
    mpf_t least;

    series_begin(&series);
    mpf_init2(least, BITS);
    mpf_div_2exp(least, series.term, BITS / 2);
    for (long found = 0; found <= ac || mpf_cmp(series.term, least) > 0; found++) {
        series_add(&series, found <= ac);
        series_step(&series, rate.numerator, n, found + 1, rate.denominator);
    }
    mpf_clear(least);
    return series_end(&series);
}

/* ---- a plan's ---- */

static struct rational accepts(const struct operating *operating, struct rational rate)
{
    return (operating->measure == OPERATING_UNITS ? accepts_work : accepts_defects)(
        rate, operating->n, operating->ac);
}

/* What stands at one place of a scale of ever worse lots: `at` bad units of the lot, or thousandths of a defect per
   hundred units. */
static struct operating_point point_at(const struct operating *operating, long lot, long at)
{
    if (operating->measure == OPERATING_UNITS)
        return (struct operating_point){rational_fraction(at, lot), at,
                                        accepts_lot(lot, at, operating->n, operating->ac)};
    struct rational rate = rational_fraction(at, 100000);
    return (struct operating_point){rate, 0, accepts(operating, rate)};
}

/* The first place that is accepted at most one time in ten. In leaps first: what is looked at is then never much worse
   than what is sought, and its numbers are short. */
static struct operating_point consumer_point(const struct operating *operating, long lot)
{
    struct rational tenth = rational_fraction(1, 10);
    long end = operating->measure == OPERATING_UNITS ? lot : LONG_MAX / 4;
    long low = 0; /* is accepted more often */
    long high = 1;
    struct operating_point found = point_at(operating, lot, high);

    while (high < end && rational_compare(found.accepted, tenth) > 0) {
        low = high;
        high = high < end / 2 ? 2 * high : end;
        found = point_at(operating, lot, high);
    }
    while (high - low > 1) {
        long middle = low + (high - low) / 2;
        struct operating_point tried = point_at(operating, lot, middle);
        if (rational_compare(tried.accepted, tenth) > 0) {
            low = middle;
        } else {
            high = middle;
            found = tried;
        }
    }
    return found;
}

static bool has_aql(const struct sample *sample)
{
    return sample->form == SAMPLE_AQL || sample->form == SAMPLE_ZERO_AQL;
}

struct operating sampling_operating(const struct sample *sample, long lot,
                                    const struct sampling_plan *plan)
{
    struct operating operating = {.n = plan->n, .ac = plan->ac};
    struct rational percent = has_aql(sample) ? sample->number.number : RATIONAL_ONE;
    bool judges =
        has_aql(sample) || sample->form == SAMPLE_ZERO_LTPD || sample->form == SAMPLE_PER_BATCH;

    if (!judges || plan->all)
        return operating;
    operating.measure = rational_compare(percent, rational_integer(10)) > 0 ? OPERATING_PER_HUNDRED
                                                                            : OPERATING_UNITS;
    operating.producer.rate = rational_divide(percent, rational_integer(100));
    operating.producer.accepted = accepts(&operating, operating.producer.rate);
    operating.consumer = consumer_point(&operating, lot);
    return operating;
}

void operating_curve(const struct operating *operating,
                     struct operating_point points[OPERATING_CURVE])
{
    static const int thousandths[OPERATING_CURVE] = {5, 10, 20, 50, 100, 200};

    for (int i = 0; i < OPERATING_CURVE; i++) {
        struct rational rate = rational_fraction(thousandths[i], 1000);
        points[i] = (struct operating_point){rate, 0, accepts(operating, rate)};
    }
}

/* ---- in words ---- */

/* "88 times in 100"; a chance that would round to none or all says that it is neither. */
static void often(struct buffer *out, struct rational accepted)
{
    struct rational hundredths = rational_multiply(accepted, rational_integer(100));
    struct rational half = rational_fraction(1, 2);
    struct rational from_all = rational_subtract(rational_integer(100), hundredths);

    if (rational_is_zero(accepted))
        buffer_add_text(out, "never");
    else if (rational_is_zero(from_all))
        buffer_add_text(out, "always");
    else if (rational_compare(hundredths, half) < 0)
        buffer_add_text(out, "less than once in 100");
    else if (rational_compare(from_all, half) < 0)
        buffer_add_text(out, "more than 99 times in 100");
    else {
        rational_print_short(out, hundredths, 0);
        buffer_add_text(out, " times in 100");
    }
}

/* Of a hundred, with one decimal; more where it is small. */
static void hundred_times(struct buffer *out, struct rational rate)
{
    struct rational percent = rational_multiply(rate, rational_integer(100));
    int places = 1;

    for (struct rational least = RATIONAL_ONE; places < 4 && rational_compare(percent, least) < 0;
         places++)
        least = rational_divide(least, rational_integer(10));
    rational_print_short(out, percent, places);
}

void operating_words(struct buffer *out, const struct operating *operating)
{
    if (operating->measure == OPERATING_NONE)
        return;
    bool units = operating->measure == OPERATING_UNITS;
    buffer_add_text(out, units ? "work that is " : "work with ");
    rational_print_short(out, rational_multiply(operating->producer.rate, rational_integer(100)),
                         3);
    buffer_add_text(out, units ? "% bad " : " defects in 100 units ");
    often(out, operating->producer.accepted);
    if (units)
        buffer_addf(out, ", a lot with %ld bad (", operating->consumer.bad);
    else
        buffer_add_text(out, ", with ");
    hundred_times(out, operating->consumer.rate);
    buffer_add_text(out, units ? "%) " : " in 100 ");
    often(out, operating->consumer.accepted);
}
