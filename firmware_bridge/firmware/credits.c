#include "credits.h"

/* Value and key follow from these, and may be unknown after a reset. */
static bool same(const struct journal_event *one, const struct journal_event *other) {
    return one->kind == other->kind && one->source == other->source && one->detail == other->detail;
}

static void close_all(struct credits *open) {
    for (uint8_t i = 0; i < open->count; i++) {
        journal_acknowledge(open->serials[i]);
    }
    open->count = 0;
}

static bool all_durable(const struct credits *open) {
    return !open->count || journal_durable(open->serials[open->count - 1]);
}

void credits_recover(struct credits *open, uint32_t kinds) {
    struct journal_event event;
    uint32_t last = journal_last();
    open->count = 0;
    for (uint32_t serial = last >= JOURNAL_SLOTS / 2 ? last - JOURNAL_SLOTS / 2 + 1 : 1; serial <= last; serial++) {
        if (!journal_read(serial, &event) || !(kinds >> event.kind & 1)) {
            continue;
        }
        if (journal_acknowledged(serial)) {
            open->count = 0;
        } else if (open->count < CREDITS_MAX) {
            open->serials[open->count++] = serial;
        }
    }
}

uint8_t credits_known(const struct credits *open, const struct journal_event *told, uint8_t count) {
    struct journal_event event;
    if (open->count > count) {
        return 0;
    }
    for (uint8_t i = 0; i < open->count; i++) {
        if (!journal_read(open->serials[i], &event) || !same(&event, &told[i])) {
            return 0;
        }
    }
    return open->count;
}

bool credits_take(struct credits *open, const struct journal_event *told, uint8_t count) {
    uint8_t known = credits_known(open, told, count);
    if (open->count && !known) { /* it speaks of other things: the ACK had arrived */
        close_all(open);
    }
    bool fresh = known < count;
    for (; known < count && open->count < CREDITS_MAX; known++) {
        uint32_t serial = journal_append(&told[known]);
        if (!serial) {
            return false;
        }
        open->serials[open->count++] = serial;
    }
    if (fresh || !all_durable(open)) {
        return false;
    }
    close_all(open);
    return true;
}
