#include "machines.h"

#include <string.h>

#include "check.h"
#include "hal_host.h"

enum { NOTE_SCALE = 1000, COIN_SCALE = 100 };

struct machine validator, changer;
uint16_t cassette_count, types_enabled, coins_enabled;
uint8_t tube_counts[16];
bool note_held, stack_silently;
unsigned resets_heard, orders_to_stack, orders_to_return;

static uint8_t held_type;
static uint8_t block[40];
static uint8_t block_count;
static struct machine *telling; /* whose POLL answer waits for its acknowledgement */

void machines_begin(void) {
    memset(&validator, 0, sizeof validator);
    memset(&changer, 0, sizeof changer);
    validator.present = changer.present = validator.just_reset = changer.just_reset = true;
    cassette_count = types_enabled = coins_enabled = 0;
    memset(tube_counts, 0, sizeof tube_counts);
    tube_counts[0] = tube_counts[1] = tube_counts[2] = 10;
    note_held = stack_silently = false;
    resets_heard = orders_to_stack = orders_to_return = block_count = 0;
    telling = NULL;
}

static void queue(struct machine *machine, uint8_t byte) {
    machine->events[machine->event_count++] = byte;
}

void machine_power_cycle(struct machine *machine) {
    machine->event_count = 0;
    machine->just_reset = true;
    if (machine == &validator) {
        types_enabled = 0;
        note_held = false;
    } else {
        coins_enabled = 0;
    }
}

void machines_note(uint8_t type) {
    note_held = true;
    held_type = type;
    queue(&validator, (uint8_t)(0x90 | type));
}

void machines_coin(uint8_t type, bool tube) {
    tube_counts[type] = (uint8_t)(tube_counts[type] + tube);
    queue(&changer, (uint8_t)(0x40 | tube << 4 | type));
    queue(&changer, tube_counts[type]);
}

static void say(struct machine *machine, const uint8_t *bytes, uint8_t count) {
    uint8_t sum = 0;
    for (uint8_t i = 0; i < count; i++) {
        sum = (uint8_t)(sum + bytes[i]);
        host_mdb_say(bytes[i]);
    }
    if (machine->garble) {
        machine->garble--;
        sum++;
    }
    host_mdb_say((uint16_t)(sum | MDB_MODE_BIT));
}

static void ack(void) {
    host_mdb_say(MDB_MODE_BIT);
}

static void poll(struct machine *machine, uint8_t just_reset) {
    if (machine->just_reset) {
        say(machine, &just_reset, 1);
    } else if (machine->event_count) {
        say(machine, machine->events, machine->event_count);
    } else {
        ack();
        return;
    }
    telling = machine;
}

static void acknowledged(void) {
    if (telling->drop_acks) {
        telling->drop_acks--;
    } else {
        telling->acknowledged++;
        telling->event_count = telling->just_reset ? telling->event_count : 0;
        telling->just_reset = false;
    }
    telling = NULL;
}

static void stack_note(void) {
    orders_to_stack++;
    note_held = false;
    cassette_count++;
    if (!stack_silently) {
        queue(&validator, (uint8_t)(0x80 | held_type));
    }
}

void machines_stack_unasked(void) {
    note_held = false;
    cassette_count++;
    queue(&validator, (uint8_t)(0x80 | held_type));
}

static void escrow(bool stack) {
    ack();
    if (!note_held) {
        queue(&validator, 0x0A);
    } else if (stack) {
        stack_note();
    } else {
        orders_to_return++;
        note_held = false;
        queue(&validator, (uint8_t)(0xA0 | held_type));
    }
}

static void validator_hears(void) {
    static const uint8_t setup[] = {1, 0x17, 0x04, NOTE_SCALE >> 8, NOTE_SCALE & 0xFF, 0, 2, 0, 0, 0, 0xFF, 1, 2, 5, 10, 20, 50};
    const uint8_t count[] = {(uint8_t)(cassette_count >> 8), (uint8_t)cassette_count};
    switch (block[0]) {
    case 0x30: resets_heard++; machine_power_cycle(&validator); ack(); break;
    case 0x31: say(&validator, setup, sizeof setup); break;
    case 0x33: poll(&validator, 0x06); break;
    case 0x34: types_enabled = (uint16_t)(block[1] << 8 | block[2]); ack(); break;
    case 0x35: escrow(block[1] == 1); break;
    case 0x36: say(&validator, count, 2); break;
    default: CHECK(!"a command that the validator does not know");
    }
}

static void changer_hears(void) {
    static const uint8_t setup[] = {3, 0x17, 0x04, COIN_SCALE, 0, 0, 7, 5, 10, 20};
    uint8_t tubes[18] = {0};
    memcpy(tubes + 2, tube_counts, 16);
    switch (block[0]) {
    case 0x08: resets_heard++; machine_power_cycle(&changer); ack(); break;
    case 0x09: say(&changer, setup, sizeof setup); break;
    case 0x0A: say(&changer, tubes, sizeof tubes); break;
    case 0x0B: poll(&changer, 0x0B); break;
    case 0x0C: coins_enabled = (uint16_t)(block[1] << 8 | block[2]); ack(); break;
    case 0x0D:
        CHECK(tube_counts[block[1] & 15] >= block[1] >> 4);
        tube_counts[block[1] & 15] = (uint8_t)(tube_counts[block[1] & 15] - (block[1] >> 4));
        ack();
        break;
    default: CHECK(!"a command that the changer does not know");
    }
}

/* Lengths of the commands by address and number, checksum included. */
static uint8_t length_of(uint8_t address) {
    if (address == 0x34 || address == 0x0C) {
        return 6;
    }
    return address == 0x35 || address == 0x0D ? 3 : 2;
}

static void hear(uint16_t word) {
    if (word & MDB_MODE_BIT) {
        block_count = 0;
        telling = NULL; /* silence was the answer */
    } else if (!block_count) {
        if (telling && word == 0) {
            acknowledged();
        }
        return;
    }
    block[block_count++] = (uint8_t)word;
    if (block_count < length_of(block[0])) {
        return;
    }
    block_count = 0;
    if (block[0] >> 3 == 6 && validator.present && !validator.deaf) {
        validator_hears();
    } else if (block[0] >> 3 == 1 && changer.present && !changer.deaf) {
        changer_hears();
    }
}

void (*machines_hear)(uint16_t) = hear;
