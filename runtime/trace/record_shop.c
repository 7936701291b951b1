#include "trace/record_shop.h"

static const struct revision *revision_of_shop(const char *snapshot, const char *product,
                                               void *data)
{
    return shop_revision(data, snapshot, product, NULL);
}

static void feed_record(int64_t sequence, int64_t time_ms, const struct message *event, void *data)
{
    record_feed(data, sequence, time_ms, event);
}

bool record_of_shop(struct workshop *shop, const char *batch, struct record *record,
                    struct failure *failure)
{
    record_open(record, shop_name(shop, batch), revision_of_shop, shop);
    if (!shop_replay(shop, feed_record, record, failure))
        return false;
    if (record->opened.sequence && !record->revision) {
        shop_revision(shop, record->snapshot, record->product, failure);
        return false;
    }
    record->head = journal_head(shop_journal(shop), record->head_hash);
    record_settle(record);
    return true;
}

static void feed_issues(int64_t sequence, int64_t time_ms, const struct message *event, void *data)
{
    issues_feed(data, sequence, time_ms, event);
}

bool issues_of_shop(struct workshop *shop, struct issues *issues, struct failure *failure)
{
    *issues = (struct issues){0};
    return shop_replay(shop, feed_issues, issues, failure);
}
