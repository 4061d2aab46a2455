/* The coin changer at 08h (MDB/ICP 4.2 section 5): coins in, tubes, coins out. */
#ifndef COIN_CHANGER_H
#define COIN_CHANGER_H

#include <stdbool.h>
#include <stdint.h>

#include "mdb.h"
#include "protocol.h"

extern const struct mdb_peripheral coin_changer;

void coin_changer_init(void);

/* Let no coin in, pay no more out. */
void coin_changer_rest(void);

/* Each returns an enum code. */
uint8_t coin_changer_accept(uint16_t types);
uint8_t coin_changer_dispense(uint32_t key, uint32_t value);

uint8_t coin_changer_state(void);
uint8_t coin_changer_fault(void);

/* The tubes as last counted. */
void coin_changer_tubes(struct tubes *out);
bool coin_changer_is_running(void);

#endif
