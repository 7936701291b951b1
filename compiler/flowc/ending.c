#include "flowc/ending.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

static const int endings[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { ENDINGS = sizeof endings / sizeof *endings };

static volatile sig_atomic_t came;
static struct sigaction before[ENDINGS];
static sigset_t mask_before;

static void on_signal(int number)
{
    came = number;
}

void ending_begin(void)
{
    sigset_t all;
    sigemptyset(&all);
    for (int i = 0; i < ENDINGS; i++) {
        struct sigaction action = {.sa_handler = on_signal};
        sigaction(endings[i], NULL, &before[i]);
        if (before[i].sa_handler == SIG_IGN) /* nohup */
            continue;
        sigaction(endings[i], &action, NULL);
        sigaddset(&all, endings[i]);
    }
    sigprocmask(SIG_BLOCK, &all, &mask_before);
}

bool ending_is(int number)
{
    for (int i = 0; i < ENDINGS; i++)
        if (endings[i] == number)
            return true;
    return false;
}

int ending_signal(void)
{
    return came;
}

int ending_poll(struct pollfd *descriptors, int count, int timeout_ms)
{
    struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    int ready = ppoll(descriptors, (nfds_t)count, timeout_ms < 0 ? NULL : &timeout, &mask_before);
    return came ? -1 : ready < 0 ? 0 : ready;
}

void ending_forget(void)
{
    for (int i = 0; i < ENDINGS; i++)
        if (before[i].sa_handler != SIG_IGN)
            signal(endings[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void ending_end(void)
{
    sigprocmask(SIG_SETMASK, &mask_before, NULL); /* one that waits is noted, and kills nobody */
    for (int i = 0; i < ENDINGS; i++)
        sigaction(endings[i], &before[i], NULL);
}

void ending_by_signal(void)
{
    if (!came)
        return;
    signal(came, SIG_DFL);
    raise(came);
}
