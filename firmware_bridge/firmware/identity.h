/* What the board tells of itself when the host opens a session. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdint.h>

/* A host has come; a board whose memory is blank takes its nonce as the number of its counter of events. */
void identity_meet(uint32_t nonce);

/* Write the Identity message. */
void identity_put(uint8_t *out);

#endif
