#include "journal.h"

#include <string.h>

#include "crc.h"
#include "hal.h"
#include "protocol.h"

enum {
    EPOCH_AT = 0, /* two copies, 16 bytes apart */
    EPOCH_COPIES = 2,
    CONFIRM_AT = 32,
    CONFIRM_SLOTS = 64,
    CONFIRM_ENTRY = 8,
    RECORD_AT = 1024,
    RECORD_STRIDE = 24,
    RECORD_SIZE = 21, /* mark, serial, kind, source, value, key, detail, CRC */
    QUEUE = 8,
    MARK_CLEAR = 0xFF, /* written with the record, first, so that no old mark can be taken for a new one */
    MARK_SET = 0x00,
    RESERVE = 2, /* slots never used, so that the oldest unconfirmed record is not under the pen */
};

static struct journal_event queue[QUEUE]; /* appended, not yet written; the first is being written */
static uint8_t queued;
static uint32_t marks[QUEUE];
static uint8_t marked;
static uint32_t last, confirmed, confirm_written;
static uint8_t confirm_slot;
static uint32_t epoch;
static uint8_t epoch_copies;
static enum { WRITING_NOTHING, WRITING_RECORD, WRITING_OTHER } writing;

static uint16_t record_at(uint32_t serial) {
    return (uint16_t)(RECORD_AT + serial % JOURNAL_SLOTS * RECORD_STRIDE);
}

static void pack(const struct journal_event *event, uint8_t *record) {
    record[0] = MARK_CLEAR;
    put_u32(record + 1, event->serial);
    record[5] = event->kind;
    record[6] = event->source;
    put_u32(record + 7, event->value);
    put_u32(record + 11, event->key);
    put_u32(record + 15, event->detail);
    put_u16(record + 19, crc_of(record + 1, 18));
}

static bool unpack(const uint8_t *record, struct journal_event *event) {
    event->serial = get_u32(record + 1);
    event->kind = record[5];
    event->source = record[6];
    event->value = get_u32(record + 7);
    event->key = get_u32(record + 11);
    event->detail = get_u32(record + 15);
    return crc_of(record + 1, 18) == get_u16(record + 19);
}

static bool read_slot(uint8_t slot, struct journal_event *event) {
    uint8_t record[RECORD_SIZE];
    hal_nvm_read((uint16_t)(RECORD_AT + slot * RECORD_STRIDE), record, RECORD_SIZE);
    return unpack(record, event) && event->serial && event->serial % JOURNAL_SLOTS == slot;
}

static void find_last(void) {
    struct journal_event event;
    last = 0;
    for (uint8_t slot = 0; slot < JOURNAL_SLOTS; slot++) {
        if (read_slot(slot, &event) && event.serial > last) {
            last = event.serial;
        }
    }
}

static void find_confirmed(void) {
    uint8_t entry[CONFIRM_ENTRY];
    confirmed = confirm_slot = 0;
    for (uint8_t slot = 0; slot < CONFIRM_SLOTS; slot++) {
        hal_nvm_read((uint16_t)(CONFIRM_AT + slot * CONFIRM_ENTRY), entry, CONFIRM_ENTRY);
        if (crc_of(entry, 4) == get_u16(entry + 4) && get_u32(entry) >= confirmed) {
            confirmed = get_u32(entry);
            confirm_slot = (uint8_t)((slot + 1) % CONFIRM_SLOTS);
        }
    }
    confirm_written = confirmed;
}

static void find_epoch(void) {
    uint8_t entry[6];
    epoch = epoch_copies = 0;
    for (uint8_t copy = 0; copy < EPOCH_COPIES; copy++) {
        hal_nvm_read((uint16_t)(EPOCH_AT + copy * 16), entry, sizeof entry);
        if (crc_of(entry, 4) == get_u16(entry + 4)) {
            epoch = get_u32(entry);
            epoch_copies = EPOCH_COPIES;
        }
    }
}

void journal_init(void) {
    queued = marked = 0;
    writing = WRITING_NOTHING;
    find_last();
    find_confirmed();
    find_epoch();
    if (last < confirmed) { /* a damaged ring must not use a serial twice */
        last = confirmed;
    }
}

uint32_t journal_append(const struct journal_event *event) {
    if (queued == QUEUE || last - confirm_written >= JOURNAL_SLOTS - RESERVE) {
        return 0;
    }
    queue[queued] = *event;
    queue[queued++].serial = ++last;
    return last;
}

