/* The porter: a thread that looks whether a PIN or a password is right, one after the other. That takes a tenth of a second and
   64 MiB each, by design, and must keep nobody else waiting. */
#include "station/private.h"

enum { WAITING_AT_THE_DOOR = 32 };

bool porter_take(struct server *server, struct visit *visit)
{
    pthread_mutex_lock(&server->porter.lock);
    bool room = server->porter.count < WAITING_AT_THE_DOOR;
    if (room) {
        MHD_suspend_connection(visit->connection);
        visit->next = NULL;
        *server->porter.end = visit;
        server->porter.end = &visit->next;
        server->porter.count++;
        pthread_cond_signal(&server->porter.rings);
    }
    pthread_mutex_unlock(&server->porter.lock);
    if (!room) {
        problem(&visit->inquiry.reply, 429, "Too many sign in at once; come again.");
        visit->inquiry.reply.retry_s = 2;
    }
    return room;
}

/* The next, NULL when the house is closed and all were seen. */
static struct visit *next_visit(struct porter *porter)
{
    pthread_mutex_lock(&porter->lock);
    while (!porter->first && !porter->leaves)
        pthread_cond_wait(&porter->rings, &porter->lock);
    struct visit *visit = porter->first;
    if (visit) {
        porter->first = visit->next;
        porter->count--;
        if (!porter->first)
            porter->end = &porter->first;
    }
    pthread_mutex_unlock(&porter->lock);
    return visit;
}

static void *work(void *context)
{
    struct server *server = context;
    struct visit *visit;
    while ((visit = next_visit(&server->porter))) {
        try_sign_in(&server->api, &visit->inquiry);
        MHD_resume_connection(visit->connection);
    }
    return NULL;
}

bool porter_begin(struct server *server, struct failure *failure)
{
    struct porter *porter = &server->porter;
    porter->end = &porter->first;
    pthread_mutex_init(&porter->lock, NULL);
    pthread_cond_init(&porter->rings, NULL);
    porter->there = pthread_create(&porter->thread, NULL, work, server) == 0;
    return porter->there || fail(failure, "there is no thread for those who sign in");
}

void porter_end(struct server *server)
{
    struct porter *porter = &server->porter;
    if (!porter->there)
        return;
    pthread_mutex_lock(&porter->lock);
    porter->leaves = true;
    pthread_cond_signal(&porter->rings);
    pthread_mutex_unlock(&porter->lock);
    pthread_join(porter->thread, NULL);
    pthread_cond_destroy(&porter->rings);
    pthread_mutex_destroy(&porter->lock);
    porter->there = false;
}
