#include "hal_host.h"

#include <string.h>

enum { HOST_RING = 4096, ROOM = 255, BYTE_MS = 3 };

static uint32_t now_ms;
static uint8_t from_host[HOST_RING], to_host[HOST_RING];
static uint16_t from_head, from_tail, to_count;
static uint16_t mdb_words[256];
static uint8_t mdb_head, mdb_tail;
static bool inputs[HAL_INPUTS], outputs[HAL_OUTPUTS];
static uint8_t levels[HAL_LEVELS];
static uint8_t nvm[HAL_NVM_SIZE];
static uint8_t write_bytes[HAL_NVM_WRITE_MAX], write_left, write_next;
static uint16_t write_at;
static uint32_t write_ms;
static struct hal_retained retained;

bool host_in_boot;
void (*host_mdb_heard)(uint16_t word);

void hal_enter_boot(void) {
    host_in_boot = true;
}

void host_power_on(bool blank) {
    host_in_boot = false;
    if (blank) {
        memset(nvm, 0xFF, sizeof nvm);
    }
    memset(&retained, 0x5A, sizeof retained);
    memset(inputs, 0, sizeof inputs);
    memset(outputs, 0, sizeof outputs);
    from_head = from_tail = to_count = 0;
    mdb_head = mdb_tail = write_left = write_next = 0;
}

static void program(void) {
    while (write_left && now_ms - write_ms >= BYTE_MS) {
        nvm[write_at++] = write_bytes[write_next++];
        write_left--;
        write_ms += BYTE_MS;
    }
}

void host_advance(uint32_t ms) {
    now_ms += ms;
    program();
}

void host_feed(uint8_t byte) {
    if ((from_head + 1) % HOST_RING != from_tail) {
        from_host[from_head] = byte;
        from_head = (uint16_t)((from_head + 1) % HOST_RING);
    }
}

uint16_t host_sent(uint8_t *bytes, uint16_t max) {
    uint16_t count = to_count < max ? to_count : max;
    memcpy(bytes, to_host, count);
    memmove(to_host, to_host + count, (size_t)(to_count - count));
    to_count = (uint16_t)(to_count - count);
    return count;
}

void host_mdb_say(uint16_t word) {
    mdb_words[mdb_head++] = word;
}

void host_set_input(enum hal_input pin, bool level) {
    inputs[pin] = level;
}

bool host_output(enum hal_output pin) {
    return outputs[pin];
}

uint8_t host_level(enum hal_level channel) {
    return levels[channel];
}

uint8_t *host_nvm(void) {
    return nvm;
}

void hal_init(void) {
}

uint32_t hal_millis(void) {
    return now_ms;
}

bool hal_reset_by_watchdog(void) {
    return false;
}

void hal_kick_watchdog(void) {
}

void hal_idle(void) {
}

bool hal_host_get(uint8_t *byte) {
    if (from_head == from_tail) {
        return false;
    }
    *byte = from_host[from_tail];
    from_tail = (uint16_t)((from_tail + 1) % HOST_RING);
    return true;
}

uint8_t hal_host_room(void) {
    uint16_t room = (uint16_t)(HOST_RING - to_count);
    return room < ROOM ? (uint8_t)room : ROOM;
}

void hal_host_put(uint8_t byte) {
    if (to_count < HOST_RING) {
        to_host[to_count++] = byte;
    }
}

bool hal_mdb_get(uint16_t *word) {
    if (mdb_head == mdb_tail) {
        return false;
    }
    *word = mdb_words[mdb_tail++];
    return true;
}

void hal_mdb_put(uint16_t word) {
    if (host_mdb_heard) {
        host_mdb_heard(word);
    }
}

bool hal_mdb_sent(void) {
    return true;
}

bool hal_input(enum hal_input pin) {
    return inputs[pin];
}

void hal_output(enum hal_output pin, bool on) {
    outputs[pin] = on;
}

void hal_level(enum hal_level channel, uint8_t value) {
    levels[channel] = value;
}

/* What will be there when the write under way has ended. */
void hal_nvm_read(uint16_t at, void *bytes, uint8_t count) {
    uint8_t *out = bytes;
    for (uint8_t i = 0; i < count; i++) {
        uint16_t here = (uint16_t)(at + i);
        bool coming = write_left && here >= write_at && here < write_at + write_left;
        out[i] = coming ? write_bytes[write_next + here - write_at] : nvm[here];
    }
}

bool hal_nvm_write(uint16_t at, const void *bytes, uint8_t count) {
    if (write_left || !count || count > HAL_NVM_WRITE_MAX) {
        return false;
    }
    memcpy(write_bytes, bytes, count);
    write_at = at;
    write_left = count;
    write_next = 0;
    write_ms = now_ms;
    return true;
}

bool hal_nvm_busy(void) {
    return write_left != 0;
}

struct hal_retained *hal_retained(void) {
    return &retained;
}
