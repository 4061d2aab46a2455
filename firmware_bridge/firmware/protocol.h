/* The wire between host and board: codes and messages.
 * Made by firmware_bridge/generate.py from protocol.toml; do not edit. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

enum { PROTOCOL_VERSION = 2, LEASE_MS = 2000 };

enum frame {
    FRAME_SYN = 1, /* host opens a session; body Hello */
    FRAME_SYN_ACK = 2, /* board agrees; body Identity */
    FRAME_RST = 3, /* board has no such session */
    FRAME_DATA = 4, /* one message, numbered; repeated until its ACK comes */
    FRAME_ACK = 5, /* the DATA of this number was taken */
};

enum capable_of {
    CAPABLE_OF_NOTES = 1, /* bill validator 30h */
    CAPABLE_OF_COINS = 2, /* coin changer 08h */
    CAPABLE_OF_CASHLESS = 4, /* cashless reader 10h */
    CAPABLE_OF_PULSE = 8, /* pulse coin acceptor */
    CAPABLE_OF_MOTOR = 16, /* dispenser motor */
    CAPABLE_OF_LAMP = 32, /* lamp ring */
    CAPABLE_OF_LOCK = 64, /* door lock */
};

enum event_kind {
    EVENT_KIND_COIN_TUBE = 1, /* coin taken, lies in a tube; source = coin type */
    EVENT_KIND_COIN_BOX = 2, /* coin taken, lies in the cash box; source = coin type */
    EVENT_KIND_COIN_PULSED = 3, /* coin of the pulse acceptor; source = pulses */
    EVENT_KIND_NOTE_STACKING = 4, /* the order to stack went out; no credit yet; source = note type */
    EVENT_KIND_NOTE_STACKED = 5, /* note lies in the cassette: credit; source = note type */
    EVENT_KIND_NOTE_RETURNED = 6, /* note was given back; source = note type */
    EVENT_KIND_PAYOUT_STARTED = 7, /* coins begin to come out; value = wanted, key = the host's */
    EVENT_KIND_PAYOUT_DONE = 8, /* value = what came out by the tubes' own count */
    EVENT_KIND_COIN_HANDED_OUT = 9, /* coins taken out by the changer's own buttons; source = coin type */
    EVENT_KIND_VEND_APPROVED = 10, /* the reader holds the amount; key = the host's */
    EVENT_KIND_VEND_REFUNDED = 11, /* the reader gave the amount back */
    EVENT_KIND_VEND_UNKNOWN = 12, /* the reader was reset amid a sale: charged or not, a person must look */
    EVENT_KIND_NOTE_UNKNOWN = 13, /* power failed while a note was being stacked and the cassette was changed: a person must look */
    EVENT_KIND_VEND_COMMITTED = 14, /* the reader was told that the sale is good */
};

enum device {
    DEVICE_VALIDATOR = 0, /* bill validator */
    DEVICE_CHANGER = 1, /* coin changer */
    DEVICE_READER = 2, /* cashless reader */
    DEVICE_PULSE_ACCEPTOR = 3, /* pulse coin acceptor */
    DEVICE_MOTOR = 4, /* dispenser motor */
    DEVICE_BOARD = 5, /* the board itself */
};

enum device_state {
    DEVICE_STATE_ABSENT = 0, /* does not answer */
    DEVICE_STATE_STARTING = 1, /* being reset and set up */
    DEVICE_STATE_INHIBITED = 2, /* ready, takes nothing */
    DEVICE_STATE_ACCEPTING = 3, /* ready, takes money */
    DEVICE_STATE_BUSY = 4, /* money or motor moves, or a sale is under way */
    DEVICE_STATE_FAULT = 5, /* cannot work; `fault` is its own code */
};

enum note_state {
    NOTE_STATE_NONE = 0, /* no note */
    NOTE_STATE_ESCROW = 1, /* held; the host decides */
    NOTE_STATE_STACKING = 2, /* on its way into the cassette */
    NOTE_STATE_RETURNING = 3, /* on its way back */
};

