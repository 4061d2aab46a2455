#include "kiosk.h"

#include "bill_validator.h"
#include "cabinet.h"
#include "cashless.h"
#include "coin_changer.h"
#include "hal.h"
#include "journal.h"
#include "lease.h"
#include "link.h"
#include "mdb.h"
#include "motor.h"
#include "pulse_coin.h"
#include "reflash.h"
#include "reports.h"

void kiosk_init(void) {
    journal_init();
    link_init();
    cabinet_init();
    pulse_coin_init();
    bill_validator_init();
    coin_changer_init();
    cashless_init();
    mdb_init(hal_millis());
    lease_init();
    reflash_init();
}

void kiosk_step(void) {
    uint32_t now_ms = hal_millis();
    mdb_step(now_ms); /* first: its acknowledgement is due within 5 ms */
    link_step(now_ms);
    lease_step(now_ms);
    journal_step();
    pulse_coin_step(now_ms);
    cabinet_step(now_ms);
    motor_step(now_ms);
    reports_step(now_ms);
    reflash_step(now_ms);
}
