/* Visits by going round: what comes to each step is added up in the workflow's order, again and again, until nothing
   changes. Nothing is ever subtracted, so each round comes nearer from below and no digit is lost. */
#include "cost/visits.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS_AT_MOST = 20000, DIGITS = 30 /* binary */ };

/* The ways into each node: those of node i are first[i] .. first[i + 1]. */
struct arrivals {
    int *first, *from;
    double *ratio;
};

static struct arrivals gather(const struct transition *transitions, int transition_count, int count)
{
    struct arrivals arrivals = {
        memory_zeroed((size_t)count + 2, sizeof *arrivals.first),
        memory_alloc(sizeof *arrivals.from * (size_t)transition_count),
        memory_alloc(sizeof *arrivals.ratio * (size_t)transition_count),
    };
    int *next = arrivals.first + 1;

    for (int i = 0; i < transition_count; i++)
        arrivals.first[transitions[i].to + 2]++;
    for (int i = 0; i < count; i++)
        next[i + 1] += next[i];
    for (int i = 0; i < transition_count; i++) {
        int at = next[transitions[i].to]++;
        arrivals.from[at] = transitions[i].from;
        arrivals.ratio[at] = rational_to_double(transitions[i].ratio);
    }
    return arrivals;
}

/* One round; the largest change, as a share of what it changed. */
static double go_round(const struct arrivals *arrivals, int count, double *visits)
{
    double change = 0;

    for (int i = 0; i < count; i++) {
        double sum = i == 0 ? 1 : 0, stays = 0;
        for (int w = arrivals->first[i]; w < arrivals->first[i + 1]; w++)
            if (arrivals->from[w] == i)
                stays += arrivals->ratio[w];
            else
                sum += visits[arrivals->from[w]] * arrivals->ratio[w];
        if (stays >= 1)
            return INFINITY;
        sum /= 1 - stays;
        if (sum > 0)
            change = fmax(change, (sum - visits[i]) / sum);
        visits[i] = sum;
    }
    return change;
}

bool visits_approach(const struct transition *transitions, int transition_count, int count,
                     double *visits)
{
    struct arrivals arrivals = gather(transitions, transition_count, count);
    double change = 1;

    for (int i = 0; i < count; i++)
        visits[i] = 0;
    for (int i = 0; i < ROUNDS_AT_MOST && change > 1e-13 && isfinite(change); i++)
        change = go_round(&arrivals, count, visits);
    free(arrivals.first);
    free(arrivals.from);
    free(arrivals.ratio);
    return change <= 1e-13;
}

struct rational visits_near(double number)
{
    int exponent;
    double share = frexp(number, &exponent); /* number = share x 2^exponent, share from 1/2 to 1 */

    if (!(number > 0) || exponent < DIGITS - 60)
        return RATIONAL_ZERO;
    int below = exponent < DIGITS ? DIGITS - exponent : 0;
    return rational_fraction(llround(ldexp(share, below + exponent)), INT64_C(1) << below);
}