enum vend_state {
    VEND_STATE_OFF = 0, /* reader takes no card */
    VEND_STATE_IDLE = 1, /* waits for a card */
    VEND_STATE_SESSION = 2, /* a card is there, no sale */
    VEND_STATE_ASKED = 3, /* sale asked for */
    VEND_STATE_APPROVED = 4, /* amount held; the host commits or refunds */
    VEND_STATE_DENIED = 5, /* sale refused */
    VEND_STATE_ENDING = 6, /* being closed */
};

enum code {
    CODE_OK = 0, /* done, or begun */
    CODE_NO_LEASE = 1, /* the lease has run out; extend it first */
    CODE_NOT_READY = 2, /* the part is absent, starting or faulty */
    CODE_NOTHING_THERE = 3, /* no note in escrow, no sale, no such key */
    CODE_BUSY = 4, /* the part is at something else */
    CODE_FULL = 5, /* too many events wait for confirmation */
    CODE_BAD = 6, /* unknown command or value out of range */
};

enum escrow {
    ESCROW_RETURN = 0, /* give it back */
    ESCROW_STACK = 1, /* take it for good */
};

enum notice_kind {
    NOTICE_KIND_LEASE_LOST = 1, /* the host was silent; all is in the safe state */
    NOTICE_KIND_NOTE_REJECTED = 2, /* validator pushed a note back; detail = its code */
    NOTICE_KIND_SLUG = 3, /* something that is no coin; detail = how many */
    NOTICE_KIND_RETURN_LEVER = 4, /* the changer's return lever was pressed */
    NOTICE_KIND_COIN_TROUBLE = 5, /* changer's remark; detail = its code */
    NOTICE_KIND_MOTOR_DONE = 6, /* the dispenser has made its turns */
    NOTICE_KIND_MOTOR_JAMMED = 7, /* the dispenser did not come home in time, or the door was opened */
    NOTICE_KIND_REPEATED_EVENT = 8, /* a part told the same event again; it was not counted */
    NOTICE_KIND_CASHLESS_TROUBLE = 9, /* reader's malfunction; detail = its code */
    NOTICE_KIND_WATCHDOG = 10, /* the board was reset by its watchdog */
};

static inline void put_u8(uint8_t *out, uint8_t value) { out[0] = value; }
static inline void put_u16(uint8_t *out, uint16_t value) { out[0] = (uint8_t)value; out[1] = (uint8_t)(value >> 8); }
static inline void put_u32(uint8_t *out, uint32_t value) {
    put_u16(out, (uint16_t)value);
    put_u16(out + 2, (uint16_t)(value >> 16));
}
static inline uint8_t get_u8(const uint8_t *in) { return in[0]; }
static inline uint16_t get_u16(const uint8_t *in) { return (uint16_t)(in[0] | (uint16_t)in[1] << 8); }
static inline uint32_t get_u32(const uint8_t *in) { return get_u16(in) | (uint32_t)get_u16(in + 2) << 16; }

/* Body of SYN. */
enum { MESSAGE_HELLO = 0x00, HELLO_SIZE = 5 };
struct hello {
    uint8_t version;
    uint32_t nonce;
};
static inline void get_hello(const uint8_t *in, struct hello *out) {
    out->version = get_u8(in + 0);
    out->nonce = get_u32(in + 1);
}

/* Body of SYN_ACK: what the board is and how far its counter of events stands. */
enum { MESSAGE_IDENTITY = 0x00, IDENTITY_SIZE = 20 };
struct identity {
    uint8_t version;
    uint32_t build;
    uint16_t capabilities;
    uint32_t epoch;
    uint32_t last_serial;
    uint32_t confirmed;
    uint8_t reset_cause;
};
static inline void put_identity(uint8_t *out, const struct identity *in) {
    put_u8(out + 0, in->version);
    put_u32(out + 1, in->build);
    put_u16(out + 5, in->capabilities);
    put_u32(out + 7, in->epoch);
    put_u32(out + 11, in->last_serial);
    put_u32(out + 15, in->confirmed);
    put_u8(out + 19, in->reset_cause);
}

