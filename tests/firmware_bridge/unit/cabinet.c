#include "check.h"
#include "hal_host.h"
#include "host.h"

static void hold_lease(void) {
    CHECK(host_tag_only(MESSAGE_EXTEND_LEASE) == CODE_OK);
}

static void begin(void) {
    host_open(900);
    hold_lease();
}

static uint8_t set(uint8_t code, uint8_t value) {
    const uint8_t body[] = {1, value};
    return host_command(code, body, sizeof body);
}

static uint8_t run_motor(uint8_t turns, uint16_t limit_ms) {
    const uint8_t body[] = {1, turns, (uint8_t)limit_ms, (uint8_t)(limit_ms >> 8)};
    return host_command(MESSAGE_RUN_MOTOR, body, sizeof body);
}

static void turn_cam(void) {
    host_set_input(IN_MOTOR_HOME, false);
    run_ms(50);
    host_set_input(IN_MOTOR_HOME, true);
    run_ms(50);
}

static void at_power_on_all_is_at_rest(void) {
    run_ms(10);
    CHECK(!host_output(OUT_LOCK) && !host_output(OUT_MOTOR) && host_output(OUT_INHIBIT_PULSE));
    CHECK(host_level(LEVEL_LAMP_R) == 255 && host_level(LEVEL_LAMP_G) == 0);
}

static void the_lock_needs_a_lease_and_falls_shut_without_it(void) {
    host_open(901);
    CHECK(set(MESSAGE_SET_LOCK, 1) == CODE_NO_LEASE && !host_output(OUT_LOCK));
    hold_lease();
    CHECK(set(MESSAGE_SET_LOCK, 1) == CODE_OK && host_output(OUT_LOCK));
    run_ms(LEASE_MS);
    CHECK(!host_output(OUT_LOCK) && host_level(LEVEL_LAMP_R) == 255);
}

static void a_quarter_of_the_ring_shines_alone_and_at_rest_the_whole_does(void) {
    host_open(902);
    hold_lease();
    const uint8_t white_above[] = {1, 200, 200, 200, 4};
    CHECK(host_command(MESSAGE_SET_LAMP, white_above, sizeof white_above) == CODE_OK);
    CHECK(host_output(OUT_LAMP_ABOVE) && !host_output(OUT_LAMP_LEFT) && !host_output(OUT_LAMP_RIGHT));
    CHECK(!host_output(OUT_LAMP_BELOW) && host_level(LEVEL_LAMP_G) == 200);
    run_ms(LEASE_MS);
    CHECK(host_output(OUT_LAMP_LEFT) && host_output(OUT_LAMP_BELOW) && host_level(LEVEL_LAMP_G) == 0);
}

static void the_boot_loader_is_entered_only_at_rest_and_after_the_answer(void) {
    begin();
    CHECK(host_tag_only(MESSAGE_ENTER_BOOT) == CODE_BUSY && !host_in_boot);
    run_ms(LEASE_MS + 200); /* the lease runs out, and the epoch is written */
    CHECK(host_tag_only(MESSAGE_ENTER_BOOT) == CODE_OK && !host_in_boot);
    run_ms(120);
    CHECK(host_in_boot);
}

static void the_fan_runs_on_without_a_lease(void) {
    host_open(902);
    CHECK(set(MESSAGE_SET_FAN, 120) == CODE_OK);
    run_ms(LEASE_MS + 100);
    CHECK(host_level(LEVEL_FAN) == 120);
}

static void the_motor_makes_its_turns_and_stops(void) {
    begin();
    CHECK(run_motor(2, 1000) == CODE_OK && host_output(OUT_MOTOR));
    turn_cam();
    CHECK(host_output(OUT_MOTOR));
    turn_cam();
    CHECK(!host_output(OUT_MOTOR) && host_last(MESSAGE_NOTICE)[1] == NOTICE_KIND_MOTOR_DONE);
}

static void a_motor_that_does_not_come_home_stops_at_its_limit(void) {
    begin();
    CHECK(run_motor(1, 500) == CODE_OK);
    run_ms(520);
    CHECK(!host_output(OUT_MOTOR) && host_last(MESSAGE_NOTICE)[1] == NOTICE_KIND_MOTOR_JAMMED);
}

static void an_open_door_stops_the_motor(void) {
    begin();
    CHECK(run_motor(1, 1900) == CODE_OK);
    host_set_input(IN_DOOR, true);
    run_ms(60);
    CHECK(!host_output(OUT_MOTOR));
}

static void a_lost_lease_stops_the_motor(void) {
    begin();
    CHECK(run_motor(9, 9000) == CODE_OK);
    run_ms(LEASE_MS);
    CHECK(!host_output(OUT_MOTOR));
}

