#include "link.h"

#include <string.h>

#include "cobs.h"
#include "commands.h"
#include "crc.h"
#include "hal.h"
#include "identity.h"
#include "protocol.h"
#include "reports.h"

enum {
    HEAD = 4, /* kind, session, seq */
    FRAME_MAX = HEAD + LINK_BODY_MAX + 1 + 2,
    REPEAT_MS = 50,
    REPEAT_MAX_MS = 200,
};

/* Ever more slowly, to a limit. */
#define REPEAT_NEXT(ms) ((uint16_t)((ms) < REPEAT_MAX_MS ? 2 * (ms) : (ms)))

struct outgoing {
    uint8_t count; /* code and body */
    uint8_t bytes[1 + LINK_BODY_MAX];
};

static struct outgoing outbox[LINK_OUTBOX];
static uint8_t first, waiting;
static bool under_way;
static uint8_t out_seq, in_seq;
static uint16_t repeat_ms;
static uint32_t sent_ms;
static uint16_t session;
static bool is_open;
static uint8_t incoming[FRAME_MAX + 1];
static uint8_t came;
static bool too_long;
static uint32_t link_ms; /* the time of this round */

void link_init(void) {
    first = waiting = came = 0;
    under_way = is_open = too_long = false;
}

bool link_is_open(void) {
    return is_open;
}

uint8_t link_room(void) {
    return (uint8_t)(LINK_OUTBOX - waiting);
}

void link_send(uint8_t code, const uint8_t *body, uint8_t count) {
    if (waiting == LINK_OUTBOX || count > LINK_BODY_MAX) {
        return;
    }
    struct outgoing *place = &outbox[(first + waiting++) % LINK_OUTBOX];
    place->bytes[0] = code;
    memcpy(place->bytes + 1, body, count);
    place->count = (uint8_t)(count + 1);
}

/* Send one frame if the UART has room for all of it. */
static bool put_frame(uint8_t kind, uint16_t of_session, uint8_t seq, const uint8_t *body, uint8_t count) {
    uint8_t frame[FRAME_MAX], stuffed[FRAME_MAX + 1];
    frame[0] = kind;
    put_u16(frame + 1, of_session);
    frame[3] = seq;
    memcpy(frame + HEAD, body, count);
    put_u16(frame + HEAD + count, crc_of(frame, (uint8_t)(HEAD + count)));
    uint8_t length = cobs_encode(frame, (uint8_t)(HEAD + count + 2), stuffed);
    if (hal_host_room() < length + 1) {
        return false;
    }
    for (uint8_t at = 0; at < length; at++) {
        hal_host_put(stuffed[at]);
    }
    hal_host_put(0);
    return true;
}

static void open_session(uint16_t number) {
    session = number;
    is_open = true;
    first = waiting = 0;
    under_way = false;
    out_seq = in_seq = 1;
    reports_begin();
}

static void take_syn(uint16_t number, const uint8_t *body, uint8_t count) {
    struct hello hello;
    uint8_t answer[IDENTITY_SIZE];
    if (count != HELLO_SIZE) {
        return;
    }
    get_hello(body, &hello);
    if (hello.version == PROTOCOL_VERSION && !(is_open && number == session)) {
        identity_meet(hello.nonce);
        open_session(number);
    }
    identity_put(answer);
    put_frame(FRAME_SYN_ACK, number, 0, answer, IDENTITY_SIZE);
}

static void take_data(uint16_t number, uint8_t seq, const uint8_t *body, uint8_t count) {
    if (!is_open || number != session) {
        put_frame(FRAME_RST, number, 0, body, 0);
        return;
    }
    if (seq == in_seq && count && commands_take(body[0], body + 1, (uint8_t)(count - 1), link_ms)) {
        in_seq++;
    }
    if (seq == (uint8_t)(in_seq - 1)) {
        put_frame(FRAME_ACK, session, seq, body, 0);
    }
}

static void take_ack(uint16_t number, uint8_t seq) {
    if (is_open && number == session && under_way && seq == out_seq) {
        out_seq++;
        under_way = false;
        first = (uint8_t)((first + 1) % LINK_OUTBOX);
        waiting--;
    }
}

static void take_frame(const uint8_t *frame, uint8_t count) {
    if (count < HEAD + 2 || crc_of(frame, (uint8_t)(count - 2)) != get_u16(frame + count - 2)) {
        return;
    }
    uint16_t number = get_u16(frame + 1);
    uint8_t body = (uint8_t)(count - HEAD - 2);
    switch (frame[0]) {
    case FRAME_SYN: take_syn(number, frame + HEAD, body); break;
    case FRAME_DATA: take_data(number, frame[3], frame + HEAD, body); break;
    case FRAME_ACK: take_ack(number, frame[3]); break;
    default: break;
    }
}

static void take_byte(uint8_t byte) {
    if (byte) {
        if (came < sizeof incoming) {
            incoming[came++] = byte;
        } else {
            too_long = true;
        }
        return;
    }
    if (came && !too_long) {
        take_frame(incoming, cobs_decode(incoming, came));
    }
    came = 0;
    too_long = false;
}

static void send_next(uint32_t now_ms) {
    const struct outgoing *next = &outbox[first];
    if (!waiting || (under_way && now_ms - sent_ms < repeat_ms)) {
        return;
    }
    if (put_frame(FRAME_DATA, session, out_seq, next->bytes, next->count)) {
        repeat_ms = under_way ? REPEAT_NEXT(repeat_ms) : REPEAT_MS;
        under_way = true;
        sent_ms = now_ms;
    }
}

void link_step(uint32_t now_ms) {
    uint8_t byte;
    link_ms = now_ms;
    while (hal_host_get(&byte)) {
        take_byte(byte);
    }
    if (is_open) {
        send_next(now_ms);
    }
}
