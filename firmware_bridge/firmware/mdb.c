#include "mdb.h"

#include "bill_validator.h"
#include "cashless.h"
#include "coin_changer.h"

enum { PERIPHERALS = 3, TURN_MS = 100 };

static const struct mdb_peripheral *const peripherals[PERIPHERALS] = {&bill_validator, &coin_changer, &cashless};
static uint32_t asked_ms[PERIPHERALS], heard_ms[PERIPHERALS];
static uint8_t turn;
static bool asked;

void mdb_init(uint32_t now_ms) {
    mdb_bus_init();
    asked = false;
    for (uint8_t i = 0; i < PERIPHERALS; i++) {
        heard_ms[i] = now_ms;
        asked_ms[i] = now_ms - TURN_MS;
    }
}

static void ask_next(uint32_t now_ms) {
    uint8_t block[MDB_BLOCK_MAX];
    turn = (uint8_t)((turn + 1) % PERIPHERALS);
    if (now_ms - asked_ms[turn] < TURN_MS) {
        return;
    }
    asked_ms[turn] = now_ms;
    uint8_t count = peripherals[turn]->ask(block, now_ms);
    if (count) {
        mdb_bus_send(block, count);
        asked = true;
    }
}

static void hear(enum mdb_outcome outcome, uint32_t now_ms) {
    const struct mdb_peripheral *peripheral = peripherals[turn];
    uint8_t count;
    const uint8_t *answer = mdb_bus_answer(&count);
    asked = false;
    if (outcome == MDB_ACKED || outcome == MDB_DATA) {
        heard_ms[turn] = now_ms;
    } else if (now_ms - heard_ms[turn] > peripheral->non_response_ms) {
        heard_ms[turn] = now_ms;
        peripheral->lost(now_ms);
    }
    if (peripheral->take(outcome, answer, count, now_ms) && outcome == MDB_DATA) {
        mdb_bus_ack();
    }
}

void mdb_step(uint32_t now_ms) {
    enum mdb_outcome outcome = mdb_bus_step(now_ms);
    if (asked && outcome != MDB_PENDING) {
        hear(outcome, now_ms);
    } else if (!asked && mdb_bus_is_free()) {
        ask_next(now_ms);
    }
}
