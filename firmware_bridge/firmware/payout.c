#include "payout.h"

#include "coins.h"
#include "journal.h"
#include "protocol.h"

enum { GROUP_MAX = 15 };

static enum { CLOSED, WRITING, COUNTING_BEFORE, GIVING, COUNTING } step;
static uint32_t key, wanted, held_before, serial;
static uint32_t last_paid;
static uint8_t group;
static bool stopped, fruitless;

/* What fell into the tubes since a serial: it must not be taken for coins that did not come out. */
static uint32_t into_tubes_since(uint32_t since) {
    struct journal_event event;
    uint32_t sum = 0;
    for (uint32_t at = since + 1; at <= journal_last(); at++) {
        if (journal_read(at, &event) && event.kind == EVENT_KIND_COIN_TUBE) {
            sum += event.value;
        }
    }
    return sum;
}

void payout_init(void) {
    struct journal_event started, done;
    uint32_t begun = journal_find(1 << EVENT_KIND_PAYOUT_STARTED, 0, &started);
    uint32_t ended = journal_find(1 << EVENT_KIND_PAYOUT_DONE, 0, &done);
    step = CLOSED;
    group = 0;
    if (begun > ended) { /* a reset amid a payout: count, order nothing more */
        key = started.key;
        wanted = started.value;
        held_before = started.detail;
        serial = begun;
        stopped = true;
        step = COUNTING;
    }
}

uint8_t payout_begin(uint32_t new_key, uint32_t value) {
    struct journal_event event;
    if (step != CLOSED) {
        return key == new_key ? CODE_OK : CODE_BUSY;
    }
    if (journal_find(1 << EVENT_KIND_PAYOUT_DONE, new_key, &event)) {
        return CODE_OK;
    }
    key = new_key;
    wanted = value;
    stopped = fruitless = false;
    last_paid = 0;
    step = COUNTING_BEFORE;
    return CODE_OK;
}

void payout_stop(void) {
    if (step == COUNTING_BEFORE) { /* nothing is written, nothing ordered: who still wants it asks again */
        step = CLOSED;
    }
    stopped = true;
}

bool payout_is_open(void) {
    return step != CLOSED;
}

bool payout_wants_tubes(void) {
    return step == COUNTING_BEFORE || step == COUNTING;
}

uint8_t payout_group(void) {
    if (step == WRITING && journal_durable(serial)) {
        step = GIVING;
    }
    return step == GIVING ? group : 0;
}

void payout_group_sent(void) {
    group = 0;
    step = COUNTING;
}

/* The largest coins first, as many as fit. */
static uint8_t choose(uint32_t left, const uint8_t *counts, const uint32_t *values) {
    uint8_t best = COIN_TYPES;
    for (uint8_t type = 0; type < COIN_TYPES; type++) {
        bool fits = counts[type] && values[type] && values[type] <= left;
        if (fits && (best == COIN_TYPES || values[type] > values[best])) {
            best = type;
        }
    }
    if (best == COIN_TYPES) {
        return 0;
    }
    uint32_t number = left / values[best];
    if (number > counts[best]) {
        number = counts[best];
    }
    if (number > GROUP_MAX) {
        number = GROUP_MAX;
    }
    return (uint8_t)(number << 4 | best);
}

static void start(uint32_t held, const uint8_t *counts, const uint32_t *values) {
    const struct journal_event started = {
        .kind = EVENT_KIND_PAYOUT_STARTED, .value = wanted, .key = key, .detail = held};
    serial = journal_append(&started);
    if (serial) {
        held_before = held;
        group = choose(wanted, counts, values);
        step = group ? WRITING : COUNTING;
    }
}

static void finish(uint32_t paid) {
    const struct journal_event done = {.kind = EVENT_KIND_PAYOUT_DONE, .value = paid, .key = key, .detail = wanted};
    if (journal_append(&done)) {
        step = CLOSED;
    }
}

static void go_on(uint32_t held, const uint8_t *counts, const uint32_t *values) {
    uint32_t had = held_before + into_tubes_since(serial);
    uint32_t paid = had > held ? had - held : 0;
    fruitless = paid == last_paid;
    last_paid = paid;
    group = stopped || fruitless || paid >= wanted ? 0 : choose(wanted - paid, counts, values);
    if (group) {
        step = GIVING;
    } else {
        finish(paid);
    }
}

void payout_take_tubes(uint32_t held, const uint8_t *counts, const uint32_t *values) {
    if (step == COUNTING_BEFORE) {
        start(held, counts, values);
    } else if (step == COUNTING) {
        go_on(held, counts, values);
    }
}
