#include <string.h>

#include "check.h"
#include "hal_host.h"
#include "host.h"
#include "machines.h"

enum { NOTE_20000 = 4, COIN_1000 = 1, COIN_2000 = 2 };

static uint16_t next_session = 100;

static void keep_lease(uint32_t ms) {
    for (uint32_t i = 0; i < ms / 500 + 1; i++) {
        CHECK(host_tag_only(MESSAGE_EXTEND_LEASE) == CODE_OK);
        run_ms(ms < 500 ? ms : 500);
    }
}

static void accept_money(void) {
    const uint8_t coins[] = {1, 0xFF, 0xFF, 0, 0, 0, 0};
    CHECK(host_u16(MESSAGE_ACCEPT_NOTES, 0xFFFF) == CODE_OK);
    CHECK(host_command(MESSAGE_ACCEPT_COINS, coins, sizeof coins) == CODE_OK);
    keep_lease(1000);
    CHECK(types_enabled == 0xFFFF && coins_enabled == 0xFFFF);
}

/* The board is up, the host at work, notes and coins are let in. */
static void open_kiosk(void) {
    host_open(++next_session);
    keep_lease(2500);
    accept_money();
}

static void reset_and_reopen(void) {
    power_on(false);
    run_ms(4000);
    host_open(++next_session);
    keep_lease(1000);
}

static uint8_t decide(uint8_t decision) {
    const uint8_t body[] = {3, decision};
    return host_command(MESSAGE_DECIDE_NOTE, body, sizeof body);
}

static uint8_t dispense(uint32_t key, uint32_t value) {
    uint8_t body[9] = {3};
    put_u32(body + 1, key);
    put_u32(body + 5, value);
    return host_command(MESSAGE_DISPENSE, body, sizeof body);
}

static uint32_t held(void) {
    return tube_counts[0] * 500u + tube_counts[1] * 1000u + tube_counts[2] * 2000u;
}

static void a_coin_is_written_before_it_is_acknowledged(void) {
    open_kiosk();
    unsigned before = changer.acknowledged;
    machines_coin(COIN_1000, false);
    for (int i = 0; i < 500 && changer.acknowledged == before; i++) {
        run_ms(1);
    }
    uint8_t kept[HAL_NVM_SIZE];
    memcpy(kept, host_nvm(), sizeof kept); /* power fails at the very moment of the acknowledgement */
    host_forget();
    power_on(true);
    memcpy(host_nvm(), kept, sizeof kept);
    reset_and_reopen();
    CHECK(host_count(EVENT_KIND_COIN_BOX) == 1 && host_sum(EVENT_KIND_COIN_BOX) == 1000);
}

/* Four records take 260 ms, longer than the next POLL waits. */
static void four_coins_are_acknowledged_when_all_are_written(void) {
    for (uint32_t cut_ms = 0; cut_ms < 700; cut_ms += 9) {
        machines_begin();
        host_forget();
        power_on(true);
        open_kiosk();
        unsigned before = changer.acknowledged;
        for (int i = 0; i < 4; i++) {
            machines_coin(COIN_1000, false);
        }
        run_ms(cut_ms);
        bool acknowledged = changer.acknowledged != before;
        machine_power_cycle(&changer);
        reset_and_reopen();
        CHECK(!acknowledged || host_count(EVENT_KIND_COIN_BOX) == 4);
    }
}

/* Power fails in every millisecond from the coin to long after its acknowledgement; the changer keeps its power. */
static void a_coin_is_counted_once_whenever_power_fails(void) {
    for (uint32_t cut_ms = 0; cut_ms < 400; cut_ms += 3) {
        machines_begin();
        host_forget();
        power_on(true);
        open_kiosk();
        machines_coin(COIN_2000, cut_ms & 1);
        run_ms(cut_ms);
        reset_and_reopen();
        CHECK(host_sum(EVENT_KIND_COIN_TUBE) + host_sum(EVENT_KIND_COIN_BOX) == 2000);
    }
}

/* As before, but the changer's power fails too: what was not yet written may be lost, what is lost was not acknowledged,
 * and nothing is counted twice. */
