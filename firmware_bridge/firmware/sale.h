/* The cashless sale: asked, approved, then committed or refunded by the host's word.
 *
 * VEND_APPROVED is written before it is acknowledged, VEND_COMMITTED or VEND_REFUNDED when the reader took the order and
 * did not contradict at the POLL after it. A reader that was reset in between did as it saw fit: VEND_UNKNOWN, and a
 * person looks. */
#ifndef SALE_H
#define SALE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

void sale_init(void);

/* One sale a key: whoever asks again for a key that was asked for is answered OK, also while nothing can be sold. */
bool sale_was_asked(uint32_t of_key);

/* Each returns an enum code. A sale waits for its card. */
uint8_t sale_ask(uint32_t key, uint32_t value, uint32_t scale);
uint8_t sale_settle(uint32_t key, bool commit);

/* Cancel what is not approved. */
void sale_rest(void);

/* Write the order that is due behind the command byte; return its length, 0 = none. */
uint8_t sale_order(uint8_t *block, uint32_t scale);

/* The reader has acknowledged an order, or may have. */
void sale_order_taken(uint8_t order);
void sale_order_unsure(uint8_t order);

/* Take what POLL or an order was answered with; return whether to acknowledge it. */
bool sale_take(const uint8_t *answer, uint8_t count, uint32_t scale);
void sale_take_empty_poll(void);

/* One thing told, of those that concern the sale; `let_in` = cards are wanted. */
void sale_see(uint8_t told, bool let_in);

/* Bytes that one thing told takes at level 1. */
uint8_t sale_length(uint8_t told, uint8_t left);

/* The reader could not restore the funds. */
void sale_refund_failed(void);

/* The reader has lost its memory; a sale that waits for its card goes on waiting. */
void sale_forget(void);

/* Write down what could not be written at once. */
void sale_step(void);

/* An approved sale waits for the host: the reader must not be reset. */
bool sale_is_approved(void);

/* A card or a sale is there. */
bool sale_is_busy(void);

/* The reader has been told that the session is over, and has not yet said so itself. */
bool sale_is_ending(void);

void sale_report(struct vend_report *out, bool is_on);

#endif
