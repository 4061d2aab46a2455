#include "pulse_coin.h"

#include "hal.h"
#include "journal.h"
#include "lease.h"
#include "protocol.h"

enum { PULSE_MIN_MS = 20, PULSE_MAX_MS = 150, COIN_GAP_MS = 180, PULSES_MAX = 255 };

static bool high, counted;
static uint32_t since_ms;
static uint32_t wanted_value;

static uint16_t pulses(void) {
    const struct hal_retained *kept = hal_retained();
    return (kept->pulses ^ kept->pulses_inverted) == 0xFFFF && kept->pulses <= PULSES_MAX ? kept->pulses : 0;
}

static void set_pulses(uint16_t count) {
    struct hal_retained *kept = hal_retained();
    kept->pulses_inverted = (uint16_t)~count;
    kept->pulses = count;
}

void pulse_coin_init(void) {
    high = counted = false;
    since_ms = 0;
    wanted_value = 0;
    set_pulses(pulses());
}

void pulse_coin_accept(uint32_t pulse_value) {
    wanted_value = pulse_value;
}

uint8_t pulse_coin_state(void) {
    return wanted_value && !journal_is_tight() ? DEVICE_STATE_ACCEPTING : DEVICE_STATE_INHIBITED;
}

bool pulse_coin_is_counting(void) {
    return pulses() != 0;
}

static void count_pulse(void) {
    struct hal_retained *kept = hal_retained();
    if (!pulses() && wanted_value) {
        kept->pulse_value = wanted_value; /* a coin on its way keeps its value when the acceptor is shut behind it */
    }
    if (pulses() < PULSES_MAX) {
        set_pulses((uint16_t)(pulses() + 1));
    }
}

static void watch_pin(uint32_t now_ms) {
    bool now_high = hal_input(IN_COIN_PULSE);
    if (now_high != high) {
        high = now_high;
        counted = false;
        since_ms = now_ms;
    } else if (high && !counted && now_ms - since_ms >= PULSE_MIN_MS) {
        counted = true;
        count_pulse();
    }
}

static void write_coin(void) {
    uint32_t value = hal_retained()->pulse_value;
    const struct journal_event coin = {
        .kind = EVENT_KIND_COIN_PULSED, .source = (uint8_t)pulses(), .value = pulses() * value};
    if (journal_append(&coin)) {
        set_pulses(0);
    }
}

void pulse_coin_step(uint32_t now_ms) {
    hal_output(OUT_INHIBIT_PULSE, pulse_coin_state() != DEVICE_STATE_ACCEPTING);
    watch_pin(now_ms);
    if (pulses() && !high && now_ms - since_ms >= COIN_GAP_MS) {
        write_coin();
    }
}