/* Keep the board working for another two seconds. */
enum { MESSAGE_EXTEND_LEASE = 0x10, EXTEND_LEASE_SIZE = 1 };
struct extend_lease {
    uint8_t tag;
};
static inline void get_extend_lease(const uint8_t *in, struct extend_lease *out) {
    out->tag = get_u8(in + 0);
}

/* The host's ledger holds every event up to this serial. */
enum { MESSAGE_CONFIRM = 0x11, CONFIRM_SIZE = 5 };
struct confirm {
    uint8_t tag;
    uint32_t serial;
};
static inline void get_confirm(const uint8_t *in, struct confirm *out) {
    out->tag = get_u8(in + 0);
    out->serial = get_u32(in + 1);
}

/* Let notes of these types in (bit n = type n); 0 inhibits. */
enum { MESSAGE_ACCEPT_NOTES = 0x12, ACCEPT_NOTES_SIZE = 3 };
struct accept_notes {
    uint8_t tag;
    uint16_t types;
};
static inline void get_accept_notes(const uint8_t *in, struct accept_notes *out) {
    out->tag = get_u8(in + 0);
    out->types = get_u16(in + 1);
}

/* Let coins of these types in; 0 inhibits. `pulse_value` > 0 opens the pulse acceptor too. */
enum { MESSAGE_ACCEPT_COINS = 0x13, ACCEPT_COINS_SIZE = 7 };
struct accept_coins {
    uint8_t tag;
    uint16_t types;
    uint32_t pulse_value;
};
static inline void get_accept_coins(const uint8_t *in, struct accept_coins *out) {
    out->tag = get_u8(in + 0);
    out->types = get_u16(in + 1);
    out->pulse_value = get_u32(in + 3);
}

/* Stack or return the note in escrow. */
enum { MESSAGE_DECIDE_NOTE = 0x14, DECIDE_NOTE_SIZE = 2 };
struct decide_note {
    uint8_t tag;
    uint8_t decision;
};
static inline void get_decide_note(const uint8_t *in, struct decide_note *out) {
    out->tag = get_u8(in + 0);
    out->decision = get_u8(in + 1);
}

/* Pay out up to `value` from the tubes, once per key. */
enum { MESSAGE_DISPENSE = 0x15, DISPENSE_SIZE = 9 };
struct dispense {
    uint8_t tag;
    uint32_t key;
    uint32_t value;
};
static inline void get_dispense(const uint8_t *in, struct dispense *out) {
    out->tag = get_u8(in + 0);
    out->key = get_u32(in + 1);
    out->value = get_u32(in + 5);
}

/* Let the reader take cards, or not. */
enum { MESSAGE_ENABLE_CASHLESS = 0x16, ENABLE_CASHLESS_SIZE = 2 };
struct enable_cashless {
    uint8_t tag;
    uint8_t enabled;
};
static inline void get_enable_cashless(const uint8_t *in, struct enable_cashless *out) {
    out->tag = get_u8(in + 0);
    out->enabled = get_u8(in + 1);
}

/* Ask the reader for this amount, once per key; it starts when a card is there. */
enum { MESSAGE_ASK_VEND = 0x17, ASK_VEND_SIZE = 9 };
struct ask_vend {
    uint8_t tag;
    uint32_t key;
    uint32_t value;
};
static inline void get_ask_vend(const uint8_t *in, struct ask_vend *out) {
    out->tag = get_u8(in + 0);
    out->key = get_u32(in + 1);
    out->value = get_u32(in + 5);
}

/* End the sale of this key: 1 commits it, 0 cancels or refunds it. */
enum { MESSAGE_SETTLE_VEND = 0x18, SETTLE_VEND_SIZE = 6 };
struct settle_vend {
    uint8_t tag;
    uint32_t key;
    uint8_t commit;
};
static inline void get_settle_vend(const uint8_t *in, struct settle_vend *out) {
    out->tag = get_u8(in + 0);
    out->key = get_u32(in + 1);
    out->commit = get_u8(in + 5);
}

