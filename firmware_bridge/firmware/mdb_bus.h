/* One exchange on the MDB/ICP bus at a time: block out, answer in (MDB/ICP 4.2 section 2 and 3).
 *
 * The bus master never waits: `mdb_bus_step` tells when the answer has come or the peripheral was silent. */
#ifndef MDB_BUS_H
#define MDB_BUS_H

#include <stdbool.h>
#include <stdint.h>

enum { MDB_BLOCK_MAX = 36 };

enum mdb_outcome {
    MDB_PENDING, /* not yet, or nothing asked */
    MDB_ACKED,   /* ACK: taken, nothing to tell */
    MDB_DATA,    /* a block with a right checksum; ACK it within 5 ms or stay silent */
    MDB_NAKED,   /* NAK */
    MDB_SILENT,  /* nothing within t-response */
    MDB_GARBLED, /* wrong checksum or a gap; NAKed already */
};

void mdb_bus_init(void);

/* Send address and data; the checksum is added. Only while `mdb_bus_is_free`. */
void mdb_bus_send(const uint8_t *block, uint8_t count);
bool mdb_bus_is_free(void);

enum mdb_outcome mdb_bus_step(uint32_t now_ms);

/* The answer without its checksum, until the next send. */
const uint8_t *mdb_bus_answer(uint8_t *count);

/* Acknowledge the answer; without it the peripheral tells the same again at the next POLL (section 2.4: the 5 ms
 * time-out is the equivalent of a NAK). */
void mdb_bus_ack(void);

#endif
