#include "coin_changer.h"

#include <string.h>

#include "coins.h"
#include "journal.h"
#include "payout.h"
#include "reports.h"

enum {
    RESET = 0x08, SETUP = 0x09, TUBE_STATUS = 0x0A, POLL = 0x0B, COIN_TYPE = 0x0C, DISPENSE = 0x0D,
    SETUP_HEAD = 7, TUBES_HEAD = 2,
    /* status bytes of POLL */
    RETURN_LEVER = 0x01, PAYING = 0x02, SENSOR_DEFECT = 0x04, UNPLUGGED = 0x06, TUBE_JAM = 0x07, CHECKSUM_DEFECT = 0x08,
    BUSY = 0x0A, JUST_RESET = 0x0B, COIN_JAM = 0x0C,
    GIVE_UP_MS = 8000,
    TUBES_MS = 10000, /* how often the tubes are counted when nothing happens */
};

static enum { ABSENT, RESETTING, SET_UP, SHUT, DRAIN, COUNT, RUN } step;
static uint32_t step_ms, tubes_ms;
static uint16_t wanted_types, enabled_types, full_tubes;
static uint8_t counts[COIN_TYPES];
static uint8_t fault, asked;
static bool paying, quiet;

static void go(uint8_t next, uint32_t now_ms) {
    step = next;
    step_ms = now_ms;
}

void coin_changer_init(void) {
    coins_init();
    payout_init();
    step = ABSENT;
    wanted_types = enabled_types = 0;
    fault = 0;
    paying = quiet = false;
}

void coin_changer_rest(void) {
    wanted_types = 0;
    payout_stop();
}

uint8_t coin_changer_accept(uint16_t types) {
    if (step != RUN && types) {
        return CODE_NOT_READY;
    }
    wanted_types = types;
    return CODE_OK;
}

uint8_t coin_changer_dispense(uint32_t key, uint32_t value) {
    if (step != RUN || fault) {
        return CODE_NOT_READY;
    }
    return payout_begin(key, value);
}

uint8_t coin_changer_state(void) {
    if (step != RUN) {
        return step == ABSENT ? DEVICE_STATE_ABSENT : DEVICE_STATE_STARTING;
    }
    if (fault) {
        return DEVICE_STATE_FAULT;
    }
    return payout_is_open() ? DEVICE_STATE_BUSY : enabled_types ? DEVICE_STATE_ACCEPTING : DEVICE_STATE_INHIBITED;
}

uint8_t coin_changer_fault(void) {
    return fault;
}

bool coin_changer_is_running(void) {
    return step == RUN;
}

