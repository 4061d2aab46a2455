/* What the board tells the host unasked: events of money until they are confirmed, states when they change. */
#ifndef REPORTS_H
#define REPORTS_H

#include <stdint.h>

/* A session has begun: tell everything anew. */
void reports_begin(void);

/* Fill the outbox. */
void reports_step(uint32_t now_ms);

/* Tell every state again. */
void reports_repeat(void);

/* A passing remark; lost when nobody listens. */
void report_notice(uint8_t device, uint8_t kind, uint8_t detail);

#endif
