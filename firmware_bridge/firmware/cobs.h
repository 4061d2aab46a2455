/* Consistent overhead byte stuffing (Cheshire & Baker 1999) of under 254 bytes: one byte more, no zero inside. */
#ifndef COBS_H
#define COBS_H

#include <stdint.h>

/* Stuff `count` (< 254) bytes into `out` (count + 1), without the frame's closing zero; return the new count. */
uint8_t cobs_encode(const uint8_t *in, uint8_t count, uint8_t *out);

/* Undo it in place; return the new count, 0 where the bytes are no stuffed frame. */
uint8_t cobs_decode(uint8_t *bytes, uint8_t count);

#endif
