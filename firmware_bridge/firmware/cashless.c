#include "cashless.h"

#include "journal.h"
#include "reports.h"
#include "sale.h"

enum {
    RESET = 0x10, SETUP = 0x11, POLL = 0x12, VEND = 0x13, READER = 0x14,
    CONFIG = 0, PRICES = 1, /* SETUP */
    DISABLE = 0, ENABLE = 1, /* READER */
    /* what the reader tells */
    JUST_RESET = 0x00, READER_CONFIG = 0x01, MALFUNCTION = 0x0A, OUT_OF_SEQUENCE = 0x0B,
    CONFIG_SIZE = 8,
    REFUND_ERROR = 0x0C, /* upper half of the malfunction's code */
    GIVES_BACK = 1 << 0, KEEPS_ALL = 0xFE, /* option of its config; our code for a reader without it */
    GIVE_UP_MS = 8000,
    TALKATIVE = 3, /* answers in a row after which a reader is interrupted: some repeat themselves until they are */
};

static enum { ABSENT, RESETTING, AWAIT_RESET, SET_UP, SET_PRICES, RUN } step;
static uint32_t step_ms, heard_ms; /* heard_ms: when no session was waiting for its end */
static bool wanted_on, is_on;
static uint32_t scale; /* 0 = the reader has not told it since our reset */
static uint8_t fault, asked, sub, told_in_a_row;
static bool keeps_all;

static void go(uint8_t next, uint32_t now_ms) {
    step = next;
    step_ms = now_ms;
}

void cashless_init(void) {
    sale_init();
    step = ABSENT;
    scale = 0;
    fault = 0;
    keeps_all = false;
    wanted_on = is_on = false;
}

void cashless_rest(void) {
    wanted_on = false;
    sale_rest();
}

uint8_t cashless_enable(bool enabled) {
    if (step != RUN && enabled) {
        return CODE_NOT_READY;
    }
    wanted_on = enabled;
    if (!enabled) {
        sale_rest();
    }
    return CODE_OK;
}

uint8_t cashless_ask(uint32_t key, uint32_t value) {
    if (sale_was_asked(key)) {
        return CODE_OK;
    }
    return step == RUN && wanted_on && !cashless_fault() && scale ? sale_ask(key, value, scale) : CODE_NOT_READY;
}

uint8_t cashless_state(void) {
    if (step != RUN) {
        return step == ABSENT ? DEVICE_STATE_ABSENT : DEVICE_STATE_STARTING;
    }
    if (cashless_fault()) {
        return DEVICE_STATE_FAULT;
    }
    return sale_is_busy() ? DEVICE_STATE_BUSY : is_on ? DEVICE_STATE_ACCEPTING : DEVICE_STATE_INHIBITED;
}

uint8_t cashless_fault(void) {
    return fault ? fault : keeps_all ? KEEPS_ALL : 0;
}

