/* What we did wrong: said as such, with the status that means it, and with nothing half-written left behind. Sanitizers
   have a better report. */
#include "flowc/flowc.h"

#include "base/memory.h"

#include <signal.h>
#include <unistd.h>

#ifndef __SANITIZE_ADDRESS__

static void on_fault(int number)
{
    static const char message[] = "flowc: this is a fault of flowc, not of the spec; please report "
                                  "it, with the spec and `flowc --version`\n";
    (void)number;
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written; /* nothing is left to say it with */
    memory_run_cleanups();
    _exit(EXIT_OUR_FAULT);
}

void answer_for_faults(void)
{
    static char stack[16384]; /* an overflown stack has no room for the answer */
    static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction action = {.sa_handler = on_fault,
                               .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigaction(faults[i], &action, NULL);
}

#else

void answer_for_faults(void)
{
}

#endif
