/* The operating characteristic of a plan: how often a lot of a given quality is accepted, so that whoever trusts a plan
   knows what it lets through. A process is judged by its rate (binomial: every lot it makes is another draw), a lot by
   the bad units that are in it (hypergeometric, whole numbers). Chances are rationals with twelve true decimals. */
#ifndef FLOW_QUALITY_OPERATING_H
#define FLOW_QUALITY_OPERATING_H

#include "base/buffer.h"
#include "quality/sampling.h"

enum operating_measure {
    OPERATING_NONE,       /* no lot is judged by a part of it: all, the first, every so many */
    OPERATING_UNITS,      /* bad units are counted */
    OPERATING_PER_HUNDRED /* AQLs over 10: defects are counted, of which a unit may have several */
};

struct operating_point {
    struct rational rate; /* bad units, or defects, a unit */
    long bad;             /* units in the lot; 0 where it is no lot that is judged */
    struct rational accepted;
};

struct operating {
    enum operating_measure measure;
    long n, ac;
    struct operating_point producer; /* work at the AQL, at 1% where the plan has none */
    struct operating_point consumer; /* the best that is accepted at most one time in ten */
};

/* What `plan`, of `sample` for a lot of that many units, does. */
struct operating sampling_operating(const struct sample *sample, long lot,
                                    const struct sampling_plan *plan);

/* "work that is 1% bad 88 times in 100, a lot with 13 bad (15.5%) 9 times in 100": what follows the word "accepts" in
   every document. Nothing for OPERATING_NONE. */
void operating_words(struct buffer *out, const struct operating *operating);

/* The curve at the rates that people ask about: rates rising. */
enum { OPERATING_CURVE = 6 };
void operating_curve(const struct operating *operating,
                     struct operating_point points[OPERATING_CURVE]);

/* The chance that n of a lot of `lot` units, `bad` of them bad, show at most ac bad ones. 0 <= bad, n <= lot. */
struct rational accepts_lot(long lot, long bad, long n, long ac);
/* Whether that chance is at most one in ten. Takes the smaller of bad and n in time, as that one does. */
bool catches_lot(long lot, long bad, long n, long ac);
/* The chance that n units of work of which that share (0 to 1, no huge fraction) is bad show at most ac bad ones. */
struct rational accepts_work(struct rational rate, long n, long ac);
/* The chance that n units of work with so many defects a unit (Poisson) show at most ac defects. */
struct rational accepts_defects(struct rational rate, long n, long ac);

#endif
