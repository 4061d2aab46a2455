#include "lease.h"

#include "bill_validator.h"
#include "cabinet.h"
#include "cashless.h"
#include "coin_changer.h"
#include "motor.h"
#include "protocol.h"
#include "pulse_coin.h"
#include "reports.h"

static bool held;
static uint32_t extended_ms;

/* Note back, acceptors shut, motor off, door locked, lamp red. */
static void rest(void) {
    motor_stop();
    cabinet_rest();
    bill_validator_rest();
    coin_changer_rest();
    cashless_rest();
    pulse_coin_accept(0);
}

void lease_init(void) {
    held = false;
    rest();
}

void lease_extend(uint32_t now_ms) {
    held = true;
    extended_ms = now_ms;
}

bool lease_is_held(void) {
    return held;
}

void lease_step(uint32_t now_ms) {
    if (held && now_ms - extended_ms >= LEASE_MS) {
        held = false;
        rest();
        report_notice(DEVICE_BOARD, NOTICE_KIND_LEASE_LOST, 0);
    }
}
