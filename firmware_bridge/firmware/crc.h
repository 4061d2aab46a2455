/* CRC-16/CCITT-FALSE: polynomial 1021h, start FFFFh, not reflected; "123456789" gives 29B1h. */
#ifndef CRC_H
#define CRC_H

#include <stdint.h>

enum { CRC_START = 0xFFFF };

uint16_t crc_add(uint16_t crc, uint8_t byte);
uint16_t crc_of(const void *bytes, uint8_t count);

#endif