static void a_bouncing_switch_is_told_once(void) {
    begin();
    run_ms(100);
    unsigned before = host_frames[FRAME_DATA];
    for (int i = 0; i < 10; i++) {
        host_set_input(IN_BUTTON, i % 2);
        run_ms(3);
    }
    host_set_input(IN_BUTTON, true);
    run_ms(100);
    CHECK(host_frames[FRAME_DATA] == before + 1 && host_last(MESSAGE_SENSORS)[3] == 1);
}

static void pulse(uint32_t ms) {
    host_set_input(IN_COIN_PULSE, true);
    run_ms(ms);
    host_set_input(IN_COIN_PULSE, false);
    run_ms(50);
}

static void open_for_pulses(void) {
    const uint8_t body[] = {1, 0, 0, 0xE8, 0x03, 0, 0};
    host_command(MESSAGE_ACCEPT_COINS, body, sizeof body);
    run_ms(2);
    CHECK(!host_output(OUT_INHIBIT_PULSE));
}

static void pulses_within_the_gap_are_one_coin(void) {
    begin();
    open_for_pulses();
    pulse(50);
    pulse(40);
    pulse(60);
    run_ms(400);
    CHECK(host_count(EVENT_KIND_COIN_PULSED) == 1 && host_sum(EVENT_KIND_COIN_PULSED) == 3000);
}

static void a_spike_is_no_pulse(void) {
    begin();
    open_for_pulses();
    pulse(5);
    run_ms(400);
    CHECK(host_count(EVENT_KIND_COIN_PULSED) == 0);
}

static void a_coin_under_way_when_the_acceptor_is_shut_keeps_its_value(void) {
    begin();
    open_for_pulses();
    pulse(50);
    run_ms(10);
    const uint8_t shut[] = {1, 0, 0, 0, 0, 0, 0};
    CHECK(host_command(MESSAGE_ACCEPT_COINS, shut, sizeof shut) == CODE_OK);
    pulse(50);
    run_ms(400);
    CHECK(host_sum(EVENT_KIND_COIN_PULSED) == 2000 && host_output(OUT_INHIBIT_PULSE));
}

static void a_coin_that_is_not_booked_keeps_the_boot_loader_out(void) {
    begin();
    open_for_pulses();
    run_ms(LEASE_MS - 60);
    pulse(50);
    run_ms(40); /* the lease is over */
    CHECK(host_tag_only(MESSAGE_ENTER_BOOT) == CODE_BUSY); /* counted, not yet written */
    run_ms(400);
    CHECK(host_count(EVENT_KIND_COIN_PULSED) == 1);
    CHECK(host_tag_only(MESSAGE_ENTER_BOOT) == CODE_FULL); /* written, not yet booked */
    run_ms(200);
    CHECK(!host_in_boot);
    const uint8_t booked[] = {1, 1, 0, 0, 0};
    CHECK(host_command(MESSAGE_CONFIRM, booked, sizeof booked) == CODE_OK);
    run_ms(200);
    CHECK(host_tag_only(MESSAGE_ENTER_BOOT) == CODE_OK);
    run_ms(120);
    CHECK(host_in_boot);
}

static void a_coin_between_answer_and_reset_keeps_the_application_running(void) {
    begin();
    open_for_pulses();
    run_ms(LEASE_MS + 200);
    CHECK(host_tag_only(MESSAGE_ENTER_BOOT) == CODE_OK);
    pulse(50);
    run_ms(400);
    CHECK(!host_in_boot && host_count(EVENT_KIND_COIN_PULSED) == 1);
}

const struct test cabinet_tests[] = {
    TEST(at_power_on_all_is_at_rest),
    TEST(the_lock_needs_a_lease_and_falls_shut_without_it),
    TEST(a_quarter_of_the_ring_shines_alone_and_at_rest_the_whole_does),
    TEST(the_boot_loader_is_entered_only_at_rest_and_after_the_answer),
    TEST(a_coin_that_is_not_booked_keeps_the_boot_loader_out),
    TEST(a_coin_between_answer_and_reset_keeps_the_application_running),
    TEST(the_fan_runs_on_without_a_lease),
    TEST(the_motor_makes_its_turns_and_stops),
    TEST(a_motor_that_does_not_come_home_stops_at_its_limit),
    TEST(an_open_door_stops_the_motor),
    TEST(a_lost_lease_stops_the_motor),
    TEST(a_bouncing_switch_is_told_once),
    TEST(pulses_within_the_gap_are_one_coin),
    TEST(a_spike_is_no_pulse),
    TEST(a_coin_under_way_when_the_acceptor_is_shut_keeps_its_value),
    {0},
};
