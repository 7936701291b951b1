/* flowd batch fill: what is ordered goes into a batch, first come first served. */
#include "flowd/views.h"
#include "plan/first_come.h"

struct filling {
    struct desk *desk;
    struct buffer said;
};

static bool ask(struct message *command, struct answer *answer, void *data)
{
    return desk_ask(((struct filling *)data)->desk, command, answer);
}

static void tell(const struct order_line *line, int64_t count, const char *why, void *data)
{
    struct filling *filling = data;
    if (count)
        buffer_addf(&filling->said, "%s/%s  %lld x %s\n", line->order, line->line, (long long)count,
                    line->sku);
    else
        buffer_addf(&filling->said, "%s/%s  waits: %s\n", line->order, line->line, why);
}

int fill_batch(struct desk *desk, int count, char **arguments)
{
    struct filling filling = {.desk = desk};
    struct first_come how = {ask, tell, &filling};
    if (count != 1)
        return usage_error(verb_find("batch"), "which batch?");
    if (!desk_write(desk) ||
        !desk_read(desk)) /* where a server writes, what there is is read here */
        return EXIT_ENVIRONMENT;
    const struct batch *batch =
        state_batch(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (!batch) {
        complain("there is no batch %s; `flowd batch open` opens one", arguments[0]);
        return EXIT_FINDINGS;
    }
    bool good = fill_first_come(shop_state(desk->shop), batch, &how);
    if (good && !filling.said.length)
        buffer_addf(&filling.said, "nothing of %s is ordered that is in no batch\n",
                    batch->product->name);
    good = print_out(&filling.said) && good;
    buffer_free(&filling.said);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
