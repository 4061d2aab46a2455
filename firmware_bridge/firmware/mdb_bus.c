#include "mdb_bus.h"

#include "hal.h"

enum {
    ACK = 0x00,
    NAK = 0xFF,
    /* t-response 5 ms, then the first word takes 1.15 ms; t-inter-byte 1 ms and a word; the clock's grain is 1 ms. */
    RESPONSE_MS = 8,
    INTER_BYTE_MS = 4,
};

static enum { FREE, SENDING, LISTENING } state;
static uint8_t answer[MDB_BLOCK_MAX + 1];
static uint8_t came;
static uint32_t since_ms;

void mdb_bus_init(void) {
    state = FREE;
    came = 0;
}

bool mdb_bus_is_free(void) {
    return state == FREE && hal_mdb_sent();
}

void mdb_bus_send(const uint8_t *block, uint8_t count) {
    uint8_t sum = 0;
    uint16_t word;
    while (hal_mdb_get(&word)) { /* what a late peripheral still had to say */
    }
    for (uint8_t at = 0; at < count; at++) {
        sum = (uint8_t)(sum + block[at]);
        hal_mdb_put((uint16_t)(block[at] | (at ? 0 : MDB_MODE_BIT)));
    }
    hal_mdb_put(sum);
    came = 0;
    state = SENDING;
}

static enum mdb_outcome garbled(void) {
    hal_mdb_put(NAK);
    state = FREE;
    return MDB_GARBLED;
}

/* The word with the mode bit is the last one. */
static enum mdb_outcome ended(void) {
    uint8_t sum = 0;
    state = FREE;
    if (came == 1) {
        return answer[0] == ACK ? MDB_ACKED : answer[0] == NAK ? MDB_NAKED : garbled();
    }
    for (uint8_t at = 0; at < came - 1; at++) {
        sum = (uint8_t)(sum + answer[at]);
    }
    if (sum != answer[came - 1]) {
        return garbled();
    }
    came--;
    return MDB_DATA;
}

static enum mdb_outcome listen(uint32_t now_ms) {
    uint16_t word;
    while (hal_mdb_get(&word)) {
        if (came == sizeof answer) {
            return garbled();
        }
        answer[came++] = (uint8_t)word;
        since_ms = now_ms;
        if (word & MDB_MODE_BIT) {
            return ended();
        }
    }
    if (now_ms - since_ms <= (came ? INTER_BYTE_MS : RESPONSE_MS)) {
        return MDB_PENDING;
    }
    if (came) {
        return garbled();
    }
    state = FREE;
    return MDB_SILENT;
}

enum mdb_outcome mdb_bus_step(uint32_t now_ms) {
    if (state == SENDING && hal_mdb_sent()) {
        state = LISTENING;
        since_ms = now_ms;
    }
    return state == LISTENING ? listen(now_ms) : MDB_PENDING;
}

const uint8_t *mdb_bus_answer(uint8_t *count) {
    *count = came;
    return answer;
}

void mdb_bus_ack(void) {
    hal_mdb_put(ACK);
}
