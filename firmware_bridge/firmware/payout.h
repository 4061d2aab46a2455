/* Paying out from the changer's tubes, once per key, by the tubes' own count.
 *
 * PAYOUT_STARTED (with what the tubes held) is written before the first coin is ordered. A group of coins of one type is
 * ordered at a time and never again: after each the tubes are counted, and what is missing there has come out. After a
 * power cut the same difference gives PAYOUT_DONE; what was not paid the host still owes. */
#ifndef PAYOUT_H
#define PAYOUT_H

#include <stdbool.h>
#include <stdint.h>

void payout_init(void);

/* Begin; returns an enum code (OK also for a key that was paid: its PAYOUT_DONE is in the journal). */
uint8_t payout_begin(uint32_t key, uint32_t value);

/* Order no further coins. */
void payout_stop(void);

/* Whether a payout is open: no coins are let in meanwhile. */
bool payout_is_open(void);

/* The tubes were counted, while the changer was at rest and no coin is let in. */
void payout_take_tubes(uint32_t held, const uint8_t *counts, const uint32_t *values);

/* Whether the tubes should be counted now. */
bool payout_wants_tubes(void);

/* The group that is due: coin type in the low, number in the high half; 0 = none. */
uint8_t payout_group(void);
void payout_group_sent(void);

#endif
