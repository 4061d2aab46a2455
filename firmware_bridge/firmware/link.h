/* The cable to the host: frames, session, numbers, acknowledgement, repetition.
 *
 * One DATA frame of each side is under way at a time; it is repeated until its ACK comes, and taken once. A session
 * begins with the host's SYN; after a reset the board has none and answers RST, so that the host begins anew. */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stdint.h>

enum { LINK_BODY_MAX = 80, LINK_OUTBOX = 8 };

void link_init(void);

/* Read what has come, repeat what was not acknowledged, send what waits. */
void link_step(uint32_t now_ms);

/* Messages that can still be put into the outbox. */
uint8_t link_room(void);

/* Put one message into the outbox; dropped without room. */
void link_send(uint8_t code, const uint8_t *body, uint8_t count);

bool link_is_open(void);

#endif
