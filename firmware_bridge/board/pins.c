#include <string.h>

#include <simavr/avr_ioport.h>

#include "board.h"

enum {
    INPUTS = 6, OUTPUTS = 7, LEVELS = 4,
    ACTIVE_LOW = 0x3C, /* paper, button, coin_pulse, motor_home (hal_avr.c) */
    AT_RESET = 0x04,   /* a pull-up keeps the pulse acceptor shut while the pins float */
    PORTC_ADDRESS = 0x28, DDRC_ADDRESS = 0x27,
};

static const char *const input_names[INPUTS] = {"door", "tamper", "paper", "button", "coin_pulse", "motor_home"};
static bool inputs[INPUTS] = {false, false, true, false, false, true};
static const char *const output_names[OUTPUTS] = {
    "lock", "motor", "inhibit_pulse", "lamp_left", "lamp_right", "lamp_above", "lamp_below",
};
static uint8_t outputs = AT_RESET;
static const char *const level_names[LEVELS] = {"lamp_r", "lamp_g", "lamp_b", "fan"};
static const uint16_t level_addresses[LEVELS] = {0x88, 0x8A, 0xB3, 0xB4}; /* OCR1AL, OCR1BL, OCR2A, OCR2B */
static uint8_t levels[LEVELS];

static void tell(avr_t *avr, const char *name, unsigned value) {
    answer_do(avr, wire_ask("P %llu %s %u\n", (unsigned long long)board_now_us(avr), name, value));
}

static void see_outputs(avr_t *avr) {
    uint8_t driven = avr->data[DDRC_ADDRESS];
    uint8_t now = (uint8_t)((avr->data[PORTC_ADDRESS] & driven) | (AT_RESET & ~driven));
    uint8_t changed = (uint8_t)((now ^ outputs) & ((1 << OUTPUTS) - 1));
    outputs = now;
    for (int pin = 0; pin < OUTPUTS; pin++) {
        if (changed >> pin & 1) {
            tell(avr, output_names[pin], now >> pin & 1);
        }
    }
}

static void port_changed(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    (void)value;
    see_outputs(param);
}

/* The pin's own level, and once the other way round, because simavr hears only changes and a reset empties PINA. */
static void drive(avr_t *avr, int pin) {
    bool level = inputs[pin] ^ (ACTIVE_LOW >> pin & 1);
    avr_ioport_external_t external = {.name = 'A', .mask = 0xFF, .value = 0};
    for (int i = 0; i < INPUTS; i++) {
        external.value |= (uint8_t)((inputs[i] ^ (ACTIVE_LOW >> i & 1)) << i);
    }
    avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('A'), &external);
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('A'), pin), !level);
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('A'), pin), level);
}

void pins_set(avr_t *avr, const char *name, bool level) {
    for (int pin = 0; pin < INPUTS; pin++) {
        if (strcmp(name, input_names[pin]) == 0 && inputs[pin] != level) {
            inputs[pin] = level;
            drive(avr, pin);
        }
    }
}

void pins_attach(avr_t *avr) {
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('C'), IOPORT_IRQ_PIN_ALL), port_changed, avr);
}

void pins_reset(avr_t *avr) {
    for (int pin = 0; pin < INPUTS; pin++) {
        drive(avr, pin);
    }
    see_outputs(avr);
}

void pins_sample(avr_t *avr) {
    see_outputs(avr);
    for (int i = 0; i < LEVELS; i++) {
        uint8_t now = avr->data[level_addresses[i]];
        if (now != levels[i]) {
            levels[i] = now;
            tell(avr, level_names[i], now);
        }
    }
}
