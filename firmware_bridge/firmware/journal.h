/* Events of money in non-volatile memory.
 *
 * A ring of records, each with a serial and a CRC; record n lies in slot n mod 128, so every slot wears alike (100,000
 * writes a cell make 12 million events) and a write that power cuts short spoils only the record that was not yet
 * promised to anybody. What the host has confirmed is a ring of its own, of which the highest whole entry counts. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    JOURNAL_SLOTS = 128,
    JOURNAL_TIGHT = 96, /* unconfirmed events at which no more money is let in */
};

struct journal_event {
    uint32_t serial;
    uint8_t kind;   /* enum event_kind */
    uint8_t source; /* coin or note type, pulses */
    uint32_t value; /* in the currency's smallest unit */
    uint32_t key;   /* the host's key of a payout or sale */
    uint32_t detail;
};

/* Find the newest record and what was confirmed. */
void journal_init(void);

/* Take the next serial and begin to write; 0 = no room (the caller tries again). */
uint32_t journal_append(const struct journal_event *event);

/* Whether this serial has been written to the last byte. */
bool journal_durable(uint32_t serial);

/* Note that the part which told of it knows that we know (one byte, see credits.h), and ask for that note. */
void journal_acknowledge(uint32_t serial);
bool journal_acknowledged(uint32_t serial);

/* The host's ledger holds all up to this serial; false where there is no such serial yet. */
bool journal_confirm(uint32_t serial);

bool journal_read(uint32_t serial, struct journal_event *event);
uint32_t journal_last(void);
uint32_t journal_confirmed(void);

/* Newest serial whose kind is in `kinds` (bit n = kind n) and, unless 0, whose key is `key`; 0 = none in the ring. */
uint32_t journal_find(uint32_t kinds, uint32_t key, struct journal_event *event);

/* Whether acceptors must stay shut until the host confirms. */
bool journal_is_tight(void);

/* Number of this counter of events; 0 until the first host gives one. */
uint32_t journal_epoch(void);
void journal_adopt_epoch(uint32_t epoch);

/* Go on writing. */
void journal_step(void);

#endif
