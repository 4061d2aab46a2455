#include "note.h"

#include "credits.h"
#include "journal.h"
#include "reports.h"

enum {
    /* POLL answers 1YYYXXXX: what became of a note of type XXXX */
    STACKED = 0, ESCROWED = 1, RETURNED = 2,
    OUTCOME_MS = 30000, /* MDB/ICP 6.3: the outcome follows the ESCROW command within 30 s */
    WATCHED = 1 << EVENT_KIND_NOTE_STACKED | 1 << EVENT_KIND_NOTE_RETURNED,
    SETTLING = WATCHED | 1 << EVENT_KIND_NOTE_UNKNOWN,
};

static enum note_state state;
static uint8_t type;
static uint32_t values[NOTE_TYPES];
static uint32_t since_ms;
static uint32_t stacking; /* serial of the open NOTE_STACKING; 0 = none */
static bool order_sent, give_back;
static struct credits open;
static uint16_t cassette;  /* notes in it, as last counted */
static uint16_t accounted; /* notes in it of which the journal knows */
static bool count_wanted, credited;
/* A note stacked without an order (some validators stack at power-up) is a repetition, unless the count has risen. */
static enum { NO_DOUBT, COUNTING, REPETITION, NEW_NOTE } doubt;

void note_init(void) {
    struct journal_event order = {0}, outcome = {0};
    uint32_t ordered = journal_find(1 << EVENT_KIND_NOTE_STACKING, 0, &order);
    uint32_t settled = journal_find(SETTLING, 0, &outcome);
    stacking = ordered > settled ? ordered : 0;
    cassette = accounted = (uint16_t)(order.detail + (settled > ordered && outcome.kind == EVENT_KIND_NOTE_STACKED));
    credits_recover(&open, WATCHED);
    state = NOTE_STATE_NONE;
    doubt = NO_DOUBT;
    order_sent = give_back = count_wanted = credited = false;
}

void note_set_value(uint8_t of_type, uint32_t value) {
    values[of_type % NOTE_TYPES] = value;
}

uint32_t note_value(uint8_t of_type) {
    return values[of_type % NOTE_TYPES];
}

bool note_is_stacking(void) {
    return stacking != 0;
}

bool note_is_overdue(uint32_t now_ms) {
    return state != NOTE_STATE_NONE && state != NOTE_STATE_ESCROW && now_ms - since_ms > OUTCOME_MS;
}

void note_report(struct note_report *out) {
    bool here = state != NOTE_STATE_NONE;
    out->state = state;
    out->source = here ? type : 0;
    out->value = here ? values[type] : 0;
}

/* --- decisions ---------------------------------------------------------------------------------------------------- */

static uint8_t begin_stacking(void) {
    const struct journal_event order = {
        .kind = EVENT_KIND_NOTE_STACKING, .source = type, .value = values[type], .detail = cassette};
    stacking = journal_append(&order);
    if (!stacking) {
        return CODE_FULL;
    }
    state = NOTE_STATE_STACKING;
    order_sent = false;
    return CODE_OK;
}

uint8_t note_decide(uint8_t decision) {
    if (state != NOTE_STATE_ESCROW || give_back) {
        return CODE_NOTHING_THERE;
    }
    if (decision == ESCROW_STACK) {
        return count_wanted ? CODE_BUSY : begin_stacking();
    }
    give_back = true;
    return CODE_OK;
}

void note_give_back(void) {
    give_back = state == NOTE_STATE_ESCROW;
}

uint8_t note_order(void) {
    if (state == NOTE_STATE_STACKING && !order_sent && journal_durable(stacking)) {
        return ESCROW_STACK;
    }
    return give_back ? ESCROW_RETURN : NOTE_NO_ORDER;
}

void note_order_taken(void) {
    order_sent = true;
    if (state == NOTE_STATE_ESCROW) {
        state = NOTE_STATE_RETURNING;
    }
    give_back = false;
}

void note_order_refused(void) {
    give_back = false;
    if (state == NOTE_STATE_RETURNING) {
        state = NOTE_STATE_NONE;
    }
}

void note_forget(void) {
    open.count = 0;
    state = NOTE_STATE_NONE;
    give_back = order_sent = false;
    doubt = NO_DOUBT;
}

/* --- what the validator tells ------------------------------------------------------------------------------------ */