/* Colour of the lamp ring, and its quarters that shine: 1 left, 2 right, 4 above, 8 below, as it is looked at. */
enum { MESSAGE_SET_LAMP = 0x20, SET_LAMP_SIZE = 5 };
struct set_lamp {
    uint8_t tag;
    uint8_t red;
    uint8_t green;
    uint8_t blue;
    uint8_t quarters;
};
static inline void get_set_lamp(const uint8_t *in, struct set_lamp *out) {
    out->tag = get_u8(in + 0);
    out->red = get_u8(in + 1);
    out->green = get_u8(in + 2);
    out->blue = get_u8(in + 3);
    out->quarters = get_u8(in + 4);
}

/* 1 holds the bolt back, 0 locks. */
enum { MESSAGE_SET_LOCK = 0x21, SET_LOCK_SIZE = 2 };
struct set_lock {
    uint8_t tag;
    uint8_t unlocked;
};
static inline void get_set_lock(const uint8_t *in, struct set_lock *out) {
    out->tag = get_u8(in + 0);
    out->unlocked = get_u8(in + 1);
}

/* Fan speed; it needs no lease. */
enum { MESSAGE_SET_FAN = 0x22, SET_FAN_SIZE = 2 };
struct set_fan {
    uint8_t tag;
    uint8_t speed;
};
static inline void get_set_fan(const uint8_t *in, struct set_fan *out) {
    out->tag = get_u8(in + 0);
    out->speed = get_u8(in + 1);
}

/* Turn the dispenser; 0 turns stops it. */
enum { MESSAGE_RUN_MOTOR = 0x23, RUN_MOTOR_SIZE = 4 };
struct run_motor {
    uint8_t tag;
    uint8_t turns;
    uint16_t limit_ms;
};
static inline void get_run_motor(const uint8_t *in, struct run_motor *out) {
    out->tag = get_u8(in + 0);
    out->turns = get_u8(in + 1);
    out->limit_ms = get_u16(in + 2);
}

/* Hand over to the boot loader; BUSY while anything moves or the lease is held, FULL while an event waits. */
enum { MESSAGE_ENTER_BOOT = 0x24, ENTER_BOOT_SIZE = 1 };
struct enter_boot {
    uint8_t tag;
};
static inline void get_enter_boot(const uint8_t *in, struct enter_boot *out) {
    out->tag = get_u8(in + 0);
}

/* Ask for a part's table of values; answered by Denominations, then Result. */
enum { MESSAGE_ASK_DENOMINATIONS = 0x30, ASK_DENOMINATIONS_SIZE = 2 };
struct ask_denominations {
    uint8_t tag;
    uint8_t device;
};
static inline void get_ask_denominations(const uint8_t *in, struct ask_denominations *out) {
    out->tag = get_u8(in + 0);
    out->device = get_u8(in + 1);
}

/* Ask for the tubes' levels; answered by Tubes, then Result. */
enum { MESSAGE_ASK_TUBES = 0x31, ASK_TUBES_SIZE = 1 };
struct ask_tubes {
    uint8_t tag;
};
static inline void get_ask_tubes(const uint8_t *in, struct ask_tubes *out) {
    out->tag = get_u8(in + 0);
}

/* Have every state told again. */
enum { MESSAGE_ASK_STATE = 0x32, ASK_STATE_SIZE = 1 };
struct ask_state {
    uint8_t tag;
};
static inline void get_ask_state(const uint8_t *in, struct ask_state *out) {
    out->tag = get_u8(in + 0);
}

/* Nothing but a round trip. */
enum { MESSAGE_ECHO = 0x33, ECHO_SIZE = 5 };
struct echo {
    uint8_t tag;
    uint32_t value;
};
static inline void get_echo(const uint8_t *in, struct echo *out) {
    out->tag = get_u8(in + 0);
    out->value = get_u32(in + 1);
}

/* Answers the command with this tag. */
enum { MESSAGE_RESULT = 0x80, RESULT_SIZE = 2 };
struct result {
    uint8_t tag;
    uint8_t code;
};
static inline void put_result(uint8_t *out, const struct result *in) {
    put_u8(out + 0, in->tag);
    put_u8(out + 1, in->code);
}

