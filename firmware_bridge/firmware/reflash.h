/* Handing the board over to its boot loader (boot/), when the host asks and no money can be touched by it. */
#ifndef REFLASH_H
#define REFLASH_H

#include <stdint.h>

void reflash_init(void);

/* The host's wish; returns an enum code. Refused while the kiosk is at work (lease), money or motor moves, or an event
 * waits for its confirmation. Granted, the answer still goes out before the boot loader takes over. */
uint8_t reflash_ask(uint32_t now_ms);

void reflash_step(uint32_t now_ms);

#endif
