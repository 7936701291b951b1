/* How one comes by a key of OctoPrint's (its plugin "appkeys", which it brings along): we ask, a person says yes in its pages, and
   we fetch the key. Pure functions. https://docs.octoprint.org/en/master/bundledplugins/appkeys.html */
#ifndef FLOW_PRINTERS_APPKEY_H
#define FLOW_PRINTERS_APPKEY_H

#include "printers/printer.h"

enum appkey {
    APPKEY_WAITING, /* a person has not said yet */
    APPKEY_GIVEN,
    APPKEY_DENIED,  /* or nobody said for too long */
    APPKEY_REFUSED, /* it does not take requests now, or not of this kind */
    APPKEY_UNHEARD  /* no answer, or none that says; ask again */
};

struct appkey_request {
    char token[80]; /* of the request; keep asking within 5 s each, or it lapses */
    char key[200];  /* where it was given */
};

void appkey_ask(struct call *call);
/* WAITING where it was taken. */
enum appkey appkey_hear(const struct reply *reply, struct appkey_request *request);
void appkey_ask_again(const struct appkey_request *request, struct call *call);
enum appkey appkey_hear_again(const struct reply *reply, struct appkey_request *request);

#endif
