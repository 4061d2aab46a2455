/* Written before acknowledged: how an event of an MDB peripheral becomes one event of the journal.
 *
 * A peripheral forgets an event once its POLL answer is acknowledged, and EEPROM takes longer (70 ms a record) than the
 * bus allows for the acknowledgement (5 ms). So the first telling is written down and left unacknowledged; the
 * peripheral tells it again at the next POLL, and that one is acknowledged, when the record is whole. After a reset the
 * records that were not marked acknowledged are expected once more.
 *
 * What remains: a reset between the ACK and its mark (4 ms) makes us expect a repetition that does not come, which is
 * noticed, unless the very same event happens anew before the first POLL after the reset: it is then not counted. An ACK
 * that noise destroys makes the peripheral repeat what is closed here; the callers tell that by the tube's count, by
 * the missing order to stack, and by the sale's state. Only coins routed to the cash box can't be told apart. */
#ifndef CREDITS_H
#define CREDITS_H

#include <stdbool.h>
#include <stdint.h>

#include "journal.h"

enum { CREDITS_MAX = 8 };

/* Events told by a peripheral and not known to be acknowledged, oldest first. */
struct credits {
    uint32_t serials[CREDITS_MAX];
    uint8_t count;
};

/* Gather what was left open before a reset: unmarked events of these kinds (bit n = kind n). */
void credits_recover(struct credits *open, uint32_t kinds);

/* Take the events of one POLL answer; return whether it may be acknowledged now. */
bool credits_take(struct credits *open, const struct journal_event *told, uint8_t count);

/* How many of the events just told, from the first, are already in the journal. */
uint8_t credits_known(const struct credits *open, const struct journal_event *told, uint8_t count);

#endif
