#include "coins.h"

#include <string.h>

#include "credits.h"
#include "journal.h"
#include "protocol.h"
#include "reports.h"

enum {
    /* POLL tells 1yyyxxxx zz: yyy coins of type xxxx handed out; 01yyxxxx zz: one taken, yy its way; zz: tube's count */
    TO_BOX = 0,
    TO_TUBE = 1,
    NO_COUNT = 0xFF,
    WATCHED = 1 << EVENT_KIND_COIN_TUBE | 1 << EVENT_KIND_COIN_BOX | 1 << EVENT_KIND_COIN_HANDED_OUT,
};

static uint32_t values[COIN_TYPES];
static uint8_t tube_told[COIN_TYPES]; /* count told with the last coin: the same again is a repetition */
static struct credits open;

void coins_init(void) {
    credits_recover(&open, WATCHED);
    coins_go_out();
}

void coins_set_value(uint8_t type, uint32_t value) {
    values[type % COIN_TYPES] = value;
}

uint32_t coins_value(uint8_t type) {
    return values[type % COIN_TYPES];
}

const uint32_t *coins_values(void) {
    return values;
}

uint8_t coins_length(uint8_t told) {
    return told & 0xC0 ? 2 : 1;
}

void coins_go_out(void) {
    memset(tube_told, NO_COUNT, sizeof tube_told);
}

void coins_forget(void) {
    open.count = 0;
    coins_go_out();
}

static uint8_t way(uint8_t told) {
    return told >> 4 & 3;
}

static bool is_handed_out(uint8_t told) {
    return told & 0x80;
}

static bool is_taken(uint8_t told) {
    return (told & 0xC0) == 0x40 && way(told) <= TO_TUBE;
}

static bool is_tube_coin(uint8_t told) {
    return is_taken(told) && way(told) == TO_TUBE;
}

static bool is_repetition(const uint8_t *told) {
    return is_tube_coin(told[0]) && tube_told[told[0] & 0x0F] == told[1];
}

static struct journal_event credit_of(const uint8_t *told) {
    uint8_t type = told[0] & 0x0F;
    bool out = is_handed_out(told[0]);
    return (struct journal_event){
        .kind = out                     ? EVENT_KIND_COIN_HANDED_OUT
                : way(told[0]) == TO_TUBE ? EVENT_KIND_COIN_TUBE
                                          : EVENT_KIND_COIN_BOX,
        .source = type,
        .value = (out ? told[0] >> 4 & 7 : 1) * values[type],
        .detail = told[1],
    };
}

static uint8_t gather(const uint8_t *answer, uint8_t count, struct journal_event *told) {
    uint8_t credits = 0;
    for (uint8_t at = 0; at + 1 < count && credits < CREDITS_MAX; at = (uint8_t)(at + coins_length(answer[at]))) {
        if ((is_handed_out(answer[at]) || is_taken(answer[at])) && !is_repetition(answer + at)) {
            told[credits++] = credit_of(answer + at);
        }
    }
    return credits;
}

static void remember(const uint8_t *told) {
    uint8_t type = told[0] & 0x0F;
    if (is_repetition(told)) {
        report_notice(DEVICE_CHANGER, NOTICE_KIND_REPEATED_EVENT, told[0]);
    }
    if (is_handed_out(told[0])) {
        tube_told[type] = NO_COUNT;
    } else if (is_tube_coin(told[0])) {
        tube_told[type] = told[1];
    }
}

bool coins_take_poll(const uint8_t *answer, uint8_t count, bool *any) {
    struct journal_event told[CREDITS_MAX] = {0};
    uint8_t credits = gather(answer, count, told);
    *any = credits != 0;
    if (!credits_take(&open, told, credits)) {
        return false;
    }
    for (uint8_t at = 0; at + 1 < count; at = (uint8_t)(at + coins_length(answer[at]))) {
        remember(answer + at);
    }
    return true;
}

void coins_take_empty_poll(void) {
    credits_take(&open, 0, 0);
}
