/* A host at the firmware's UART, for unit tests: says frames, remembers what was told. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

void host_forget(void);
void host_frame(uint8_t kind, uint16_t session, uint8_t seq, const uint8_t *body, uint8_t count);

/* Open a session; `session` must be another one than before. */
void host_open(uint16_t session);

/* Send one command and return its Result's code; 0xFF = none came. */
uint8_t host_command(uint8_t code, const uint8_t *body, uint8_t count);
uint8_t host_tag_only(uint8_t code);
uint8_t host_u16(uint8_t code, uint16_t value);

/* Read what the firmware has sent; acknowledge its messages when `acking`. */
void host_listen(void);
extern bool host_acking;

/* Counts of frames by kind, and the last message of each code. */
extern unsigned host_frames[8];
const uint8_t *host_last(uint8_t code);

/* Events told, each serial once; how often they were told in all. */
struct told { uint32_t serial, value, key, detail; uint8_t kind; };
extern struct told host_events[256];
extern unsigned host_event_count, host_event_tellings;
uint32_t host_sum(uint8_t kind);
unsigned host_count(uint8_t kind);

#endif
