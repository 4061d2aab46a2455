#include "host.h"

#include <string.h>

#include "check.h"
#include "cobs.h"
#include "crc.h"
#include "hal_host.h"

bool host_acking = true;
unsigned host_frames[8];
struct told host_events[256];
unsigned host_event_count, host_event_tellings;

static uint8_t messages[256][96];
static uint16_t session;
static uint8_t out_seq, in_seq;
static uint8_t partial[256];
static unsigned partial_count;

void host_forget(void) {
    memset(host_frames, 0, sizeof host_frames);
    memset(messages, 0, sizeof messages);
    host_event_count = host_event_tellings = partial_count = 0;
    host_acking = true;
}

void host_frame(uint8_t kind, uint16_t number, uint8_t seq, const uint8_t *body, uint8_t count) {
    uint8_t frame[128], stuffed[130];
    frame[0] = kind;
    put_u16(frame + 1, number);
    frame[3] = seq;
    memcpy(frame + 4, body, count);
    put_u16(frame + 4 + count, crc_of(frame, (uint8_t)(4 + count)));
    uint8_t length = cobs_encode(frame, (uint8_t)(count + 6), stuffed);
    for (uint8_t i = 0; i < length; i++) {
        host_feed(stuffed[i]);
    }
    host_feed(0);
}

static void take_event(const uint8_t *body) {
    uint32_t serial = get_u32(body);
    host_event_tellings++;
    for (unsigned i = 0; i < host_event_count; i++) {
        if (host_events[i].serial == serial) {
            CHECK(host_events[i].value == get_u32(body + 6));
            return;
        }
    }
    host_events[host_event_count++] = (struct told){
        .serial = serial, .kind = body[4], .value = get_u32(body + 6), .key = get_u32(body + 10), .detail = get_u32(body + 14)};
}

static void take_frame(uint8_t *stuffed, uint8_t length) {
    uint8_t count = cobs_decode(stuffed, length);
    CHECK(count >= 6 && crc_of(stuffed, (uint8_t)(count - 2)) == get_u16(stuffed + count - 2));
    host_frames[stuffed[0]]++;
    if (stuffed[0] != FRAME_DATA || !host_acking || get_u16(stuffed + 1) != session) {
        return;
    }
    host_frame(FRAME_ACK, session, stuffed[3], stuffed, 0);
    if (stuffed[3] == in_seq) {
        in_seq++;
        memcpy(messages[stuffed[4]], stuffed + 5, (size_t)(count - 7));
        messages[stuffed[4]][95] = 1;
        if (stuffed[4] == MESSAGE_EVENT) {
            take_event(stuffed + 5);
        }
    }
}

void host_listen(void) {
    uint8_t bytes[512];
    uint16_t count = host_sent(bytes, sizeof bytes);
    for (uint16_t i = 0; i < count; i++) {
        if (bytes[i]) {
            partial[partial_count++ % sizeof partial] = bytes[i];
        } else {
            take_frame(partial, (uint8_t)partial_count);
            partial_count = 0;
        }
    }
}

const uint8_t *host_last(uint8_t code) {
    return messages[code][95] ? messages[code] : NULL;
}

void host_open(uint16_t number) {
    uint8_t hello[HELLO_SIZE] = {PROTOCOL_VERSION, 0x78, 0x56, 0x34, 0x12};
    session = number;
    out_seq = in_seq = 1;
    host_frame(FRAME_SYN, number, 0, hello, sizeof hello);
    run_ms(5);
    CHECK(host_frames[FRAME_SYN_ACK]);
}

uint8_t host_command(uint8_t code, const uint8_t *body, uint8_t count) {
    uint8_t message[64] = {code};
    memcpy(message + 1, body, count);
    messages[MESSAGE_RESULT][95] = 0;
    host_frame(FRAME_DATA, session, out_seq++, message, (uint8_t)(count + 1));
    for (int i = 0; i < 50 && !host_last(MESSAGE_RESULT); i++) {
        run_ms(1);
    }
    return host_last(MESSAGE_RESULT) ? host_last(MESSAGE_RESULT)[1] : 0xFF;
}

uint8_t host_tag_only(uint8_t code) {
    const uint8_t body[] = {7};
    return host_command(code, body, 1);
}

uint8_t host_u16(uint8_t code, uint16_t value) {
    const uint8_t body[] = {7, (uint8_t)value, (uint8_t)(value >> 8)};
    return host_command(code, body, 3);
}

uint32_t host_sum(uint8_t kind) {
    uint32_t sum = 0;
    for (unsigned i = 0; i < host_event_count; i++) {
        sum += host_events[i].kind == kind ? host_events[i].value : 0;
    }
    return sum;
}

unsigned host_count(uint8_t kind) {
    unsigned count = 0;
    for (unsigned i = 0; i < host_event_count; i++) {
        count += host_events[i].kind == kind;
    }
    return count;
}
