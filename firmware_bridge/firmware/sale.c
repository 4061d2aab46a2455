#include "sale.h"

#include "credits.h"
#include "journal.h"

enum {
    REQUEST = 0, CANCEL = 1, SUCCESS = 2, FAILURE = 3, COMPLETE = 4, /* second byte of VEND */
    NO_ORDER = 0xFF,
    /* what the reader tells */
    READER_CONFIG = 0x01, DISPLAY = 0x02, SESSION_BEGUN = 0x03, SESSION_CANCEL = 0x04, APPROVED = 0x05, DENIED = 0x06,
    SESSION_ENDED = 0x07, PERIPHERAL_ID = 0x09, MALFUNCTION = 0x0A, OUT_OF_SEQUENCE = 0x0B,
    ITEM = 1,
    SETTLED = 1 << EVENT_KIND_VEND_COMMITTED | 1 << EVENT_KIND_VEND_REFUNDED | 1 << EVENT_KIND_VEND_UNKNOWN,
};

static enum vend_state state; /* OFF and IDLE are told apart by the reader's module: here both are OFF */
static uint32_t key, value;
static bool end_wanted, settle_wanted, commit, settle_unsure, settle_taken, complete_taken;
static uint8_t to_write; /* enum event_kind that ends the sale; 0 = none */
static struct credits open;

void sale_init(void) {
    struct journal_event approved, settled;
    uint32_t begun = journal_find(1 << EVENT_KIND_VEND_APPROVED, 0, &approved);
    credits_recover(&open, 1 << EVENT_KIND_VEND_APPROVED);
    state = VEND_STATE_OFF;
    key = value = 0;
    end_wanted = settle_wanted = settle_unsure = settle_taken = complete_taken = false;
    to_write = 0;
    if (begun > journal_find(SETTLED, 0, &settled)) { /* approved before our reset: the host decides yet */
        state = VEND_STATE_APPROVED;
        key = approved.key;
        value = approved.value;
    }
}

bool sale_is_approved(void) {
    return state == VEND_STATE_APPROVED;
}

bool sale_is_busy(void) {
    return state > VEND_STATE_IDLE;
}

bool sale_is_ending(void) {
    return state == VEND_STATE_ENDING && complete_taken;
}

void sale_report(struct vend_report *out, bool is_on) {
    out->state = sale_is_busy() ? state : is_on ? VEND_STATE_IDLE : VEND_STATE_OFF;
    out->key = value ? key : 0;
    out->value = value;
}

/* --- what the host asks ------------------------------------------------------------------------------------------- */

static bool was_approved(uint32_t of_key) {
    struct journal_event event;
    return journal_find(1 << EVENT_KIND_VEND_APPROVED, of_key, &event) != 0;
}

bool sale_was_asked(uint32_t of_key) {
    return was_approved(of_key) || (value && key == of_key);
}

uint8_t sale_ask(uint32_t new_key, uint32_t amount, uint32_t scale) {
    bool is_unwanted = state == VEND_STATE_SESSION && end_wanted; /* the sale would end with this session */
    if (value || state > VEND_STATE_SESSION || is_unwanted) {
        return CODE_BUSY;
    }
    if (amount % scale || amount / scale > 0xFFFF) {
        return CODE_BAD;
    }
    key = new_key;
    value = amount;
    return CODE_OK;
}

uint8_t sale_settle(uint32_t of_key, bool to_commit) {
    if (!value || of_key != key) {
        return was_approved(of_key) ? CODE_OK : CODE_NOTHING_THERE;
    }
    if (state == VEND_STATE_APPROVED) {
        settle_wanted = true;
        commit = to_commit;
        return CODE_OK;
    }
    if (to_commit) {
        return CODE_NOTHING_THERE;
    }
    sale_rest();
    return CODE_OK;
}

void sale_rest(void) {
    end_wanted = state == VEND_STATE_SESSION || state == VEND_STATE_ASKED;
    if (state <= VEND_STATE_SESSION) {
        value = 0;
    }
}

/* --- orders to the reader ----------------------------------------------------------------------------------------- */

static uint8_t due(void) {
    switch (state) {
    case VEND_STATE_APPROVED: return !settle_wanted || settle_taken || to_write ? NO_ORDER : commit ? SUCCESS : FAILURE;
    case VEND_STATE_ASKED: return end_wanted ? CANCEL : NO_ORDER;
    case VEND_STATE_SESSION: return end_wanted ? COMPLETE : value ? REQUEST : NO_ORDER;
    case VEND_STATE_DENIED: return COMPLETE;
    case VEND_STATE_ENDING: return complete_taken ? NO_ORDER : COMPLETE; /* a second one would be out of sequence */
    default: return NO_ORDER;
    }
}

uint8_t sale_order(uint8_t *block, uint32_t scale) {
    uint8_t order = due();
    uint16_t price = scale ? (uint16_t)(value / scale) : 0;
    block[0] = order;
    switch (order) {
    case REQUEST:
        block[1] = (uint8_t)(price >> 8);
        block[2] = (uint8_t)price;
        block[3] = 0;
        block[4] = ITEM;
        return 5;
    case SUCCESS:
        block[1] = 0;
        block[2] = ITEM;
        return 3;
    case NO_ORDER: return 0;
    default: return 1;
    }
}

