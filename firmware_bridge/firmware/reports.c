#include "reports.h"

#include <string.h>

#include "bill_validator.h"
#include "cabinet.h"
#include "cashless.h"
#include "coin_changer.h"
#include "hal.h"
#include "journal.h"
#include "link.h"
#include "motor.h"
#include "note.h"
#include "protocol.h"
#include "pulse_coin.h"

enum {
    KEPT_FREE = 3, /* places of the outbox that are for answers to commands */
    DEVICES = 5,
    REMEMBERED = 9,
    REPEAT_MS = 1000, /* unconfirmed events are told again */
};

/* The states as last told; one row a report. */
static uint8_t told[DEVICES + 3][REMEMBERED];
static uint32_t told_serial, told_ms;

void reports_repeat(void) {
    memset(told, 0xFF, sizeof told);
}

void reports_begin(void) {
    reports_repeat();
    told_serial = journal_confirmed();
    if (hal_reset_by_watchdog()) {
        report_notice(DEVICE_BOARD, NOTICE_KIND_WATCHDOG, 0);
    }
}

void report_notice(uint8_t device, uint8_t kind, uint8_t detail) {
    uint8_t body[NOTICE_SIZE];
    const struct notice notice = {.device = device, .kind = kind, .detail = detail};
    if (link_is_open() && link_room() > KEPT_FREE) {
        put_notice(body, &notice);
        link_send(MESSAGE_NOTICE, body, NOTICE_SIZE);
    }
}

static void tell(uint8_t row, uint8_t code, const uint8_t *body, uint8_t count) {
    if (link_room() > KEPT_FREE && memcmp(told[row], body, count) != 0) {
        memcpy(told[row], body, count);
        link_send(code, body, count);
    }
}

static void tell_device(uint8_t device, uint8_t state, uint8_t fault) {
    uint8_t body[DEVICE_REPORT_SIZE];
    const struct device_report report = {.device = device, .state = state, .fault = fault};
    put_device_report(body, &report);
    tell(device, MESSAGE_DEVICE_REPORT, body, DEVICE_REPORT_SIZE);
}

static void tell_devices(void) {
    tell_device(DEVICE_VALIDATOR, bill_validator_state(), bill_validator_fault());
    tell_device(DEVICE_CHANGER, coin_changer_state(), coin_changer_fault());
    tell_device(DEVICE_READER, cashless_state(), cashless_fault());
    tell_device(DEVICE_PULSE_ACCEPTOR, pulse_coin_state(), 0);
    tell_device(DEVICE_MOTOR, motor_state(), 0);
}

static void tell_note(void) {
    uint8_t body[NOTE_REPORT_SIZE];
    struct note_report report;
    note_report(&report);
    put_note_report(body, &report);
    tell(DEVICES, MESSAGE_NOTE_REPORT, body, NOTE_REPORT_SIZE);
}

static void tell_vend(void) {
    uint8_t body[VEND_REPORT_SIZE];
    struct vend_report report;
    cashless_vend(&report);
    put_vend_report(body, &report);
    tell(DEVICES + 1, MESSAGE_VEND_REPORT, body, VEND_REPORT_SIZE);
}

static void tell_sensors(void) {
    uint8_t body[SENSORS_SIZE];
    struct sensors report;
    cabinet_sensors(&report);
    put_sensors(body, &report);
    tell(DEVICES + 2, MESSAGE_SENSORS, body, SENSORS_SIZE);
}

static void tell_event(const struct journal_event *from) {
    uint8_t body[EVENT_SIZE];
    const struct event event = {.serial = from->serial, .kind = from->kind, .source = from->source,
                                .value = from->value, .key = from->key, .detail = from->detail};
    put_event(body, &event);
    link_send(MESSAGE_EVENT, body, EVENT_SIZE);
}

static void tell_events(uint32_t now_ms) {
    struct journal_event event;
    if (told_serial < journal_confirmed() ||
        (told_serial == journal_last() && journal_confirmed() < told_serial && now_ms - told_ms >= REPEAT_MS)) {
        told_serial = journal_confirmed();
    }
    while (told_serial < journal_last() && link_room() > KEPT_FREE) {
        if (journal_read(++told_serial, &event)) {
            tell_event(&event);
        }
        told_ms = now_ms;
    }
}

void reports_step(uint32_t now_ms) {
    if (!link_is_open()) {
        return;
    }
    tell_events(now_ms);
    tell_note();
    tell_vend();
    tell_devices();
    tell_sensors();
}