static void a_coin_is_never_doubled_when_all_power_fails(void) {
    unsigned lost = 0;
    for (uint32_t cut_ms = 0; cut_ms < 400; cut_ms += 3) {
        machines_begin();
        host_forget();
        power_on(true);
        open_kiosk();
        unsigned before = changer.acknowledged;
        machines_coin(COIN_2000, false);
        run_ms(cut_ms);
        bool acknowledged = changer.acknowledged != before;
        machine_power_cycle(&changer);
        reset_and_reopen();
        uint32_t counted = host_sum(EVENT_KIND_COIN_BOX);
        CHECK(counted == 2000 || (!acknowledged && counted == 0));
        lost += counted == 0;
    }
    CHECK(lost < 70); /* the poll's turn and the record's 65 ms: 200 of 400 ms */
}

static void two_equal_coins_in_one_answer_are_two(void) {
    open_kiosk();
    machines_coin(COIN_1000, false);
    machines_coin(COIN_1000, false);
    keep_lease(1000);
    CHECK(host_count(EVENT_KIND_COIN_BOX) == 2);
}

static void a_coin_that_joins_an_unacknowledged_one_is_counted_too(void) {
    open_kiosk();
    machines_coin(COIN_1000, false);
    run_ms(120);
    machines_coin(COIN_2000, true);
    keep_lease(1000);
    CHECK(host_sum(EVENT_KIND_COIN_BOX) == 1000 && host_sum(EVENT_KIND_COIN_TUBE) == 2000);
}

static void a_lost_ack_does_not_double_a_tube_coin(void) {
    open_kiosk();
    changer.drop_acks = 1;
    machines_coin(COIN_1000, true);
    keep_lease(1500);
    CHECK(host_count(EVENT_KIND_COIN_TUBE) == 1 && changer.event_count == 0);
}

static void a_lost_ack_does_not_double_a_stacked_note(void) {
    open_kiosk();
    machines_note(NOTE_20000);
    keep_lease(500);
    CHECK(decide(ESCROW_STACK) == CODE_OK);
    validator.drop_acks = 1;
    keep_lease(2500);
    CHECK(host_count(EVENT_KIND_NOTE_STACKED) == 1 && cassette_count == 1 && validator.event_count == 0);
}

static void a_garbled_answer_is_asked_again(void) {
    open_kiosk();
    changer.garble = 2;
    machines_coin(COIN_1000, false);
    keep_lease(1500);
    CHECK(host_count(EVENT_KIND_COIN_BOX) == 1);
}

static void a_note_is_stacked_on_the_hosts_word_only(void) {
    open_kiosk();
    machines_note(NOTE_20000);
    keep_lease(1000);
    CHECK(orders_to_stack == 0 && host_last(MESSAGE_NOTE_REPORT)[0] == NOTE_STATE_ESCROW);
    CHECK(get_u32(host_last(MESSAGE_NOTE_REPORT) + 2) == 20000);
    CHECK(decide(ESCROW_STACK) == CODE_OK);
    keep_lease(1500);
    CHECK(orders_to_stack == 1 && host_sum(EVENT_KIND_NOTE_STACKED) == 20000);
    CHECK(decide(ESCROW_STACK) == CODE_NOTHING_THERE);
}

static void a_note_is_given_back_when_the_host_falls_silent(void) {
    open_kiosk();
    machines_note(NOTE_20000);
    keep_lease(500);
    run_ms(LEASE_MS + 500);
    CHECK(orders_to_return == 1 && !note_held && types_enabled == 0 && coins_enabled == 0);
    CHECK(host_output(OUT_INHIBIT_PULSE) && !host_output(OUT_LOCK) && host_level(LEVEL_LAMP_R) == 255);
    CHECK(host_count(EVENT_KIND_NOTE_RETURNED) == 1);
}

static void a_lost_lease_comes_back_only_by_extension_and_command(void) {
    open_kiosk();
    run_ms(LEASE_MS + 500);
    CHECK(host_u16(MESSAGE_ACCEPT_NOTES, 1) == CODE_NO_LEASE);
    keep_lease(1000);
    CHECK(types_enabled == 0);
    CHECK(host_u16(MESSAGE_ACCEPT_NOTES, 1) == CODE_OK);
    keep_lease(500);
    CHECK(types_enabled == 1);
}