/* Money moved; told until it is confirmed. Serials rise by one within an epoch. */
enum { MESSAGE_EVENT = 0x81, EVENT_SIZE = 18 };
struct event {
    uint32_t serial;
    uint8_t kind;
    uint8_t source;
    uint32_t value;
    uint32_t key;
    uint32_t detail;
};
static inline void put_event(uint8_t *out, const struct event *in) {
    put_u32(out + 0, in->serial);
    put_u8(out + 4, in->kind);
    put_u8(out + 5, in->source);
    put_u32(out + 6, in->value);
    put_u32(out + 10, in->key);
    put_u32(out + 14, in->detail);
}

/* State of a part; told when it changes. */
enum { MESSAGE_DEVICE_REPORT = 0x82, DEVICE_REPORT_SIZE = 3 };
struct device_report {
    uint8_t device;
    uint8_t state;
    uint8_t fault;
};
static inline void put_device_report(uint8_t *out, const struct device_report *in) {
    put_u8(out + 0, in->device);
    put_u8(out + 1, in->state);
    put_u8(out + 2, in->fault);
}

/* The note at the validator; told when it changes. */
enum { MESSAGE_NOTE_REPORT = 0x83, NOTE_REPORT_SIZE = 6 };
struct note_report {
    uint8_t state;
    uint8_t source;
    uint32_t value;
};
static inline void put_note_report(uint8_t *out, const struct note_report *in) {
    put_u8(out + 0, in->state);
    put_u8(out + 1, in->source);
    put_u32(out + 2, in->value);
}

/* The cashless sale; told when it changes. */
enum { MESSAGE_VEND_REPORT = 0x84, VEND_REPORT_SIZE = 9 };
struct vend_report {
    uint8_t state;
    uint32_t key;
    uint32_t value;
};
static inline void put_vend_report(uint8_t *out, const struct vend_report *in) {
    put_u8(out + 0, in->state);
    put_u32(out + 1, in->key);
    put_u32(out + 5, in->value);
}

/* Levels of the inputs, 1 = open, tampered with, present, pressed; told when one changes. */
enum { MESSAGE_SENSORS = 0x85, SENSORS_SIZE = 5 };
struct sensors {
    uint8_t door;
    uint8_t tamper;
    uint8_t paper;
    uint8_t button;
    uint8_t unlocked;
};
static inline void put_sensors(uint8_t *out, const struct sensors *in) {
    put_u8(out + 0, in->door);
    put_u8(out + 1, in->tamper);
    put_u8(out + 2, in->paper);
    put_u8(out + 3, in->button);
    put_u8(out + 4, in->unlocked);
}

/* A passing remark. */
enum { MESSAGE_NOTICE = 0x86, NOTICE_SIZE = 3 };
struct notice {
    uint8_t device;
    uint8_t kind;
    uint8_t detail;
};
static inline void put_notice(uint8_t *out, const struct notice *in) {
    put_u8(out + 0, in->device);
    put_u8(out + 1, in->kind);
    put_u8(out + 2, in->detail);
}

/* Value of each type in the currency's smallest unit (đồng); 0 = no such type. */
enum { MESSAGE_DENOMINATIONS = 0x87, DENOMINATIONS_SIZE = 66 };
struct denominations {
    uint8_t tag;
    uint8_t device;
    uint32_t values[16];
};
static inline void put_denominations(uint8_t *out, const struct denominations *in) {
    put_u8(out + 0, in->tag);
    put_u8(out + 1, in->device);
    for (uint8_t i = 0; i < 16; i++) put_u32(out + 2 + 4 * i, in->values[i]);
}

/* Coins in each tube, and which tubes are full (bit n = type n). */
enum { MESSAGE_TUBES = 0x88, TUBES_SIZE = 19 };
struct tubes {
    uint8_t tag;
    uint16_t full;
    uint8_t counts[16];
};
static inline void put_tubes(uint8_t *out, const struct tubes *in) {
    put_u8(out + 0, in->tag);
    put_u16(out + 1, in->full);
    for (uint8_t i = 0; i < 16; i++) put_u8(out + 3 + 1 * i, in->counts[i]);
}

#endif
