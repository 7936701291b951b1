/* Waiting until something happens where files stand, by inotify. It says only that something did: what changed is told by
   the files' marks (base/inputs.h), so that an event that was missed or misread costs nothing but a look. */
#ifndef FLOW_FLOWC_WATCHING_H
#define FLOW_FLOWC_WATCHING_H

#include "base/failure.h"

struct watching {
    int descriptor;
    bool complained; /* that a folder could not be watched */
};

bool watching_open(struct watching *watching, struct failure *failure);
void watching_close(struct watching *watching);
/* Watches where the file stands, or will: the nearest folder that is there; and where a link leads. Of a folder the folder
   itself too. Doing so again is cheap, and right: folders come and go. */
void watching_add(struct watching *watching, const char *path);
/* Waits until something happened and it has been quiet for a moment: editors save in several steps. False where a signal
   ends the program (flowc/ending.h). */
bool watching_wait(struct watching *watching);

#endif
