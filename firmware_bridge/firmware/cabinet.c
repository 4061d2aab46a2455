#include "cabinet.h"

#include "hal.h"

enum { DEBOUNCED = IN_BUTTON + 1, SETTLE_MS = 30, QUARTERS = 4, WHOLE_RING = (1 << QUARTERS) - 1 };

static bool level[DEBOUNCED], seen[DEBOUNCED];
static uint32_t since_ms[DEBOUNCED];
static bool unlocked_now;

void cabinet_init(void) {
    for (uint8_t pin = 0; pin < DEBOUNCED; pin++) {
        level[pin] = seen[pin] = hal_input((enum hal_input)pin);
    }
}

void cabinet_lamp(uint8_t red, uint8_t green, uint8_t blue, uint8_t quarters) {
    hal_level(LEVEL_LAMP_R, red);
    hal_level(LEVEL_LAMP_G, green);
    hal_level(LEVEL_LAMP_B, blue);
    for (uint8_t quarter = 0; quarter < QUARTERS; quarter++) {
        hal_output((enum hal_output)(OUT_LAMP_LEFT + quarter), quarters >> quarter & 1);
    }
}

void cabinet_lock(bool unlocked) {
    unlocked_now = unlocked;
    hal_output(OUT_LOCK, unlocked);
}

void cabinet_fan(uint8_t speed) {
    hal_level(LEVEL_FAN, speed);
}

void cabinet_rest(void) {
    cabinet_lamp(255, 0, 0, WHOLE_RING);
    cabinet_lock(false);
}

bool cabinet_door_is_open(void) {
    return level[IN_DOOR];
}

void cabinet_sensors(struct sensors *out) {
    out->door = level[IN_DOOR];
    out->tamper = level[IN_TAMPER];
    out->paper = level[IN_PAPER];
    out->button = level[IN_BUTTON];
    out->unlocked = unlocked_now;
}

void cabinet_step(uint32_t now_ms) {
    for (uint8_t pin = 0; pin < DEBOUNCED; pin++) {
        bool now = hal_input((enum hal_input)pin);
        if (now != seen[pin]) {
            seen[pin] = now;
            since_ms[pin] = now_ms;
        } else if (now != level[pin] && now_ms - since_ms[pin] >= SETTLE_MS) {
            level[pin] = now;
        }
    }
}
