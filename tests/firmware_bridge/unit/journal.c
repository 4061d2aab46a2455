#include "journal.h"

#include <string.h>

#include "check.h"
#include "hal_host.h"
#include "host.h"
#include "protocol.h"

static uint32_t append(uint32_t value) {
    const struct journal_event event = {.kind = EVENT_KIND_COIN_BOX, .value = value};
    return journal_append(&event);
}

static void write_for(uint32_t ms) {
    while (ms--) {
        host_advance(1);
        journal_step();
    }
}

static void again(void) {
    host_power_on(false);
    journal_init();
}

static void serials_rise_by_one_and_outlive_power(void) {
    struct journal_event event;
    CHECK(append(500) == 1 && append(1000) == 2);
    write_for(300);
    again();
    CHECK(journal_last() == 2 && append(2000) == 3);
    CHECK(journal_read(2, &event) && event.value == 1000);
}

static void an_event_is_durable_only_when_its_last_byte_is(void) {
    uint32_t serial = append(500);
    write_for(60);
    CHECK(!journal_durable(serial) && journal_last() == 0);
    write_for(10);
    CHECK(journal_durable(serial));
}

/* Power fails after each single millisecond of writing: the event is whole or not there, never another. */
static void a_torn_write_loses_only_the_unpromised_event(void) {
    struct journal_event event;
    for (uint32_t cut_ms = 0; cut_ms < 90; cut_ms++) {
        host_power_on(true);
        journal_init();
        CHECK(append(500) == 1);
        write_for(200);
        CHECK(append(1000) == 2);
        write_for(cut_ms);
        bool promised = journal_durable(2);
        again();
        CHECK(journal_read(1, &event) && event.value == 500);
        CHECK(journal_last() == 2 || (!promised && journal_last() == 1));
        CHECK(append(2000) == journal_last() + 1);
    }
}

static void a_torn_byte_is_found(void) {
    CHECK(append(500) == 1 && append(700) == 2);
    write_for(300);
    host_nvm()[1024 + 2 * 24 + 8] ^= 0x10; /* a byte of record 2 that was programmed half */
    again();
    CHECK(journal_last() == 1);
}

static void confirmations_outlive_power_and_never_go_back(void) {
    for (uint32_t i = 1; i <= 100; i++) {
        CHECK(append(i) == i);
        write_for(100);
        CHECK(journal_confirm(i));
        write_for(40);
    }
    CHECK(journal_confirm(50) && journal_confirmed() == 100);
    CHECK(!journal_confirm(101));
    again();
    CHECK(journal_confirmed() == 100 && journal_last() == 100);
}

static void a_full_journal_takes_no_more_until_the_host_confirms(void) {
    uint32_t last = 0;
    for (int i = 0; i < 200; i++) {
        uint32_t serial = append(1);
        last = serial ? serial : last;
        write_for(100);
    }
    CHECK(last == JOURNAL_SLOTS - 2 && journal_is_tight());
    CHECK(journal_confirm(last));
    write_for(50);
    CHECK(!journal_is_tight() && append(1) == last + 1);
}

static void every_slot_wears_alike(void) {
    for (uint32_t i = 1; i <= 3 * JOURNAL_SLOTS; i++) {
        CHECK(append(i) == i);
        write_for(80);
        journal_confirm(i);
        write_for(40);
    }
    struct journal_event event;
    CHECK(journal_read(3 * JOURNAL_SLOTS, &event) && event.value == 3 * JOURNAL_SLOTS);
    CHECK(journal_read(3 * JOURNAL_SLOTS - 100, &event));
    again();
    CHECK(journal_last() == 3 * JOURNAL_SLOTS);
}

static void the_first_host_numbers_the_counter_and_no_later_one(void) {
    CHECK(journal_epoch() == 0);
    journal_adopt_epoch(0x1234);
    write_for(100);
    again();
    journal_adopt_epoch(0x9999);
    CHECK(journal_epoch() == 0x1234);
}

static void no_event_outlives_the_number_of_its_counter(void) {
    for (uint32_t cut_ms = 0; cut_ms < 150; cut_ms++) {
        host_power_on(true);
        journal_init();
        journal_adopt_epoch(0x1234);
        append(500);
        write_for(cut_ms);
        again();
        CHECK(journal_epoch() || !journal_last());
    }
}

static void a_mark_belongs_to_its_own_record(void) {
    for (uint32_t i = 1; i <= JOURNAL_SLOTS + 1; i++) {
        append(i);
        write_for(80);
        journal_acknowledge(i);
        write_for(10);
        journal_confirm(i);
        write_for(30);
    }
    uint32_t fresh = append(7); /* in a slot whose old mark is set */
    write_for(80);
    CHECK(!journal_acknowledged(fresh) && journal_acknowledged(fresh - 1));
}

const struct test journal_tests[] = {
    TEST(serials_rise_by_one_and_outlive_power),
    TEST(an_event_is_durable_only_when_its_last_byte_is),
    TEST(a_torn_write_loses_only_the_unpromised_event),
    TEST(a_torn_byte_is_found),
    TEST(confirmations_outlive_power_and_never_go_back),
    TEST(a_full_journal_takes_no_more_until_the_host_confirms),
    TEST(every_slot_wears_alike),
    TEST(the_first_host_numbers_the_counter_and_no_later_one),
    TEST(no_event_outlives_the_number_of_its_counter),
    TEST(a_mark_belongs_to_its_own_record),
    {0},
};
