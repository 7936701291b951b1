/* Deviations and complaints: what went otherwise than it should, why, and what is done about it. */
#include "engine/deciding.h"

bool decide_open_issue(struct deciding *at)
{
    const struct open_issue *asked = &at->command->open_issue;
    const struct batch *batch = state_batch(at->state, asked->batch);
    const char *product = batch ? batch->product->name : asked->product;

    if (!is_name(at, "an issue", asked->issue))
        return false;
    if (!*asked->what)
        return refuse(at, "say what was otherwise than it should be");
    if (*asked->batch && !batch)
        return refuse(at, "there is no batch %s", asked->batch);
    if (*asked->product && asked->product != product)
        return refuse(at, "batch %s is of %s", batch->name, product);
    if (!state_product(at->state, product))
        return refuse(at, "there is no product %s; an issue is of a product or of a batch",
                      product);
    if (*asked->step && batch && !step_in(at, batch, asked->step))
        return false;
    if (asked->unit < 0 || asked->unit > (batch ? batch->unit_count : 0))
        return refuse(at, "there is no unit %lld of batch %s", (long long)asked->unit,
                      asked->batch);
    const struct issue *there = state_issue(at->state, asked->issue);
    if (there && there->what == asked->what && there->product == product &&
        there->batch == asked->batch)
        return true;
    if (there)
        return refuse(at, "issue %s is there already; give this one another name", there->name);
    happens_as_asked(at, EVENT_issue_opened)->issue_opened.product = product;
    return true;
}

static const struct issue *open_issue_of(struct deciding *at, const char *name)
{
    const struct issue *issue = state_issue(at->state, name);
    if (!issue)
        refuse(at, "there is no issue %s", name);
    else if (issue->closed)
        refuse(at, "issue %s is closed; open another", name);
    return issue && !issue->closed ? issue : NULL;
}

bool decide_answer_issue(struct deciding *at)
{
    const struct answer_issue *asked = &at->command->answer_issue;
    const struct issue *issue = open_issue_of(at, asked->issue);

    if (!issue)
        return false;
    if (!*asked->cause || !*asked->action)
        return refuse(at, "an answer says the cause, and what is done about it");
    if (issue->cause != asked->cause || issue->action != asked->action)
        happens_as_asked(at, EVENT_issue_answered);
    return true;
}

bool decide_close_issue(struct deciding *at)
{
    const struct close_issue *asked = &at->command->close_issue;
    const struct issue *there = state_issue(at->state, asked->issue);

    if (there && there->closed)
        return true;
    const struct issue *issue = open_issue_of(at, asked->issue);
    if (!issue)
        return false;
    if (!*asked->reason)
        return refuse(at, "say what settled it: the record keeps it");
    happens_as_asked(at, EVENT_issue_closed);
    return true;
}