void coin_changer_tubes(struct tubes *out) {
    out->full = full_tubes;
    memcpy(out->counts, counts, sizeof counts);
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static uint16_t types_now(void) {
    return step != RUN || payout_is_open() || journal_is_tight() ? 0 : wanted_types;
}

static uint8_t put(uint8_t *block, uint8_t command) {
    block[0] = command;
    return 1;
}

static uint8_t put_types(uint8_t *block) {
    enabled_types = types_now();
    block[0] = COIN_TYPE;
    block[1] = (uint8_t)(enabled_types >> 8);
    block[2] = (uint8_t)enabled_types;
    block[3] = block[4] = 0xFF; /* the technician's buttons work */
    return 5;
}

static uint8_t put_group(uint8_t *block) {
    block[0] = DISPENSE;
    block[1] = payout_group();
    payout_group_sent(); /* whatever the answer: the tubes tell what came out, so nothing is ordered twice */
    paying = true;
    coins_go_out();
    return 2;
}

static bool tubes_are_due(uint32_t now_ms) {
    bool at_rest = !paying && quiet && !enabled_types;
    return payout_wants_tubes() ? at_rest : now_ms - tubes_ms > TUBES_MS;
}

/* Between two orders there is always a POLL: what has happened is heard before anything else is asked for. */
static uint8_t ask_running(uint8_t *block, uint32_t now_ms) {
    if (asked != POLL) {
        return put(block, POLL);
    }
    if (types_now() != enabled_types) {
        return put_types(block);
    }
    if (tubes_are_due(now_ms)) {
        return put(block, TUBE_STATUS);
    }
    return payout_group() ? put_group(block) : put(block, POLL);
}

static uint8_t ask_step(uint8_t *block, uint32_t now_ms) {
    switch (step) {
    case RESETTING: return put(block, RESET);
    case SET_UP: return put(block, SETUP);
    case SHUT: return put_types(block);
    case COUNT: return put(block, TUBE_STATUS);
    case RUN: return ask_running(block, now_ms);
    default: return put(block, POLL);
    }
}

static uint8_t ask(uint8_t *block, uint32_t now_ms) {
    uint8_t count = ask_step(block, now_ms);
    asked = block[0];
    return count;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void see_reset(uint32_t now_ms) {
    coins_forget();
    enabled_types = 0;
    if (step == RUN) {
        go(SET_UP, now_ms);
    }
}

static void see_status(uint8_t status, uint32_t now_ms) {
    switch (status) {
    case PAYING: case BUSY: paying = true; break;
    case JUST_RESET: see_reset(now_ms); break;
    case RETURN_LEVER: report_notice(DEVICE_CHANGER, NOTICE_KIND_RETURN_LEVER, 0); break;
    case SENSOR_DEFECT: case UNPLUGGED: case TUBE_JAM: case CHECKSUM_DEFECT: case COIN_JAM: fault = status; break;
    default: report_notice(DEVICE_CHANGER, NOTICE_KIND_COIN_TROUBLE, status); break;
    }
}

static void see(uint8_t told, uint32_t now_ms) {
    if (told & 0x20) { /* 001xxxxx */
        report_notice(DEVICE_CHANGER, NOTICE_KIND_SLUG, told & 0x1F);
    } else {
        see_status(told, now_ms);
    }
}

/* Heard to the end; a changer still paying out is waited for. */
static void drained(uint32_t now_ms) {
    quiet = true;
    if (step == DRAIN && !paying) {
        go(COUNT, now_ms);
    }
}

static bool take_poll(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    bool any;
    if (step < DRAIN) { /* its table is not known yet: hear it again later */
        return false;
    }
    quiet = false;
    if (!coins_take_poll(answer, count, &any)) {
        return false;
    }
    paying = false;
    fault = 0;
    for (uint8_t at = 0; at < count; at = (uint8_t)(at + coins_length(answer[at]))) {
        if (coins_length(answer[at]) == 1) {
            see(answer[at], now_ms);
        }
    }
    if (!any) {
        drained(now_ms);
    }
    return true;
}

static bool take_setup(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    if (count <= SETUP_HEAD) {
        return false;
    }
    for (uint8_t type = 0; type < COIN_TYPES; type++) {
        uint8_t credit = SETUP_HEAD + type < count ? answer[SETUP_HEAD + type] : 0;
        coins_set_value(type, credit == 0xFF ? 0 : (uint32_t)credit * answer[3]);
    }
    go(SHUT, now_ms);
    return true;
}

static uint32_t held(void) {
    uint32_t sum = 0;
    for (uint8_t type = 0; type < COIN_TYPES; type++) {
        sum += counts[type] * coins_value(type);
    }
    return sum;
}

static bool take_tubes(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    if (count < TUBES_HEAD) {
        return false;
    }
    full_tubes = (uint16_t)(answer[0] << 8 | answer[1]);
    for (uint8_t type = 0; type < COIN_TYPES; type++) {
        counts[type] = TUBES_HEAD + type < count ? answer[TUBES_HEAD + type] : 0;
    }
    tubes_ms = now_ms;
    if (step == COUNT) {
        go(RUN, now_ms);
    }
    payout_take_tubes(held(), counts, coins_values());
    return true;
}

static bool take_data(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    switch (asked) {
    case POLL: return take_poll(answer, count, now_ms);
    case SETUP: return take_setup(answer, count, now_ms);
    case TUBE_STATUS: return take_tubes(answer, count, now_ms);
    default: return false;
    }
}

static void take_ack(uint32_t now_ms) {
    switch (asked) {
    case POLL:
        coins_take_empty_poll();
        paying = false;
        drained(now_ms);
        break;
    case RESET: go(SET_UP, now_ms); break;
    case COIN_TYPE:
        quiet = false; /* a coin may have been on its way */
        if (step == SHUT) {
            go(DRAIN, now_ms);
        }
        break;
    default: quiet = false; break;
    }
}

static bool take(enum mdb_outcome outcome, const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    bool acknowledge = false;
    if (step == ABSENT && (outcome == MDB_ACKED || outcome == MDB_DATA)) {
        go(SET_UP, now_ms);
    } else if (outcome == MDB_DATA) {
        acknowledge = take_data(answer, count, now_ms);
    } else if (outcome == MDB_ACKED) {
        take_ack(now_ms);
    } else if (asked == COIN_TYPE) {
        enabled_types = (uint16_t)~types_now(); /* not taken: ask again */
    }
    if (step != RUN && step != ABSENT && !paying && now_ms - step_ms > GIVE_UP_MS) {
        go(RESETTING, now_ms);
    }
    return acknowledge;
}

static void lost(uint32_t now_ms) {
    go(ABSENT, now_ms);
    enabled_types = 0;
    paying = quiet = false;
}

const struct mdb_peripheral coin_changer = {ask, take, lost, 2000};
