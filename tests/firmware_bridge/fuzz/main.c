/* Bytes from standard input go into the firmware's host UART, eight a simulated millisecond, while peripherals talk
 * nonsense on the MDB bus; the first error that a sanitizer finds ends it. Prints how many frames it has sent. */
#include <stdio.h>

#include "hal_host.h"
#include "kiosk.h"

enum { BYTES_A_MS = 8 };

static unsigned long sent_frames;
static uint32_t dice = 1;

static uint32_t throw_dice(void) {
    dice ^= dice << 13;
    dice ^= dice >> 17;
    dice ^= dice << 5;
    return dice;
}

/* An answer of up to forty words; three of four have a right checksum. */
static void talk_nonsense(uint16_t word) {
    uint32_t thrown = throw_dice();
    uint8_t count = (uint8_t)(thrown % 40), sum = 0;
    if (thrown >> 8 & 3 || word & MDB_MODE_BIT) {
        return;
    }
    for (uint8_t i = 0; i < count; i++) {
        uint8_t byte = (uint8_t)throw_dice();
        sum = (uint8_t)(sum + byte);
        host_mdb_say(byte);
    }
    host_mdb_say((uint16_t)(MDB_MODE_BIT | (uint8_t)(sum + !(thrown >> 10 & 3))));
}

static void listen(void) {
    uint8_t bytes[512];
    uint16_t count = host_sent(bytes, sizeof bytes);
    for (uint16_t i = 0; i < count; i++) {
        sent_frames += bytes[i] == 0;
    }
}

static void turn_dials(void) {
    uint32_t thrown = throw_dice();
    if (thrown % 64 == 0) {
        host_set_input((enum hal_input)(thrown >> 8 & 7) % HAL_INPUTS, thrown >> 16 & 1);
    }
    if (thrown % 50000 == 1) { /* power fails */
        host_power_on(false);
        kiosk_init();
    }
}

int main(void) {
    unsigned in_a_ms = 0;
    host_mdb_heard = talk_nonsense;
    host_power_on(true);
    kiosk_init();
    for (int byte; (byte = getchar()) != EOF;) {
        host_feed((uint8_t)byte);
        if (++in_a_ms == BYTES_A_MS) {
            in_a_ms = 0;
            host_advance(1);
            turn_dials();
            kiosk_step();
            listen();
        }
    }
    printf("%lu\n", sent_frames);
    return 0;
}
