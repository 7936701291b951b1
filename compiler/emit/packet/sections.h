/* Inside emit/packet: the sections of the request. Each draws nothing where the packet has nothing of it. */
#ifndef FLOW_EMIT_PACKET_SECTIONS_H
#define FLOW_EMIT_PACKET_SECTIONS_H

#include "emit/packet/packet.h"
#include "page/page.h"

/* A name and its value on a line; nothing for an empty value. */
void draw_pair(struct document *page, const char *name, const char *text);

void draw_contents(struct document *page, struct request *request);
void draw_finish(struct document *page, struct request *request);
void draw_work(struct document *page, struct request *request);
void draw_inspection(struct document *page, struct request *request);
void draw_defects(struct document *page, struct request *request);
void draw_packaging(struct document *page, struct request *request);
void draw_release(struct document *page, struct request *request);
void draw_allowed(struct document *page, struct request *request);
void draw_files(struct document *page, struct request *request);

#endif
