/* The hardware as unit tests and the fuzzer see it: time stands until they move it, nothing is asynchronous. */
#ifndef HAL_HOST_H
#define HAL_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

/* Power on: RAM of the hal is new, non-volatile memory keeps its bytes (`blank` erases it). */
void host_power_on(bool blank);

/* Move time; one EEPROM byte is programmed every 3 ms of it. */
void host_advance(uint32_t ms);

/* Bytes for the firmware's host UART, and those it has sent (taken away; at most `max`). */
void host_feed(uint8_t byte);
uint16_t host_sent(uint8_t *bytes, uint16_t max);

/* The MDB bus: the peripheral's hook is called with each word the firmware sends, and answers by host_mdb_say. */
/* Whether the application has handed over to the boot loader. */
extern bool host_in_boot;

extern void (*host_mdb_heard)(uint16_t word);
void host_mdb_say(uint16_t word);

void host_set_input(enum hal_input pin, bool level);
bool host_output(enum hal_output pin);
uint8_t host_level(enum hal_level channel);
uint8_t *host_nvm(void);

#endif
