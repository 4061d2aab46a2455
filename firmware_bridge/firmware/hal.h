/* Everything the logic needs of the hardware, and nothing else. hal_avr.c is the kiosk's board, hal_host.c the unit
 * tests' and the fuzzer's. No call blocks. */
#ifndef HAL_H
#define HAL_H

#include <stdbool.h>
#include <stdint.h>

/* Inputs as logical levels: true = open, tampered with, present, pressed, pulse, at home. */
enum hal_input { IN_DOOR, IN_TAMPER, IN_PAPER, IN_BUTTON, IN_COIN_PULSE, IN_MOTOR_HOME, HAL_INPUTS };

/* Outputs; true = bolt held back, motor runs, pulse acceptor closed, quarter of the lamp ring fed. At reset: locked,
 * stopped, closed, dark. */
enum hal_output {
    OUT_LOCK, OUT_MOTOR, OUT_INHIBIT_PULSE,
    OUT_LAMP_LEFT, OUT_LAMP_RIGHT, OUT_LAMP_ABOVE, OUT_LAMP_BELOW,
    HAL_OUTPUTS,
};

/* Pulse-width outputs, 0-255. */
enum hal_level { LEVEL_LAMP_R, LEVEL_LAMP_G, LEVEL_LAMP_B, LEVEL_FAN, HAL_LEVELS };

enum { HAL_NVM_SIZE = 4096, HAL_NVM_WRITE_MAX = 32, MDB_MODE_BIT = 0x100 };

/* Memory that a reset leaves alone (a power cut does not): pulses that are counted but not yet written. */
struct hal_retained {
    uint16_t pulses;
    uint16_t pulses_inverted;
    uint32_t pulse_value;
};

void hal_init(void);

/* Milliseconds since the last reset; wraps after 49 days. */
uint32_t hal_millis(void);

/* Whether the last reset was the watchdog's. */
bool hal_reset_by_watchdog(void);

void hal_kick_watchdog(void);

/* Sleep until something may have happened. */
void hal_idle(void);

/* Host UART: take one byte, false = none; hand over one byte (the caller has asked for room). */
bool hal_host_get(uint8_t *byte);
uint8_t hal_host_room(void);
void hal_host_put(uint8_t byte);

/* MDB UART, nine bits: bit 8 is the mode bit. `sent` is true when the last bit has left. */
bool hal_mdb_get(uint16_t *word);
void hal_mdb_put(uint16_t word);
bool hal_mdb_sent(void);

bool hal_input(enum hal_input pin);
void hal_output(enum hal_output pin, bool on);
void hal_level(enum hal_level channel, uint8_t value);

/* Non-volatile memory. A write copies up to HAL_NVM_WRITE_MAX bytes, programs them in rising order behind the caller's
 * back (3.4 ms each) and is refused (false) while another is under way; reading gives what will be there at its end. */
void hal_nvm_read(uint16_t at, void *bytes, uint8_t count);
bool hal_nvm_write(uint16_t at, const void *bytes, uint8_t count);
bool hal_nvm_busy(void);

struct hal_retained *hal_retained(void);

/* Reset into the boot loader, which waits for a new application. */
void hal_enter_boot(void);

#endif
