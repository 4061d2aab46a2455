/* A coin acceptor that says only "click": n pulses of 50 ms are a coin of n times the pulse's value.
 *
 * It can't be asked again. Pulses are counted in memory that a reset leaves alone and go to EEPROM when the coin is
 * complete; a power cut within the 250 ms from the first pulse to the last byte loses that coin. */
#ifndef PULSE_COIN_H
#define PULSE_COIN_H

#include <stdbool.h>
#include <stdint.h>

void pulse_coin_init(void);

/* Open for coins of this value a pulse; 0 shuts. */
void pulse_coin_accept(uint32_t pulse_value);

/* enum device_state */
uint8_t pulse_coin_state(void);

/* A coin is counted and not yet written. */
bool pulse_coin_is_counting(void);

void pulse_coin_step(uint32_t now_ms);

#endif
