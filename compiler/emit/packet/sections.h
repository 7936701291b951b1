/* Inside emit/packet: the sections of the request. Each draws nothing where the packet has nothing of it. */
#ifndef FLOW_EMIT_PACKET_SECTIONS_H
#define FLOW_EMIT_PACKET_SECTIONS_H

#include "emit/packet/packet.h"
#include "page/page.h"

/* A name and its value on a line; nothing for an empty value. */
void draw_pair(struct document *page, const char *name, const char *text);

/* A short table is on one page: its last row alone on the next one is overlooked. The heading counts. */
#define WORDY_ROW_PT 34.0
void keep_rows(struct document *page, int count, double row_pt);

void draw_delivery(struct document *page, struct request *request);
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
