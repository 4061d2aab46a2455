#include "commands.h"

#include "bill_validator.h"
#include "cabinet.h"
#include "cashless.h"
#include "coin_changer.h"
#include "coins.h"
#include "journal.h"
#include "lease.h"
#include "link.h"
#include "motor.h"
#include "note.h"
#include "protocol.h"
#include "pulse_coin.h"
#include "reflash.h"
#include "reports.h"
#include "sale.h"

enum { ROOM_NEEDED = 2 }; /* an answer with a table, and its Result */

static uint8_t extend_lease(const uint8_t *body, uint32_t now_ms) {
    (void)body;
    lease_extend(now_ms);
    return CODE_OK;
}

static uint8_t confirm(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct confirm it;
    get_confirm(body, &it);
    return journal_confirm(it.serial) ? CODE_OK : CODE_BAD;
}

static uint8_t accept_notes(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct accept_notes it;
    get_accept_notes(body, &it);
    return bill_validator_accept(it.types);
}

static uint8_t accept_coins(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct accept_coins it;
    get_accept_coins(body, &it);
    pulse_coin_accept(it.pulse_value);
    return coin_changer_accept(it.types);
}

static uint8_t decide_note(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct decide_note it;
    get_decide_note(body, &it);
    return it.decision <= ESCROW_STACK ? note_decide(it.decision) : CODE_BAD;
}

static uint8_t dispense(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct dispense it;
    get_dispense(body, &it);
    return it.key ? coin_changer_dispense(it.key, it.value) : CODE_BAD;
}

static uint8_t enable_cashless(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct enable_cashless it;
    get_enable_cashless(body, &it);
    return cashless_enable(it.enabled != 0);
}

static uint8_t ask_vend(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct ask_vend it;
    get_ask_vend(body, &it);
    return it.key && it.value ? cashless_ask(it.key, it.value) : CODE_BAD;
}

static uint8_t settle_vend(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct settle_vend it;
    get_settle_vend(body, &it);
    return sale_settle(it.key, it.commit != 0);
}

static uint8_t set_lamp(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct set_lamp it;
    get_set_lamp(body, &it);
    cabinet_lamp(it.red, it.green, it.blue, it.quarters);
    return CODE_OK;
}

static uint8_t set_lock(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct set_lock it;
    get_set_lock(body, &it);
    cabinet_lock(it.unlocked != 0);
    return CODE_OK;
}

static uint8_t set_fan(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct set_fan it;
    get_set_fan(body, &it);
    cabinet_fan(it.speed);
    return CODE_OK;
}

static uint8_t run_motor(const uint8_t *body, uint32_t now_ms) {
    struct run_motor it;
    get_run_motor(body, &it);
    if (!it.turns) {
        motor_stop();
        return CODE_OK;
    }
    return motor_run(it.turns, it.limit_ms, now_ms) ? CODE_OK : CODE_BUSY;
}

static uint8_t enter_boot(const uint8_t *body, uint32_t now_ms) {
    (void)body;
    return reflash_ask(now_ms);
}

static uint8_t ask_denominations(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct ask_denominations it;
    struct denominations table = {0};
    uint8_t out[DENOMINATIONS_SIZE];
    get_ask_denominations(body, &it);
    if (it.device != DEVICE_VALIDATOR && it.device != DEVICE_CHANGER) {
        return CODE_BAD;
    }
    table.tag = it.tag;
    table.device = it.device;
    for (uint8_t type = 0; type < NOTE_TYPES; type++) {
        table.values[type] = it.device == DEVICE_VALIDATOR ? note_value(type) : coins_value(type);
    }
    put_denominations(out, &table);
    link_send(MESSAGE_DENOMINATIONS, out, DENOMINATIONS_SIZE);
    return CODE_OK;
}

static uint8_t ask_tubes(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    struct tubes tubes;
    uint8_t out[TUBES_SIZE];
    tubes.tag = body[0];
    coin_changer_tubes(&tubes);
    put_tubes(out, &tubes);
    link_send(MESSAGE_TUBES, out, TUBES_SIZE);
    return coin_changer_is_running() ? CODE_OK : CODE_NOT_READY;
}

static uint8_t ask_state(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    (void)body;
    reports_repeat();
    return CODE_OK;
}

static uint8_t echo(const uint8_t *body, uint32_t now_ms) {
    (void)now_ms;
    (void)body;
    return CODE_OK;
}

static const struct command {
    uint8_t code, size;
    bool needs_lease;
    uint8_t (*act)(const uint8_t *body, uint32_t now_ms);
} commands[] = {
    {MESSAGE_EXTEND_LEASE, EXTEND_LEASE_SIZE, false, extend_lease},
    {MESSAGE_CONFIRM, CONFIRM_SIZE, false, confirm},
    {MESSAGE_ACCEPT_NOTES, ACCEPT_NOTES_SIZE, true, accept_notes},
    {MESSAGE_ACCEPT_COINS, ACCEPT_COINS_SIZE, true, accept_coins},
    {MESSAGE_DECIDE_NOTE, DECIDE_NOTE_SIZE, true, decide_note},
    {MESSAGE_DISPENSE, DISPENSE_SIZE, true, dispense},
    {MESSAGE_ENABLE_CASHLESS, ENABLE_CASHLESS_SIZE, true, enable_cashless},
    {MESSAGE_ASK_VEND, ASK_VEND_SIZE, true, ask_vend},
    {MESSAGE_SETTLE_VEND, SETTLE_VEND_SIZE, true, settle_vend},
    {MESSAGE_SET_LAMP, SET_LAMP_SIZE, true, set_lamp},
    {MESSAGE_SET_LOCK, SET_LOCK_SIZE, true, set_lock},
    {MESSAGE_SET_FAN, SET_FAN_SIZE, false, set_fan},
    {MESSAGE_RUN_MOTOR, RUN_MOTOR_SIZE, true, run_motor},
    {MESSAGE_ENTER_BOOT, ENTER_BOOT_SIZE, false, enter_boot},
    {MESSAGE_ASK_DENOMINATIONS, ASK_DENOMINATIONS_SIZE, false, ask_denominations},
    {MESSAGE_ASK_TUBES, ASK_TUBES_SIZE, false, ask_tubes},
    {MESSAGE_ASK_STATE, ASK_STATE_SIZE, false, ask_state},
    {MESSAGE_ECHO, ECHO_SIZE, false, echo},
};

static uint8_t act(uint8_t code, const uint8_t *body, uint8_t count, uint32_t now_ms) {
    for (uint8_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];
        if (command->code == code && command->size == count) {
            return command->needs_lease && !lease_is_held() ? CODE_NO_LEASE : command->act(body, now_ms);
        }
    }
    return CODE_BAD;
}

bool commands_take(uint8_t code, const uint8_t *body, uint8_t count, uint32_t now_ms) {
    uint8_t out[RESULT_SIZE];
    if (link_room() < ROOM_NEEDED) {
        return false;
    }
    const struct result result = {.tag = count ? body[0] : 0, .code = act(code, body, count, now_ms)};
    put_result(out, &result);
    link_send(MESSAGE_RESULT, out, RESULT_SIZE);
    return true;
}
