/* Any bytes as a journal: opened to read and to write, read, verified. Whatever is in the file, it is told of or it is
   refused with a reason. */
#include "harness.h"
#include "store/journal.h"

#include "base/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool look(const struct journal_event *event, void *data)
{
    require(strlen(event->body) <= event->length);
    return ++*(long *)data < 10000;
}

static void ignore_finding(int64_t sequence, const char *text, void *data)
{
    (void)sequence, (void)data;
    require(*text);
}

static void use(const char *path, enum journal_mode mode)
{
    struct failure failure = {""};
    struct journal *journal = journal_open(path, mode, &failure);
    long count = 0;
    if (!journal) {
        require(failure.message[0] != '\0');
        return;
    }
    journal_read(journal, 1, look, &count, &failure);
    journal_verify(journal, ignore_finding, NULL, &failure);
    free(journal_answer(journal, "01890a5d-ac96-774b-bcce-b302099a8057"));
    if (mode == JOURNAL_WRITE && journal_stage(journal, 1, "{}", 2, &failure))
        journal_commit(journal, &failure);
    journal_close(journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal", ".lock"};
    const char *folder = getenv("FUZZ_FOLDER");
    char path[512], name[600];
    struct failure failure;
    snprintf(path, sizeof path, "%s/journal-%d.db", folder ? folder : "/tmp", (int)getpid());
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    if (!file_write(path, (const char *)bytes, length, &failure))
        return 0;
    use(path, JOURNAL_READ);
    use(path, JOURNAL_WRITE);
    return 0;
}
