/* Validator and changer in miniature, for unit tests: they answer as MDB/ICP wants, repeat what is not taken, and
 * can be put off. */
#ifndef MACHINES_H
#define MACHINES_H

#include <stdbool.h>
#include <stdint.h>

struct machine {
    bool present, just_reset, deaf;
    uint8_t events[16];       /* what POLL tells next */
    uint8_t event_count;
    unsigned acknowledged;    /* POLL answers that were acknowledged */
    unsigned drop_acks;       /* acknowledgements that noise destroys */
    unsigned garble;          /* answers with a wrong checksum */
};

extern struct machine validator, changer;
extern uint16_t cassette_count, types_enabled, coins_enabled;
extern uint8_t tube_counts[16];
extern bool note_held;
extern unsigned resets_heard, orders_to_stack, orders_to_return, ack_late_ms;
extern bool stack_silently; /* the stack happens, but power fails before it is told */

void machines_begin(void);

/* A note of this type comes into escrow; a coin into tube or box. */
void machines_note(uint8_t type);
void machines_coin(uint8_t type, bool tube);

/* The validator stacks the note in escrow by itself, as some do at power-up. */
void machines_stack_unasked(void);

/* Its power fails and comes back: what it had to tell is forgotten. */
void machine_power_cycle(struct machine *machine);

#endif
