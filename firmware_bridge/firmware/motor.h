/* The dispenser's motor (water, leaflets): so many turns of a cam that leaves home and comes back, within a limit. */
#ifndef MOTOR_H
#define MOTOR_H

#include <stdbool.h>
#include <stdint.h>

/* Begin; false while it runs. 1 to 255 turns, all within `limit_ms`. */
bool motor_run(uint8_t turns, uint16_t limit_ms, uint32_t now_ms);
void motor_stop(void);

/* enum device_state */
uint8_t motor_state(void);

void motor_step(uint32_t now_ms);

#endif