/* Power of the board fails in every moment of stacking; the validator keeps its own. */
static void a_note_is_counted_once_whenever_the_board_is_reset(void) {
    for (uint32_t cut_ms = 0; cut_ms < 700; cut_ms += 7) {
        machines_begin();
        host_forget();
        power_on(true);
        open_kiosk();
        machines_note(NOTE_20000);
        keep_lease(500);
        CHECK(decide(ESCROW_STACK) == CODE_OK);
        run_ms(cut_ms);
        power_on(false);
        run_ms(12000);
        host_open(++next_session);
        keep_lease(1000);
        CHECK(host_sum(EVENT_KIND_NOTE_STACKED) == cassette_count * 20000u);
        CHECK(!note_held);
    }
}

/* All power fails; the validator forgets what it had to tell, its cassette's count stays. */
static void a_note_is_counted_once_whenever_all_power_fails(void) {
    for (uint32_t cut_ms = 0; cut_ms < 700; cut_ms += 7) {
        machines_begin();
        host_forget();
        power_on(true);
        open_kiosk();
        machines_note(NOTE_20000);
        keep_lease(500);
        stack_silently = cut_ms % 2;
        CHECK(decide(ESCROW_STACK) == CODE_OK);
        run_ms(cut_ms);
        machine_power_cycle(&validator);
        power_on(false);
        run_ms(12000);
        host_open(++next_session);
        keep_lease(1000);
        CHECK(host_sum(EVENT_KIND_NOTE_STACKED) == cassette_count * 20000u);
        CHECK(host_count(EVENT_KIND_NOTE_STACKED) + host_count(EVENT_KIND_NOTE_RETURNED) <= 1);
    }
}

static void a_swapped_cassette_makes_the_note_unknown(void) {
    cassette_count = 30;
    open_kiosk();
    machines_note(NOTE_20000);
    keep_lease(500);
    CHECK(decide(ESCROW_STACK) == CODE_OK);
    run_ms(90);
    machine_power_cycle(&validator);
    cassette_count = 0;
    reset_and_reopen();
    CHECK(host_count(EVENT_KIND_NOTE_UNKNOWN) == 1 && host_count(EVENT_KIND_NOTE_STACKED) == 0);
}

static void a_payout_is_made_once_a_key(void) {
    open_kiosk();
    uint32_t before = held();
    CHECK(dispense(42, 7500) == CODE_OK);
    keep_lease(4000);
    CHECK(before - held() == 7500 && host_sum(EVENT_KIND_PAYOUT_DONE) == 7500);
    CHECK(dispense(42, 7500) == CODE_OK);
    keep_lease(2000);
    CHECK(before - held() == 7500 && host_count(EVENT_KIND_PAYOUT_DONE) == 1);
    CHECK(coins_enabled == 0xFFFF);
}

static void empty_tubes_pay_what_they_can_and_say_so(void) {
    memset(tube_counts, 0, sizeof tube_counts);
    tube_counts[1] = 3;
    open_kiosk();
    CHECK(dispense(43, 9000) == CODE_OK);
    keep_lease(5000);
    CHECK(held() == 0 && host_sum(EVENT_KIND_PAYOUT_DONE) == 3000);
}

static void a_payout_cut_by_a_reset_tells_what_came_out_and_pays_no_more(void) {
    for (uint32_t cut_ms = 0; cut_ms < 2500; cut_ms += 31) {
        machines_begin();
        host_forget();
        power_on(true);
        open_kiosk();
        uint32_t before = held();
        CHECK(dispense(7, 23500) == CODE_OK);
        run_ms(cut_ms);
        if (cut_ms % 2) {
            machine_power_cycle(&changer);
        }
        uint32_t at_cut = held();
        reset_and_reopen();
        CHECK(host_sum(EVENT_KIND_PAYOUT_DONE) == before - held());
        CHECK(host_count(EVENT_KIND_PAYOUT_DONE) == host_count(EVENT_KIND_PAYOUT_STARTED));
        CHECK(held() == at_cut);
    }
}

