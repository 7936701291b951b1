/* What befalls the printers of a simulated farm, apart from what is printed. */
#include "sim/farm_private.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    enum twin_incident_kind kind;
} kinds[] = {{"network", NETWORK_LOST}, {"answer", ANSWER_LOST},
             {"server", SERVER_KILLED}, {"flowd", WE_RESTART},
             {"machine", MACHINE_LOST}, {"emergency_stop", EMERGENCY_STOP},
             {"stuck", GETS_STUCK},     {"cancelled", PERSON_CANCELS}};
enum { KINDS = sizeof kinds / sizeof *kinds, WEEK_MS = 7 * DAY_S * 1000 };

static int kind_of(const char *name)
{
    int k = 0;
    while (k < KINDS && strcmp(kinds[k].name, name) != 0)
        k++;
    return k;
}

bool farm_trouble_is_known(const char *name)
{
    return kind_of(name) < KINDS;
}

/* Troubles do not know of each other, so the times between those of a kind are exponential. */
static int64_t draw(struct farm_connection *it, const struct farm_trouble *trouble,
                    int64_t after_ms)
{
    double wait_ms = -log(1 - sim_draw(&it->chance)) * WEEK_MS / trouble->a_week;
    return wait_ms < 1e15 ? after_ms + (int64_t)wait_ms
                          : INT64_MAX; /* never, where none is wanted */
}

static int soonest(const struct farm *farm, const struct farm_connection *it)
{
    int k = 0;
    for (int i = 1; i < farm->settings->trouble_count; i++)
        k = it->next_ms[i] < it->next_ms[k] ? i : k;
    return k;
}

static void choose_next(const struct farm *farm, struct farm_connection *it)
{
    int k = soonest(farm, it);
    const struct farm_trouble *trouble = &farm->settings->trouble[k];
    it->incident = (struct twin_incident){kinds[kind_of(trouble->name)].kind, it->next_ms[k],
                                          1000 * trouble->lasts_s};
    it->twin.incident_next = 0;
}

void farm_trouble_begin(struct farm *farm, int p)
{
    const struct farm_settings *settings = farm->settings;
    struct farm_connection *it = &farm->printers[p].connection;
    if (!settings->trouble_count)
        return;
    it->chance = (settings->seed * 1000003 + (uint64_t)p) * 0x9e3779b97f4a7c15u | 1;
    for (int i = 0; i < settings->trouble_count; i++)
        it->next_ms[i] = draw(it, &settings->trouble[i], 1000 * farm->now_s);
    it->twin.incidents = &it->incident;
    it->twin.incident_count = 1;
    choose_next(farm, it);
}

void farm_trouble_advance(struct farm *farm, struct farm_connection *it, int64_t to_ms)
{
    while (it->twin.incident_count && it->incident.at_ms <= to_ms) {
        int k = soonest(farm, it);
        twin_advance(&it->twin, it->incident.at_ms);
        it->next_ms[k] = draw(it, &farm->settings->trouble[k], it->incident.at_ms);
        choose_next(farm, it);
    }
    twin_advance(&it->twin, to_ms);
}
