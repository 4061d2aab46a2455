/* The cashless reader at 10h (MDB/ICP 4.2 section 7), spoken to at level 1; the sale itself is in sale.h. */
#ifndef CASHLESS_H
#define CASHLESS_H

#include <stdbool.h>
#include <stdint.h>

#include "mdb.h"
#include "protocol.h"

extern const struct mdb_peripheral cashless;

void cashless_init(void);

/* Take no card; a sale that is only asked for is cancelled, an approved one waits for the host. */
void cashless_rest(void);

/* Each returns an enum code. */
uint8_t cashless_enable(bool enabled);
uint8_t cashless_ask(uint32_t key, uint32_t value);

/* enum device_state, the code of its fault, and the sale. */
uint8_t cashless_state(void);
uint8_t cashless_fault(void);
void cashless_vend(struct vend_report *out);

#endif
