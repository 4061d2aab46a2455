/* The simulated board: an ATmega1284P of libsimavr, its EEPROM in a file, its host UART on a pty, and its MDB UART and
 * pins in lockstep with the peripherals' process (LOCKSTEP.md). */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>

/* Simulated microseconds since the board process started. */
uint64_t board_now_us(avr_t *avr);

/* Find an I/O module of the MCU by its kind ("uart", "eeprom") and, for UARTs, its digit. */
avr_io_t *board_module(avr_t *avr, const char *kind, char name);

/* EEPROM: its bytes are those of the file, so that they outlive any way of dying. */
void nvm_attach(avr_t *avr, const char *path);

/* Flash likewise, so that what a boot loader writes stays; a new file is a blank chip. The boot loader lies in it
 * too, as by a programmer, and reset leads to it. */
void flash_attach(avr_t *avr, const char *path, const elf_firmware_t *boot_loader);

/* Host UART on a pty whose name is linked from `link`. `host_uart_tick` is due every simulated millisecond. */
void host_uart_attach(avr_t *avr, const char *link);
void host_uart_tick(avr_t *avr);

/* The socket to the peripherals: ask one line, get the answer; "-" while nobody listens. */
void wire_open(const char *path);
const char *wire_ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
void wire_retry(void);

/* MDB UART and pins. `bus_reset` is due after each reset of the MCU, `bus_tick` every 5 simulated milliseconds,
 * `pins_sample` every one. */
void bus_attach(avr_t *avr);
void bus_reset(avr_t *avr);
void bus_tick(avr_t *avr);
void bus_say(avr_t *avr, uint32_t delay_us, const uint16_t *words, int count);
void pins_attach(avr_t *avr);
void pins_reset(avr_t *avr);
void pins_sample(avr_t *avr);
void pins_set(avr_t *avr, const char *name, bool level);

/* Do what an answer of the peripherals says. */
void answer_do(avr_t *avr, const char *answer);

#endif
