/* The host's commands. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

/* Do one command and answer it; false where the outbox has no room for the answer yet (the host repeats it). */
bool commands_take(uint8_t code, const uint8_t *body, uint8_t count, uint32_t now_ms);

#endif
