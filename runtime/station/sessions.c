#include "station/sessions.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SESSIONS_AT_MOST = 1024,
    TRIES_KEPT = 512,
    WAIT_LEAST_MS = 30 * 1000,
    WAIT_MOST_MS = 15 * 60 * 1000,
    NAME_SIZE = 112,
    HASH_SIZE = 128
};

struct session {
    char token_hash[TOKEN_HASH_DIGITS + 1]; /* "" for none */
    char person[NAME_SIZE];
    char hash[HASH_SIZE]; /* of the PIN or password that began it */
    int64_t begun_ms, asked_ms;
};

/* Wrong ones of a person or a place. */
struct tries {
    char who[NAME_SIZE];
    int count;
    int64_t last_ms;
};

struct sessions {
    pthread_mutex_t lock; /* of the first */
    struct session all[SESSIONS_AT_MOST];
    struct tries tries[TRIES_KEPT];
};

struct sessions *sessions_open(void)
{
    struct sessions *sessions = memory_zeroed(1, sizeof *sessions);
    pthread_mutex_init(&sessions->lock, NULL);
    return sessions;
}

void sessions_close(struct sessions *sessions)
{
    if (!sessions)
        return;
    pthread_mutex_destroy(&sessions->lock);
    free(sessions);
}

/* ---- sessions ---- */

static bool is_over(const struct session *session, int64_t now_ms)
{
    return !*session->token_hash || now_ms - session->begun_ms > SESSION_MS ||
           now_ms - session->asked_ms > SESSION_IDLE_MS;
}

/* One that is over, else the one that asked for nothing for the longest time. */
static struct session *free_session(struct sessions *sessions, int64_t now_ms)
{
    struct session *oldest = sessions->all;
    for (struct session *one = sessions->all; one < sessions->all + SESSIONS_AT_MOST; one++) {
        if (is_over(one, now_ms))
            return one;
        if (one->asked_ms < oldest->asked_ms)
            oldest = one;
    }
    return oldest;
}

void session_begin(struct sessions *sessions, const char *person, const char *hash, int64_t now_ms,
                   char token[TOKEN_LENGTH + 1])
{
    token_make(token);
    pthread_mutex_lock(&sessions->lock);
    struct session *session = free_session(sessions, now_ms);
    *session = (struct session){.begun_ms = now_ms, .asked_ms = now_ms};
    token_hash(token, session->token_hash);
    snprintf(session->person, sizeof session->person, "%s", person);
    snprintf(session->hash, sizeof session->hash, "%s", hash);
    pthread_mutex_unlock(&sessions->lock);
}

/* Under the lock. How long a look takes tells something of the hash at most, which leads back to no token. */
static struct session *find(struct sessions *sessions, const char *token)
{
    char hash[TOKEN_HASH_DIGITS + 1];
    token_hash(token, hash);
    for (struct session *one = sessions->all; one < sessions->all + SESSIONS_AT_MOST; one++)
        if (strcmp(one->token_hash, hash) == 0)
            return one;
    return NULL;
}

const struct person *session_find(struct sessions *sessions, const struct state *state,
                                  const char *token, int64_t now_ms)
{
    const struct person *person = NULL;
    if (!*token)
        return NULL;
    pthread_mutex_lock(&sessions->lock);
    struct session *session = find(sessions, token);
    if (session && !is_over(session, now_ms)) {
        const char *name = intern_find(&state->names, session->person, strlen(session->person));
        person = name ? state_person(state, name) : NULL;
        if (person && (person->dismissed || (strcmp(person->pin, session->hash) != 0 &&
                                             strcmp(person->password, session->hash) != 0)))
            person = NULL;
        session->asked_ms = now_ms;
    }
    pthread_mutex_unlock(&sessions->lock);
    return person;
}

void session_end(struct sessions *sessions, const char *token)
{
    pthread_mutex_lock(&sessions->lock);
    struct session *session = *token ? find(sessions, token) : NULL;
    if (session)
        *session = (struct session){0};
    pthread_mutex_unlock(&sessions->lock);
}

/* ---- tries ---- */

/* The one of that name; with `take`, one that it may have. NULL if there is none. */
static struct tries *tries_of(struct sessions *sessions, const char *who, bool take)
{
    struct tries *oldest = sessions->tries;
    for (struct tries *one = sessions->tries; one < sessions->tries + TRIES_KEPT; one++) {
        if (strncmp(one->who, who, sizeof one->who - 1) == 0)
            return one;
        if (one->last_ms < oldest->last_ms)
            oldest = one;
    }
    if (!take)
        return NULL;
    *oldest = (struct tries){0};
    snprintf(oldest->who, sizeof oldest->who, "%s", who);
    return oldest;
}

static int64_t wait_of(const struct tries *tries, int most, int64_t now_ms)
{
    int64_t wait = WAIT_LEAST_MS;
    if (!tries || tries->count < most)
        return 0;
    for (int i = most; i < tries->count && wait < WAIT_MOST_MS; i++)
        wait *= 2;
    wait = tries->last_ms + (wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS) - now_ms;
    return wait > 0 ? wait : 0;
}

int64_t tries_wait_ms(const struct sessions *sessions, const char *person, const char *place,
                      int64_t now_ms)
{
    struct sessions *all = (struct sessions *)(uintptr_t)sessions;
    int64_t one = wait_of(tries_of(all, person, false), TRIES_OF_PERSON, now_ms);
    int64_t other = wait_of(tries_of(all, place, false), TRIES_OF_PLACE, now_ms);
    return one > other ? one : other;
}

static void note_wrong(struct sessions *sessions, const char *who, int64_t now_ms)
{
    struct tries *tries = tries_of(sessions, who, true);
    if (now_ms - tries->last_ms > WAIT_MOST_MS)
        tries->count = 0;
    tries->count++;
    tries->last_ms = now_ms;
}

void tries_note(struct sessions *sessions, const char *person, const char *place, bool right,
                int64_t now_ms)
{
    struct tries *tries = right ? tries_of(sessions, person, false) : NULL;
    if (tries)
        *tries = (struct tries){0};
    if (right)
        return; /* whoever has a PIN of their own may still try those of others: the place is counted on */
    note_wrong(sessions, person, now_ms);
    note_wrong(sessions, place, now_ms);
}
