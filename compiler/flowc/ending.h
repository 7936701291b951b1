/* Being told to end while other processes have to end first: SIGINT, SIGTERM, SIGHUP and SIGQUIT. */
#ifndef FLOW_FLOWC_ENDING_H
#define FLOW_FLOWC_ENDING_H

#include <poll.h>
#include <stdbool.h>

/* From here on such a signal is noted, and comes only while ending_poll waits. */
void ending_begin(void);
/* Whether it is one of them. */
bool ending_is(int number);
/* The signal that came; 0 for none. */
int ending_signal(void);
/* poll(2); -1 where a signal came. */
int ending_poll(struct pollfd *descriptors, int count, int timeout_ms);
/* In a process that was forked meanwhile: such a signal ends it. */
void ending_forget(void);
/* As it was before. */
void ending_end(void);
/* Ends this process by the signal that came, so that whoever started it sees so. Returns if none did. */
void ending_by_signal(void);

#endif
