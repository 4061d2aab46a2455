#include "cobs.h"

uint8_t cobs_encode(const uint8_t *in, uint8_t count, uint8_t *out) {
    uint8_t mark = 0;
    for (uint8_t at = 0; at < count; at++) {
        if (in[at]) {
            out[at + 1] = in[at];
        } else {
            out[mark] = (uint8_t)(at + 1 - mark);
            mark = (uint8_t)(at + 1);
        }
    }
    out[mark] = (uint8_t)(count + 1 - mark);
    return (uint8_t)(count + 1);
}

uint8_t cobs_decode(uint8_t *bytes, uint8_t count) {
    uint8_t mark = 0;
    while (mark < count) {
        uint8_t step = bytes[mark];
        if (!step || step > count - mark) {
            return 0;
        }
        bytes[mark] = 0;
        mark = (uint8_t)(mark + step);
    }
    for (uint8_t at = 1; at < count; at++) {
        bytes[at - 1] = bytes[at];
    }
    return count ? (uint8_t)(count - 1) : 0;
}
