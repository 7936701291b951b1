/* What we did wrong: said as such, with the status that means it, and with nothing half-written left behind. Sanitizers
   have a better report. */
#include "program/program.h"

#include "base/memory.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifndef __SANITIZE_ADDRESS__

/* Nothing is left to say a failure of this with. */
static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

static void on_fault(int number)
{
    (void)number;
    say(program.name);
    say(": this is a fault of the program, not of the spec; please report it, with the spec and "
        "what `");
    say(program.name);
    say(" --version` prints\n");
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