void cashless_vend(struct vend_report *out) {
    sale_report(out, is_on);
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static uint8_t put(uint8_t *block, uint8_t command) {
    block[0] = command;
    return 1;
}

static uint8_t put_setup(uint8_t *block, uint8_t part) {
    static const uint8_t bodies[2][4] = {{1, 0, 0, 0}, {0xFF, 0xFF, 0, 0}}; /* level 1, no display; any price */
    block[0] = SETUP;
    block[1] = part;
    for (uint8_t i = 0; i < 4; i++) {
        block[2 + i] = bodies[part][i];
    }
    return 6;
}

static uint8_t put_reader(uint8_t *block, bool on) {
    block[0] = READER;
    block[1] = on ? ENABLE : DISABLE;
    return 2;
}

/* Before each order it is polled until it has no more to tell: an order that meets what it had yet to tell, a card
 * just read, is out of sequence, and the sale is lost with the RESET that follows. */
static uint8_t ask_running(uint8_t *block) {
    bool on = wanted_on && !journal_is_tight();
    if (asked != POLL || (told_in_a_row && told_in_a_row < TALKATIVE)) {
        return put(block, POLL);
    }
    told_in_a_row = 0;
    uint8_t order = sale_order(block + 1, scale);
    if (order) {
        block[0] = VEND;
        return (uint8_t)(order + 1);
    }
    return !sale_is_busy() && is_on != on ? put_reader(block, on) : put(block, POLL);
}

static uint8_t ask_step(uint8_t *block) {
    switch (step) {
    case RESETTING: return put(block, RESET);
    case SET_UP: return put_setup(block, CONFIG);
    case SET_PRICES: return put_setup(block, PRICES);
    case RUN: return ask_running(block);
    default: return put(block, POLL);
    }
}

static uint8_t ask(uint8_t *block, uint32_t now_ms) {
    (void)now_ms;
    uint8_t count = ask_step(block);
    asked = block[0];
    sub = count > 1 ? block[1] : 0;
    return count;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void see_config(const uint8_t *told, uint8_t count, uint32_t now_ms) {
    if (count >= CONFIG_SIZE && step == SET_UP) {
        scale = told[4] ? told[4] : 1;
        keeps_all = !(told[7] & GIVES_BACK); /* no sale of ours could be reversed */
        go(SET_PRICES, now_ms);
    }
}

static void see_malfunction(uint8_t code) {
    if (code >> 4 == REFUND_ERROR) {
        sale_refund_failed();
    }
    fault = code ? code : 0xFF;
    report_notice(DEVICE_READER, NOTICE_KIND_CASHLESS_TROUBLE, code);
}

static void see(const uint8_t *told, uint8_t count, uint32_t now_ms) {
    switch (told[0]) {
    case JUST_RESET:
        sale_forget();
        is_on = false;
        go(SET_UP, now_ms);
        break;
    case READER_CONFIG: see_config(told, count, now_ms); break;
    case MALFUNCTION: see_malfunction(count > 1 ? told[1] : 0); break;
    case OUT_OF_SEQUENCE:
        sale_see(OUT_OF_SEQUENCE, wanted_on);
        go(RESETTING, now_ms);
        break;
    default: sale_see(told[0], wanted_on); break;
    }
}

static bool take_data(const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    if (asked == VEND) {
        sale_order_taken(sub); /* it answers at once instead of acknowledging */
    }
    if (!sale_take(answer, count, scale)) {
        return false;
    }
    fault = 0;
    for (uint8_t at = 0; at < count; at = (uint8_t)(at + sale_length(answer[at], (uint8_t)(count - at)))) {
        see(answer + at, (uint8_t)(count - at), now_ms);
    }
    return true;
}

static void take_ack(uint32_t now_ms) {
    switch (asked) {
    case RESET: go(AWAIT_RESET, now_ms); break;
    case POLL:
        told_in_a_row = 0;
        sale_take_empty_poll();
        break;
    case VEND: sale_order_taken(sub); break;
    case READER: is_on = sub == ENABLE; break;
    case SETUP:
        if (step == SET_PRICES) {
            go(RUN, now_ms);
        }
        break;
    default: break;
    }
}

/* Found again: an approved sale must not be disturbed by a RESET, which would refund it; all else begins anew. */
static void found(uint32_t now_ms) {
    go(sale_is_approved() ? RUN : RESETTING, now_ms);
}

static bool take(enum mdb_outcome outcome, const uint8_t *answer, uint8_t count, uint32_t now_ms) {
    bool acknowledge = false;
    if (step == ABSENT && (outcome == MDB_ACKED || outcome == MDB_DATA)) {
        found(now_ms);
    } else if (outcome == MDB_DATA) {
        told_in_a_row = (uint8_t)(told_in_a_row + (asked == POLL));
        acknowledge = take_data(answer, count, now_ms);
    } else if (outcome == MDB_ACKED) {
        take_ack(now_ms);
    } else if (asked == VEND) {
        sale_order_unsure(sub);
    }
    sale_step();
    if (step == RUN && !scale && !sale_is_busy()) { /* the sale that outlived our reset is over */
        go(RESETTING, now_ms);
    }
    if (!sale_is_ending()) {
        heard_ms = now_ms;
    }
    if (step != ABSENT && now_ms - (step == RUN ? heard_ms : step_ms) > GIVE_UP_MS) {
        go(RESETTING, now_ms);
    }
    return acknowledge;
}

static void lost(uint32_t now_ms) {
    go(ABSENT, now_ms);
    is_on = false;
}

const struct mdb_peripheral cashless = {ask, take, lost, 5000};