static uint8_t what(uint8_t byte) {
    return byte & 0x80 ? byte >> 4 & 7 : 0xFF;
}

static bool is_credit(uint8_t byte) {
    return what(byte) == STACKED || what(byte) == RETURNED;
}

static struct journal_event credit_of(uint8_t byte) {
    uint8_t of_type = byte & 0x0F;
    return (struct journal_event){
        .kind = what(byte) == STACKED ? EVENT_KIND_NOTE_STACKED : EVENT_KIND_NOTE_RETURNED,
        .source = of_type,
        .value = values[of_type],
    };
}

static uint8_t gather(const uint8_t *answer, uint8_t count, struct journal_event *told) {
    uint8_t credits = 0;
    for (uint8_t i = 0; i < count && credits < CREDITS_MAX; i++) {
        if (is_credit(answer[i])) {
            told[credits++] = credit_of(answer[i]);
        }
    }
    return credits;
}

static bool is_doubtful(const uint8_t *answer, uint8_t count) {
    for (uint8_t i = 0; i < count; i++) {
        if (what(answer[i]) == STACKED && !stacking && !open.count) {
            return true;
        }
    }
    return false;
}

static void see_escrow(uint8_t byte, bool let_in, uint32_t now_ms) {
    state = NOTE_STATE_ESCROW;
    type = byte & 0x0F;
    since_ms = now_ms;
    give_back = !let_in;
}

static void see(uint8_t byte, bool let_in, uint32_t now_ms) {
    if (is_credit(byte)) {
        state = NOTE_STATE_NONE;
        stacking = 0;
        order_sent = give_back = false;
        credited |= what(byte) == STACKED;
        count_wanted |= credited;
    } else if (what(byte) == ESCROWED) {
        see_escrow(byte, let_in, now_ms);
    } else if (byte & 0x80) {
        report_notice(DEVICE_VALIDATOR, NOTICE_KIND_NOTE_REJECTED, byte);
    }
}

static bool may_acknowledge(const uint8_t *answer, uint8_t count) {
    struct journal_event told[CREDITS_MAX] = {0};
    if (doubt == NO_DOUBT && is_doubtful(answer, count)) {
        doubt = COUNTING;
        count_wanted = true;
    }
    if (doubt == COUNTING) {
        return false;
    }
    return doubt == REPETITION || credits_take(&open, told, gather(answer, count, told));
}

bool note_take_poll(const uint8_t *answer, uint8_t count, bool let_in, uint32_t now_ms) {
    if (!may_acknowledge(answer, count)) {
        return false;
    }
    doubt = NO_DOUBT;
    for (uint8_t i = 0; i < count; i++) {
        see(answer[i], let_in, now_ms);
    }
    return true;
}

void note_take_empty_poll(void) {
    credits_take(&open, 0, 0);
    doubt = NO_DOUBT;
}

/* --- the cassette's count ---------------------------------------------------------------------------------------- */

bool note_wants_count(void) {
    return count_wanted;
}

static void judge(uint16_t count) {
    doubt = count == accounted ? REPETITION : NEW_NOTE;
    if (doubt == REPETITION) {
        report_notice(DEVICE_VALIDATOR, NOTICE_KIND_REPEATED_EVENT, 0);
    }
}

/* One note more than is accounted for may yet be told of; any other difference is a technician's. */
void note_take_count(uint16_t count) {
    if (doubt == COUNTING) {
        judge(count);
    } else if (credited || count != accounted + 1) {
        accounted = count;
        credited = false;
    }
    cassette = count;
    count_wanted = false;
}

bool note_settle_by_count(void) {
    struct journal_event outcome;
    if (!stacking || !journal_read(stacking, &outcome)) {
        state = NOTE_STATE_NONE;
        return true;
    }
    outcome.kind = cassette == outcome.detail  ? EVENT_KIND_NOTE_RETURNED
                   : cassette > outcome.detail ? EVENT_KIND_NOTE_STACKED
                                               : EVENT_KIND_NOTE_UNKNOWN;
    uint32_t serial = journal_append(&outcome);
    if (serial) {
        journal_acknowledge(serial);
        stacking = 0;
        state = NOTE_STATE_NONE; /* or it would be overdue again at once, and the validator set up for ever */
        accounted = cassette;
    }
    return serial != 0;
}