static void a_note_that_the_validator_stacks_by_itself_at_power_up_is_counted(void) {
    open_kiosk();
    machines_note(NOTE_20000);
    keep_lease(500);
    machine_power_cycle(&validator);
    machines_stack_unasked();
    reset_and_reopen();
    keep_lease(2000);
    CHECK(host_sum(EVENT_KIND_NOTE_STACKED) == 20000);
}

/* The acknowledgement was lost, then the board was reset: the validator tells an old story. */
static void a_repetition_after_a_reset_is_not_counted_again(void) {
    open_kiosk();
    machines_note(NOTE_20000);
    keep_lease(500);
    CHECK(decide(ESCROW_STACK) == CODE_OK);
    keep_lease(1000);
    validator.events[0] = 0x80 | NOTE_20000;
    validator.event_count = 1;
    reset_and_reopen();
    keep_lease(2000);
    CHECK(host_count(EVENT_KIND_NOTE_STACKED) == 1 && validator.event_count == 0);
    CHECK(host_u16(MESSAGE_ACCEPT_NOTES, 1) == CODE_OK);
}

static void events_are_told_until_confirmed(void) {
    open_kiosk();
    machines_coin(COIN_1000, false);
    keep_lease(3500);
    CHECK(host_event_count == 1 && host_event_tellings >= 3);
    const uint8_t confirm[] = {1, 1, 0, 0, 0};
    CHECK(host_command(MESSAGE_CONFIRM, confirm, sizeof confirm) == CODE_OK);
    unsigned tellings = host_event_tellings;
    keep_lease(3000);
    CHECK(host_event_tellings == tellings);
}

static void a_peripheral_that_goes_dumb_is_absent_and_comes_back(void) {
    open_kiosk();
    validator.deaf = true;
    keep_lease(6000);
    const uint8_t ask[] = {1};
    CHECK(host_command(MESSAGE_ASK_STATE, ask, 1) == CODE_OK);
    CHECK(host_u16(MESSAGE_ACCEPT_NOTES, 1) == CODE_NOT_READY);
    validator.deaf = false;
    machine_power_cycle(&validator);
    keep_lease(3000);
    CHECK(host_u16(MESSAGE_ACCEPT_NOTES, 1) == CODE_OK);
}

static void too_many_unconfirmed_events_shut_the_acceptors(void) {
    open_kiosk();
    for (int i = 0; i < 100; i++) {
        machines_coin(COIN_1000, false);
        keep_lease(400);
    }
    CHECK(coins_enabled == 0 && types_enabled == 0 && host_count(EVENT_KIND_COIN_BOX) == 100);
}

const struct test money_tests[] = {
    TEST(a_coin_is_written_before_it_is_acknowledged),
    TEST(four_coins_are_acknowledged_when_all_are_written),
    TEST(a_coin_is_counted_once_whenever_power_fails),
    TEST(a_coin_is_never_doubled_when_all_power_fails),
    TEST(two_equal_coins_in_one_answer_are_two),
    TEST(a_coin_that_joins_an_unacknowledged_one_is_counted_too),
    TEST(a_lost_ack_does_not_double_a_tube_coin),
    TEST(a_lost_ack_does_not_double_a_stacked_note),
    TEST(a_garbled_answer_is_asked_again),
    TEST(a_note_is_stacked_on_the_hosts_word_only),
    TEST(a_note_is_given_back_when_the_host_falls_silent),
    TEST(a_lost_lease_comes_back_only_by_extension_and_command),
    TEST(a_note_is_counted_once_whenever_the_board_is_reset),
    TEST(a_note_is_counted_once_whenever_all_power_fails),
    TEST(a_swapped_cassette_makes_the_note_unknown),
    TEST(a_payout_is_made_once_a_key),
    TEST(empty_tubes_pay_what_they_can_and_say_so),
    TEST(a_payout_cut_by_a_reset_tells_what_came_out_and_pays_no_more),
    TEST(a_note_that_the_validator_stacks_by_itself_at_power_up_is_counted),
    TEST(a_repetition_after_a_reset_is_not_counted_again),
    TEST(events_are_told_until_confirmed),
    TEST(a_peripheral_that_goes_dumb_is_absent_and_comes_back),
    TEST(too_many_unconfirmed_events_shut_the_acceptors),
    {0},
};