static void settled(void) {
    to_write = commit ? EVENT_KIND_VEND_COMMITTED : EVENT_KIND_VEND_REFUNDED;
}

/* A reader that was reset just before acknowledges the order too, and says at the next POLL that it did not do it. */
static void believe(void) {
    if (settle_taken && !to_write && state == VEND_STATE_APPROVED) {
        settled();
    }
}

void sale_order_taken(uint8_t order) {
    if (order == REQUEST && state == VEND_STATE_SESSION) {
        state = VEND_STATE_ASKED;
    } else if (order == SUCCESS || order == FAILURE) {
        settle_taken = true;
    } else if (order == COMPLETE) {
        state = VEND_STATE_ENDING;
        complete_taken = true;
    }
}

void sale_order_unsure(uint8_t order) {
    settle_unsure |= order == SUCCESS || order == FAILURE;
}

void sale_step(void) {
    const struct journal_event end = {.kind = to_write, .value = value, .key = key};
    if (!to_write || !journal_append(&end)) {
        return;
    }
    state = to_write == EVENT_KIND_VEND_UNKNOWN ? VEND_STATE_OFF : VEND_STATE_ENDING;
    to_write = 0;
    value = 0;
    settle_wanted = settle_unsure = settle_taken = complete_taken = false;
}

/* --- what the reader tells ---------------------------------------------------------------------------------------- */

uint8_t sale_length(uint8_t told, uint8_t left) {
    uint8_t length = told == READER_CONFIG                       ? 8
                     : told == DISPLAY                           ? 34
                     : told == SESSION_BEGUN || told == APPROVED ? 3
                     : told == MALFUNCTION                       ? 2
                     : told == PERIPHERAL_ID                     ? 30
                                                                 : 1;
    return length < left ? length : left;
}

/* An approval counts when it was asked for; what comes besides only wants its acknowledgement. */
static uint8_t gather(const uint8_t *answer, uint8_t count, uint32_t scale, struct journal_event *told) {
    for (uint8_t at = 0; at < count; at = (uint8_t)(at + sale_length(answer[at], (uint8_t)(count - at)))) {
        if (answer[at] == APPROVED && count - at >= 3 && (state == VEND_STATE_ASKED || open.count)) {
            uint32_t told_value = (uint32_t)(answer[at + 1] << 8 | answer[at + 2]) * scale;
            uint32_t amount = scale ? told_value : value; /* told again, to one who has forgotten the scale */
            told[0] = (struct journal_event){.kind = EVENT_KIND_VEND_APPROVED, .value = amount, .key = key};
            return 1;
        }
    }
    return 0;
}

bool sale_take(const uint8_t *answer, uint8_t count, uint32_t scale) {
    struct journal_event told[1] = {0};
    uint8_t credits = gather(answer, count, scale, told);
    return credits_take(&open, told, credits);
}

void sale_take_empty_poll(void) {
    credits_take(&open, 0, 0);
    believe();
}

void sale_refund_failed(void) {
    if (state == VEND_STATE_APPROVED && settle_wanted && !commit) {
        to_write = EVENT_KIND_VEND_UNKNOWN;
    }
}

void sale_forget(void) {
    open.count = 0;
    if (state == VEND_STATE_APPROVED) {
        to_write = EVENT_KIND_VEND_UNKNOWN;
    } else {
        if (state > VEND_STATE_SESSION) { /* what was not requested yet goes on waiting for its card */
            value = 0;
        }
        state = VEND_STATE_OFF;
    }
    end_wanted = complete_taken = false;
}

/* The order came when the reader was past it: taken before, if it was sent before, else nobody knows. */
static void see_out_of_sequence(void) {
    if (state == VEND_STATE_APPROVED && settle_unsure) {
        settled();
    } else {
        sale_forget();
    }
}

static void see_denied(void) {
    if (state == VEND_STATE_APPROVED) { /* our cancellation and its approval have crossed: it gave the amount back */
        to_write = EVENT_KIND_VEND_REFUNDED;
    } else {
        state = VEND_STATE_DENIED;
        value = 0;
    }
}

void sale_see(uint8_t told, bool let_in) {
    if (told != OUT_OF_SEQUENCE) {
        believe();
    }
    switch (told) {
    case SESSION_BEGUN:
        if (state <= VEND_STATE_IDLE) {
            state = VEND_STATE_SESSION;
            complete_taken = false;
            end_wanted = !let_in;
        }
        break;
    case SESSION_CANCEL: end_wanted = state == VEND_STATE_SESSION || state == VEND_STATE_ASKED; break;
    case APPROVED:
        if (state == VEND_STATE_ASKED) {
            state = VEND_STATE_APPROVED;
        }
        break;
    case DENIED: see_denied(); break;
    case SESSION_ENDED:
        if (state != VEND_STATE_APPROVED) {
            state = VEND_STATE_OFF;
            end_wanted = false;
            value = 0;
        }
        break;
    case OUT_OF_SEQUENCE: see_out_of_sequence(); break;
    default: break;
    }
}
