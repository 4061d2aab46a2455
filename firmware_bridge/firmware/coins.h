/* Coins as the changer tells of them, into the journal. */
#ifndef COINS_H
#define COINS_H

#include <stdbool.h>
#include <stdint.h>

enum { COIN_TYPES = 16 };

void coins_init(void);

/* Value of each type as SETUP told it; 0 = none. */
void coins_set_value(uint8_t type, uint32_t value);
uint32_t coins_value(uint8_t type);
const uint32_t *coins_values(void);

/* Bytes that one thing told by POLL takes. */
uint8_t coins_length(uint8_t told);

/* Take a POLL answer; return whether to acknowledge it. `any` tells whether there was a coin in it. */
bool coins_take_poll(const uint8_t *answer, uint8_t count, bool *any);
void coins_take_empty_poll(void);

/* Coins leave the tubes: the same count may now be told of another coin. */
void coins_go_out(void);

/* The changer has lost its memory. */
void coins_forget(void);

#endif
