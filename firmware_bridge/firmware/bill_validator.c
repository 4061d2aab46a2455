#include "bill_validator.h"

#include "journal.h"
#include "note.h"
#include "reports.h"

enum {
    RESET = 0x30, SETUP = 0x31, POLL = 0x33, BILL_TYPE = 0x34, ESCROW = 0x35, STACKER = 0x36,
    SETUP_HEAD = 11,
    /* status bytes of POLL */
    MOTOR_DEFECT = 0x01, SENSOR_DEFECT = 0x02, BUSY = 0x03, CHECKSUM_DEFECT = 0x04, JAMMED = 0x05, JUST_RESET = 0x06,
    CASSETTE_OUT = 0x08, DISABLED = 0x09, INVALID_ESCROW = 0x0A,
    NOTE_ON_ITS_WAY_MS = 3000, /* after a reset of ours: how long a note may still be under way into the cassette */
    NOTHING_HELD_MS = 1000,    /* a validator without a note may just stay quiet when it is asked back */
    GIVE_UP_MS = 8000,
};

/* ABSENT asks until it answers. DRAIN hears what it still has to tell. SETTLE asks back what it may still hold. */
static enum { ABSENT, RESETTING, SET_UP, SHUT, DRAIN, SETTLE, COUNT, RUN } step;
static uint32_t step_ms;
static uint16_t wanted_types, enabled_types;
static uint8_t fault, asked;
static bool was_reset, asked_back;

static void go(uint8_t next, uint32_t now_ms) {
    step = next;
    step_ms = now_ms;
    asked_back = false;
}

void bill_validator_init(void) {
    note_init();
    step = ABSENT;
    wanted_types = enabled_types = 0;
    fault = 0;
    was_reset = asked_back = false;
}

void bill_validator_rest(void) {
    wanted_types = 0;
    note_give_back();
}

uint8_t bill_validator_accept(uint16_t types) {
    if (step != RUN && types) {
        return CODE_NOT_READY;
    }
    wanted_types = types;
    return CODE_OK;
}

uint8_t bill_validator_state(void) {
    struct note_report note;
    note_report(&note);
    if (step != RUN) {
        return step == ABSENT ? DEVICE_STATE_ABSENT : DEVICE_STATE_STARTING;
    }
    if (fault) {
        return DEVICE_STATE_FAULT;
    }
    return note.state != NOTE_STATE_NONE ? DEVICE_STATE_BUSY
           : enabled_types               ? DEVICE_STATE_ACCEPTING
                                         : DEVICE_STATE_INHIBITED;
}

