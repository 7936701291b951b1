/* The operating characteristic of a plan: how often a lot of a given quality is accepted. These figures stand beside
   a plan for people who judge it; nothing is decided by them, so they are floating point. */
#include "quality/sampling.h"

#include <math.h>

/* ln(n over k); -inf where there is no way to choose. */
static double log_choose(double n, double k)
{
    int sign;

    if (k < 0 || k > n)
        return -INFINITY;
    return lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) - lgamma_r(n - k + 1, &sign);
}

static double binomial(long n, long found, double p)
{
    double x = (double)found;
    double rest = (double)n - x;

    if (p <= 0)
        return found == 0 ? 1 : 0;
    if (p >= 1)
        return found == n ? 1 : 0;
    return exp(log_choose((double)n, x) + x * log(p) + rest * log1p(-p));
}

static double hypergeometric(long lot, long defectives, long n, long found)
{
    double good = (double)(lot - defectives);

    return exp(log_choose((double)defectives, (double)found) +
               log_choose(good, (double)(n - found)) - log_choose((double)lot, (double)n));
}

double sampling_acceptance(long lot, long n, long ac, double p)
{
    bool finite = n > lot / 10;
    long defectives = lround((double)lot * p);
    double accepted = 0;

    for (long found = 0; found <= ac && found <= n; found++)
        accepted += finite ? hypergeometric(lot, defectives, n, found) : binomial(n, found, p);
    return accepted < 1 ? accepted : 1;
}

double sampling_quality_at(long lot, long n, long ac, double probability)
{
    double good = 0;
    double bad = 1;

    for (int i = 0; i < 60; i++) { /* acceptance falls as the share rises */
        double middle = (good + bad) / 2;
        if (sampling_acceptance(lot, n, ac, middle) > probability)
            good = middle;
        else
            bad = middle;
    }
    return (good + bad) / 2;
}
