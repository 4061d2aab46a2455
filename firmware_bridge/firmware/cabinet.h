/* Lock, lamp, fan, and the debounced inputs. */
#ifndef CABINET_H
#define CABINET_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

void cabinet_init(void);

/* Door locked, lamp red; the fan goes on as it was. */
void cabinet_rest(void);

/* `quarters`: bit 0 left, 1 right, 2 above, 3 below. */
void cabinet_lamp(uint8_t red, uint8_t green, uint8_t blue, uint8_t quarters);
void cabinet_lock(bool unlocked);
void cabinet_fan(uint8_t speed);
void cabinet_sensors(struct sensors *out);
bool cabinet_door_is_open(void);

void cabinet_step(uint32_t now_ms);

#endif
