/* One print on one printer, told line by line: what the tests against real servers drive (tests/real/run.py).

     drive FARM PRINTER FILE NAME [resume] [stop=STAGE]

   Says `stage WORD: WHY` and `report STATE FILE PERCENT` as they change, `ordered WORD: WHY`. Standard input takes orders: pause,
   resume, cancel. With `resume` it goes on with a run whose intent was durable; with `stop=STAGE` it dies where that stage
   begins, as if somebody had pulled the plug (`stop=intended`: when the intent is durable). */
#include "printers/driver.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POLL_MS = 1000, TURN_MS = 50 };

struct drive {
    struct driver *driver;
    const char *name, *stop;
    bool over, ordering;
    char shown[600];
};

static uint64_t chance(void *data)
{
    (void)data;
    return (uint64_t)rand();
}

static void stop_at(const struct drive *drive, const char *word)
{
    if (drive->stop && strcmp(drive->stop, word) == 0)
        raise(SIGKILL);
}

static void reported(void *data, int printer, const struct printer_report *before,
                     const struct printer_report *now)
{
    struct drive *drive = data;
    char shown[sizeof drive->shown];
    (void)printer;
    (void)before;
    snprintf(shown, sizeof shown, "report %s %s %d%s %s", printer_state_words[now->state],
             *now->file ? now->file : "-", (int)(now->progress * 100), now->heating ? " heats" : "",
             now->message);
    if (strcmp(shown, drive->shown) != 0)
        puts(shown);
    memcpy(drive->shown, shown, sizeof shown);
}

static bool intended(void *data, int printer, const struct run *run)
{
    (void)printer;
    if (run->stage != RUN_INTEND) /* it is about to be sent */
        return true;
    printf("intended %s\n", run->errand.name);
    stop_at(data, "intended");
    return true;
}

static void moved(void *data, int printer, const struct run *run)
{
    struct drive *drive = data;
    (void)printer;
    printf("stage %s: %s\n", run_stage_words[run->stage], run_is_over(run) ? run->why : "");
    stop_at(drive, run_stage_words[run->stage]);
    drive->over = run_is_over(run);
}

static void ordered(void *data, int printer, const struct print_order *order)
{
    static const char *const words[] = {
        [ORDER_OBEYED] = "obeyed", [ORDER_REFUSED] = "refused", [ORDER_UNKNOWN] = "unknown"};
    struct drive *drive = data;
    (void)printer;
    drive->ordering = false;
    printf("ordered %s: %s\n", words[order->stage], order->why);
}

static void take_order(struct drive *drive)
{
    static const char *const words[] = {"pause", "resume", "cancel"};
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    struct failure failure;
    char line[40] = "";
    if (drive->ordering || poll(&input, 1, 0) != 1 || !fgets(line, sizeof line, stdin))
        return;
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < 3; i++)
        if (strcmp(line, words[i]) == 0)
            drive->ordering =
                driver_order(drive->driver, 0, (enum printer_order)i, drive->name, &failure);
}

int main(int argc, char **argv)
{
    struct drive drive = {0};
    struct farm farm;
    struct failure failure;
    bool resumes = false;
    struct listener listener = {.reported = reported,
                                .intended = intended,
                                .moved = moved,
                                .ordered = ordered,
                                .chance = chance,
                                .hears_news = true,
                                .data = &drive};
    for (int i = 5; i < argc; i++)
        if (strcmp(argv[i], "resume") == 0)
            resumes = true;
        else if (strncmp(argv[i], "stop=", 5) == 0)
            drive.stop = argv[i] + 5;
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0);
    if (argc < 5 || !farm_open(&farm, argv[1], &failure) || !farm_find(&farm, argv[2])) {
        fprintf(stderr, "%s\n", argc < 5 ? "see the head of drive.c" : failure.message);
        return 2;
    }
    farm.printers[0] = *farm_find(&farm, argv[2]);
    farm.count = 1;
    drive.name = argv[4];
    drive.driver = driver_open(&farm, &listener, POLL_MS, &failure);
    if (!drive.driver ||
        !(resumes ? driver_resume : driver_print)(drive.driver, 0, argv[3], argv[4], &failure)) {
        fprintf(stderr, "%s\n", failure.message);
        return 2;
    }
    while (!drive.over || drive.ordering) {
        driver_turn(drive.driver, TURN_MS);
        take_order(&drive);
    }
    driver_close(drive.driver);
    farm_close(&farm);
    return 0;
}