bool journal_durable(uint32_t serial) {
    return serial <= last - queued;
}

void journal_acknowledge(uint32_t serial) {
    if (marked < QUEUE) {
        marks[marked++] = serial;
    }
}

bool journal_acknowledged(uint32_t serial) {
    uint8_t mark;
    for (uint8_t i = 0; i < marked; i++) {
        if (marks[i] == serial) {
            return true;
        }
    }
    hal_nvm_read(record_at(serial), &mark, 1);
    return mark != MARK_CLEAR;
}

bool journal_confirm(uint32_t serial) {
    if (serial > last - queued) {
        return false;
    }
    if (serial > confirmed) {
        confirmed = serial;
    }
    return true;
}

bool journal_read(uint32_t serial, struct journal_event *event) {
    if (!serial || serial > last) {
        return false;
    }
    if (!journal_durable(serial)) {
        *event = queue[serial - (last - queued) - 1];
        return true;
    }
    return read_slot((uint8_t)(serial % JOURNAL_SLOTS), event) && event->serial == serial;
}

uint32_t journal_last(void) {
    return last - queued;
}

uint32_t journal_confirmed(void) {
    return confirmed;
}

/* The kind as it stands there: a look that costs little before the record is checked. */
static bool may_be(uint32_t serial, uint32_t kinds) {
    uint8_t kind;
    hal_nvm_read((uint16_t)(record_at(serial) + 5), &kind, 1);
    return !journal_durable(serial) || (kind < 32 && kinds >> kind & 1);
}

uint32_t journal_find(uint32_t kinds, uint32_t key, struct journal_event *event) {
    uint32_t oldest = last > JOURNAL_SLOTS - RESERVE ? last - (JOURNAL_SLOTS - RESERVE) : 0;
    for (uint32_t serial = last; serial > oldest; serial--) {
        if (may_be(serial, kinds) && journal_read(serial, event) && kinds >> event->kind & 1 && (!key || event->key == key)) {
            return serial;
        }
    }
    return 0;
}

bool journal_is_tight(void) {
    return last - confirmed >= JOURNAL_TIGHT;
}

uint32_t journal_epoch(void) {
    return epoch;
}

void journal_adopt_epoch(uint32_t number) {
    if (!epoch) {
        epoch = number ? number : 1;
        epoch_copies = 0;
    }
}

static void write_record(void) {
    uint8_t record[RECORD_SIZE];
    pack(&queue[0], record);
    if (hal_nvm_write(record_at(queue[0].serial), record, RECORD_SIZE)) {
        writing = WRITING_RECORD;
    }
}

static void write_mark(void) {
    static const uint8_t mark = MARK_SET;
    if (hal_nvm_write(record_at(marks[0]), &mark, 1)) {
        memmove(marks, marks + 1, --marked * sizeof marks[0]);
        writing = WRITING_OTHER;
    }
}

static void write_confirm(void) {
    uint8_t entry[CONFIRM_ENTRY] = {0};
    put_u32(entry, confirmed);
    put_u16(entry + 4, crc_of(entry, 4));
    if (hal_nvm_write((uint16_t)(CONFIRM_AT + confirm_slot * CONFIRM_ENTRY), entry, 6)) {
        confirm_slot = (uint8_t)((confirm_slot + 1) % CONFIRM_SLOTS);
        confirm_written = confirmed;
        writing = WRITING_OTHER;
    }
}

static void write_epoch(void) {
    uint8_t entry[6];
    put_u32(entry, epoch);
    put_u16(entry + 4, crc_of(entry, 4));
    if (hal_nvm_write((uint16_t)(EPOCH_AT + epoch_copies * 16), entry, sizeof entry)) {
        epoch_copies++;
        writing = WRITING_OTHER;
    }
}

void journal_step(void) {
    if (hal_nvm_busy()) {
        return;
    }
    if (writing == WRITING_RECORD) {
        memmove(queue, queue + 1, --queued * sizeof queue[0]);
    }
    writing = WRITING_NOTHING;
    if (epoch && epoch_copies < EPOCH_COPIES) { /* first: no event may outlive the number of its counter */
        write_epoch();
    } else if (queued) {
        write_record();
    } else if (marked) {
        write_mark();
    } else if (confirmed != confirm_written) {
        write_confirm();
    }
}
