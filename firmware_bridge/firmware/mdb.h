/* The turns on the MDB bus: each peripheral is asked every 100 ms (the specification wants 25 to 200). */
#ifndef MDB_H
#define MDB_H

#include <stdbool.h>
#include <stdint.h>

#include "mdb_bus.h"

/* What a peripheral's module gives to the bus. */
struct mdb_peripheral {
    /* Write the next command into `block` (MDB_BLOCK_MAX); return its length, 0 = nothing to ask now. */
    uint8_t (*ask)(uint8_t *block, uint32_t now_ms);
    /* Take the answer; return whether to acknowledge it (only MDB_DATA can be). */
    bool (*take)(enum mdb_outcome outcome, const uint8_t *answer, uint8_t count, uint32_t now_ms);
    /* Nothing was heard for `non_response_ms`. */
    void (*lost)(uint32_t now_ms);
    uint16_t non_response_ms;
};

void mdb_init(uint32_t now_ms);
void mdb_step(uint32_t now_ms);

#endif
