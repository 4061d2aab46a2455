#include <string.h>

#include "check.h"
#include "cobs.h"
#include "crc.h"
#include "hal_host.h"
#include "host.h"

static void crc_gives_the_published_check_value(void) {
    CHECK(crc_of("123456789", 9) == 0x29B1);
}

static void cobs_gives_the_published_examples(void) {
    static const struct { uint8_t plain[4], count, stuffed[5]; } examples[] = {
        {{0}, 1, {1, 1}}, {{0, 0}, 2, {1, 1, 1}}, {{0x11, 0x22, 0, 0x33}, 4, {3, 0x11, 0x22, 2, 0x33}},
        {{0x11, 0, 0, 0}, 4, {2, 0x11, 1, 1, 1}}};
    uint8_t out[8];
    for (unsigned i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        CHECK(cobs_encode(examples[i].plain, examples[i].count, out) == examples[i].count + 1);
        CHECK(memcmp(out, examples[i].stuffed, examples[i].count + 1u) == 0);
        CHECK(cobs_decode(out, (uint8_t)(examples[i].count + 1)) == examples[i].count);
        CHECK(memcmp(out, examples[i].plain, examples[i].count) == 0);
    }
}

static void cobs_refuses_runs_past_the_end(void) {
    uint8_t bytes[] = {5, 1, 2};
    CHECK(cobs_decode(bytes, 3) == 0);
}

static void data_without_a_session_is_answered_with_rst(void) {
    const uint8_t body[] = {MESSAGE_EXTEND_LEASE, 1};
    host_frame(FRAME_DATA, 99, 1, body, sizeof body);
    run_ms(3);
    CHECK(host_frames[FRAME_RST] == 1 && host_frames[FRAME_ACK] == 0);
}

static void repeated_data_is_done_once_and_acknowledged_twice(void) {
    const uint8_t body[] = {MESSAGE_ECHO, 9, 1, 2, 3, 4};
    host_open(5);
    run_ms(100);
    unsigned results = host_frames[FRAME_DATA], acks = host_frames[FRAME_ACK];
    host_frame(FRAME_DATA, 5, 1, body, sizeof body);
    host_frame(FRAME_DATA, 5, 1, body, sizeof body);
    run_ms(50);
    CHECK(host_frames[FRAME_ACK] == acks + 2 && host_frames[FRAME_DATA] == results + 1);
}

static void a_repeated_syn_does_not_begin_the_session_anew(void) {
    const uint8_t hello[HELLO_SIZE] = {PROTOCOL_VERSION, 1, 1, 1, 1};
    host_open(5);
    CHECK(host_tag_only(MESSAGE_EXTEND_LEASE) == CODE_OK);
    host_frame(FRAME_SYN, 5, 0, hello, sizeof hello);
    run_ms(3);
    CHECK(host_tag_only(MESSAGE_EXTEND_LEASE) == CODE_OK);
    CHECK(host_frames[FRAME_SYN_ACK] == 2);
}

static void another_version_gets_an_identity_but_no_session(void) {
    const uint8_t hello[HELLO_SIZE] = {PROTOCOL_VERSION + 1, 1, 1, 1, 1};
    const uint8_t body[] = {MESSAGE_EXTEND_LEASE, 1};
    host_frame(FRAME_SYN, 6, 0, hello, sizeof hello);
    host_frame(FRAME_DATA, 6, 1, body, sizeof body);
    run_ms(3);
    CHECK(host_frames[FRAME_SYN_ACK] == 1 && host_frames[FRAME_RST] == 1);
}

static void what_is_not_acknowledged_is_repeated(void) {
    host_open(5);
    run_ms(200);
    host_acking = false;
    const uint8_t body[] = {MESSAGE_ECHO, 9, 1, 2, 3, 4};
    host_frame(FRAME_DATA, 5, 1, body, sizeof body);
    unsigned before = host_frames[FRAME_DATA];
    run_ms(2000);
    CHECK(host_frames[FRAME_DATA] - before == 12); /* at 0, 50, 150, then every 200 ms */
}

static void unknown_commands_and_wrong_lengths_are_refused(void) {
    host_open(5);
    CHECK(host_tag_only(0x7F) == CODE_BAD);
    CHECK(host_tag_only(MESSAGE_ECHO) == CODE_BAD);
}

const struct test wire_tests[] = {
    TEST(crc_gives_the_published_check_value),
    TEST(cobs_gives_the_published_examples),
    TEST(cobs_refuses_runs_past_the_end),
    TEST(data_without_a_session_is_answered_with_rst),
    TEST(repeated_data_is_done_once_and_acknowledged_twice),
    TEST(a_repeated_syn_does_not_begin_the_session_anew),
    TEST(another_version_gets_an_identity_but_no_session),
    TEST(what_is_not_acknowledged_is_repeated),
    TEST(unknown_commands_and_wrong_lengths_are_refused),
    {0},
};