uint8_t bill_validator_fault(void) {
    return fault;
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static uint16_t types_now(void) {
    return step != RUN || journal_is_tight() ? 0 : wanted_types;
}

static uint8_t put(uint8_t *block, uint8_t command) {
    block[0] = command;
    return 1;
}

static uint8_t put_types(uint8_t *block) {
    enabled_types = types_now();
    block[0] = BILL_TYPE;
    block[1] = (uint8_t)(enabled_types >> 8);
    block[2] = (uint8_t)enabled_types;
    block[3] = block[4] = 0xFF; /* every note waits in escrow */
    return 5;
}

static uint8_t put_escrow(uint8_t *block, uint8_t order) {
    block[0] = ESCROW;
    block[1] = order;
    return 2;
}

/* Between two orders there is always a POLL: what has happened is heard before anything else is asked for. */
static uint8_t ask_running(uint8_t *block) {
    uint8_t order = note_order();
    if (asked != POLL) {
        return put(block, POLL);
    }
    if (note_wants_count()) {
        return put(block, STACKER);
    }
    if (order != NOTE_NO_ORDER) {
        return put_escrow(block, order);
    }
    return types_now() != enabled_types ? put_types(block) : put(block, POLL);
}

static uint8_t ask_settling(uint8_t *block, uint32_t now_ms) {
    bool due = !note_is_stacking() || now_ms - step_ms > NOTE_ON_ITS_WAY_MS;
    return asked == POLL && !asked_back && due ? put_escrow(block, ESCROW_RETURN) : put(block, POLL);
}

static uint8_t ask_step(uint8_t *block, uint32_t now_ms) {
    switch (step) {
    case RESETTING: return put(block, RESET);
    case SET_UP: return put(block, SETUP);
    case SHUT: return put_types(block);
    case DRAIN: return put(block, asked == POLL && note_wants_count() ? STACKER : POLL);
    case SETTLE: return ask_settling(block, now_ms);
    case COUNT: return put(block, STACKER);
    case RUN: return ask_running(block);
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
    was_reset = true;
    enabled_types = 0;
    note_forget();
    if (step == RUN) {
        go(SET_UP, now_ms);
    }
}

static void see_status(uint8_t status, uint32_t now_ms) {
    switch (status) {
    case JUST_RESET: see_reset(now_ms); break;
    case INVALID_ESCROW:
        note_order_refused();
        if (step == SETTLE) {
            go(COUNT, now_ms);
        }
        break;
    case MOTOR_DEFECT: case SENSOR_DEFECT: case CHECKSUM_DEFECT: case JAMMED: case CASSETTE_OUT: fault = status; break;
    case BUSY: case DISABLED: break;
    default: report_notice(DEVICE_VALIDATOR, NOTICE_KIND_NOTE_REJECTED, status); break;
    }
}

/* It has told all it had: hear what became of a note, unless its own power failed too and only the count can tell. */
static void drained(uint32_t now_ms) {
    if (step == DRAIN) {
        go(was_reset ? COUNT : SETTLE, now_ms);
    }
}

static bool take_poll(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    bool more = false;
    if (step < DRAIN) { /* its table is not known yet: hear it again later */
        return false;
    }
    if (!note_take_poll(answer, count, wanted_types != 0, now_ms)) {
        return false;
    }
    fault = 0;
    for (uint8_t i = 0; i < count; i++) {
        more |= answer[i] >= 0x80 || answer[i] == JUST_RESET;
        if (answer[i] < 0x80) {
            see_status(answer[i], now_ms);
        }
    }
    if (!more) {
        drained(now_ms);
    } else if (step == SETTLE && !note_is_stacking()) {
        go(COUNT, now_ms);
    }
    return true;
}

static bool take_setup(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    if (count <= SETUP_HEAD) {
        return false;
    }
    uint32_t scale = (uint16_t)(answer[3] << 8 | answer[4]);
    for (uint8_t type = 0; type < NOTE_TYPES; type++) {
        uint8_t credit = SETUP_HEAD + type < count ? answer[SETUP_HEAD + type] : 0;
        note_set_value(type, credit == 0xFF ? 0 : credit * scale);
    }
    go(SHUT, now_ms);
    return true;
}

static bool take_count(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    if (count != 2) {
        return false;
    }
    note_take_count((uint16_t)((answer[0] << 8 | answer[1]) & 0x7FFF)); /* bit 15: cassette full */
    if (step == COUNT && note_settle_by_count()) {
        was_reset = false;
        go(RUN, now_ms);
    }
    return true;
}

static bool take_data(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    switch (asked) {
    case POLL: return take_poll(answer, count, now_ms);
    case SETUP: return take_setup(answer, count, now_ms);
    case STACKER: return take_count(answer, count, now_ms);
    default: return false;
    }
}

static void take_ack(uint32_t now_ms) {
    switch (asked) {
    case POLL:
        note_take_empty_poll();
        drained(now_ms);
        break;
    case ESCROW:
        asked_back = true;
        note_order_taken();
        break;
    case RESET: go(SET_UP, now_ms); break;
    case BILL_TYPE:
        if (step == SHUT) {
            go(DRAIN, now_ms);
        }
        break;
    default: break;
    }
}

static void watch_time(uint32_t now_ms) {
    if (step == RUN && note_is_overdue(now_ms)) {
        go(SETTLE, now_ms);
    } else if (step == SETTLE && asked_back && !note_is_stacking() && now_ms - step_ms > NOTHING_HELD_MS) {
        go(COUNT, now_ms);
    } else if (step != RUN && step != ABSENT && now_ms - step_ms > GIVE_UP_MS) {
        go(step == SETTLE ? COUNT : RESETTING, now_ms);
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
    } else if (asked == BILL_TYPE) {
        enabled_types = (uint16_t)~types_now(); /* not taken: ask again */
    }
    watch_time(now_ms);
    return acknowledge;
}

static void lost(uint32_t now_ms) {
    go(ABSENT, now_ms);
    was_reset = false;
    enabled_types = 0;
}

const struct mdb_peripheral bill_validator = {ask, take, lost, 5000};
