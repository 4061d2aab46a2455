/* A test is a function; CHECK says where it failed. Time and hardware stand still but for what the test does. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(what)                                                                   \
    do {                                                                              \
        if (!(what)) {                                                                \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, __func__, #what);   \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

struct test {
    const char *name;
    void (*run)(void);
};

#define TEST(name) {#name, name}

extern const struct test wire_tests[], journal_tests[], money_tests[], cabinet_tests[];

/* Run the firmware for so long, a round a millisecond. */
void run_ms(uint32_t ms);

/* Power on a board with a blank or a kept EEPROM. */
void power_on(bool blank);

#endif
