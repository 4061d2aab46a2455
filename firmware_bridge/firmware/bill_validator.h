/* The bill validator at 30h (MDB/ICP 4.2 section 6), always with escrow: the host decides on every note (see note.h).
 *
 * After a reset of ours a validator that is awake is not reset: it is asked for its table, shut, heard to the end, and
 * told to give back what it may hold. */
#ifndef BILL_VALIDATOR_H
#define BILL_VALIDATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "mdb.h"
#include "protocol.h"

extern const struct mdb_peripheral bill_validator;

void bill_validator_init(void);

/* Give back what is in escrow and let nothing in. */
void bill_validator_rest(void);

/* Let notes of these types in; returns an enum code. */
uint8_t bill_validator_accept(uint16_t types);

/* enum device_state, and the code of its fault. */
uint8_t bill_validator_state(void);
uint8_t bill_validator_fault(void);

#endif
