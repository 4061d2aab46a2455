/* The firmware without its hardware: what main.c runs, and the unit tests and the fuzzer too. */
#ifndef KIOSK_H
#define KIOSK_H

/* Begin as after a reset. */
void kiosk_init(void);

/* One round; called whenever something may have happened, at least every millisecond. */
void kiosk_step(void);

#endif
