#include "identity.h"

#include "hal.h"
#include "journal.h"
#include "protocol.h"

#ifndef BUILD_ID
#error "BUILD_ID comes from the Makefile: the hash of the sources"
#endif

void identity_meet(uint32_t nonce) {
    journal_adopt_epoch(nonce);
}

void identity_put(uint8_t *out) {
    const struct identity identity = {
        .version = PROTOCOL_VERSION,
        .build = BUILD_ID,
        .capabilities = CAPABLE_OF_NOTES | CAPABLE_OF_COINS | CAPABLE_OF_CASHLESS | CAPABLE_OF_PULSE | CAPABLE_OF_MOTOR |
                        CAPABLE_OF_LAMP | CAPABLE_OF_LOCK,
        .epoch = journal_epoch(),
        .last_serial = journal_last(),
        .confirmed = journal_confirmed(),
        .reset_cause = hal_reset_by_watchdog(),
    };
    put_identity(out, &identity);
}
