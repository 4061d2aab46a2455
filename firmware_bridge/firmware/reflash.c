#include "reflash.h"

#include <stdbool.h>

#include "hal.h"
#include "journal.h"
#include "lease.h"
#include "motor.h"
#include "note.h"
#include "payout.h"
#include "protocol.h"
#include "pulse_coin.h"
#include "sale.h"

enum { ANSWER_MS = 100 };

static bool asked;
static uint32_t asked_ms;

static bool moves(void) {
    struct note_report note;
    note_report(&note);
    return lease_is_held() || note.state != NOTE_STATE_NONE || note_is_stacking() || payout_is_open() || sale_is_busy()
        || pulse_coin_is_counting() || motor_state() == DEVICE_STATE_BUSY || hal_nvm_busy();
}

static uint8_t judge(void) {
    if (moves()) {
        return CODE_BUSY;
    }
    return journal_last() == journal_confirmed() ? CODE_OK : CODE_FULL;
}

void reflash_init(void) {
    asked = false;
}

uint8_t reflash_ask(uint32_t now_ms) {
    uint8_t code = judge();
    asked = code == CODE_OK;
    asked_ms = now_ms;
    return code;
}

void reflash_step(uint32_t now_ms) {
    if (asked && now_ms - asked_ms >= ANSWER_MS) {
        asked = false;
        if (judge() == CODE_OK) { /* a coin may have come since */
            hal_enter_boot();
        }
    }
}
