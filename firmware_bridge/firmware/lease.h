/* The host's leave to act: extended every second or so; two seconds of silence bring everything to rest. */
#ifndef LEASE_H
#define LEASE_H

#include <stdbool.h>
#include <stdint.h>

void lease_init(void);
void lease_extend(uint32_t now_ms);
bool lease_is_held(void);

/* End the lease when its time has come, and put everything to rest. */
void lease_step(uint32_t now_ms);

#endif
