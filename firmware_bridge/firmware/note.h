/* The note at the validator, from escrow to cassette or back.
 *
 * It is taken in written steps: NOTE_STACKING (with the cassette's count) before the order goes out, NOTE_STACKED or
 * NOTE_RETURNED before the validator's word is acknowledged. After a power cut an open NOTE_STACKING is settled by what
 * the validator still has to tell, else by the cassette's count. */
#ifndef NOTE_H
#define NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

enum { NOTE_TYPES = 16 };

void note_init(void);

/* Value of each type as SETUP told it. */
void note_set_value(uint8_t type, uint32_t value);
uint32_t note_value(uint8_t type);

/* The host's decision; returns an enum code. */
uint8_t note_decide(uint8_t decision);

/* Give back what is in escrow, if anything is. */
void note_give_back(void);

/* Take a POLL answer; return whether to acknowledge it. A note that comes while none are let in goes back. */
bool note_take_poll(const uint8_t *answer, uint8_t count, bool let_in, uint32_t now_ms);
void note_take_empty_poll(void);

/* The order that is due: an enum escrow, or NOTE_NO_ORDER. */
enum { NOTE_NO_ORDER = 0xFF };
uint8_t note_order(void);
void note_order_taken(void);
void note_order_refused(void);

/* The validator has lost its memory. */
void note_forget(void);

/* Whether STACKER should be asked, and its answer. */
bool note_wants_count(void);
void note_take_count(uint16_t count);

/* A note whose stacking was ordered and has not found its end. */
bool note_is_stacking(void);

/* End it by the cassette's count; false while the journal has no room. */
bool note_settle_by_count(void);

/* Whether the note has been under way too long (30 s). */
bool note_is_overdue(uint32_t now_ms);

void note_report(struct note_report *out);

#endif
