#include <string.h>

#include "check.h"
#include "hal_host.h"
#include "host.h"
#include "kiosk.h"
#include "machines.h"

extern void (*machines_hear)(uint16_t);

void run_ms(uint32_t ms) {
    while (ms--) {
        host_advance(1);
        kiosk_step();
        host_listen();
    }
}

/* A reset leaves nothing in RAM. The sections lie between these names (Makefile). */
extern uint8_t __start_logic_data[], __stop_logic_data[], __start_logic_bss[], __stop_logic_bss[];

__attribute__((no_sanitize("address"))) static void wipe_ram(void) {
    static uint8_t *initial;
    size_t count = (size_t)(__stop_logic_data - __start_logic_data);
    if (!initial) {
        initial = malloc(count);
        for (size_t i = 0; i < count; i++) {
            initial[i] = __start_logic_data[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        __start_logic_data[i] = initial[i];
    }
    for (volatile uint8_t *at = __start_logic_bss; at < __stop_logic_bss; at++) {
        *at = 0;
    }
}

void power_on(bool blank) {
    wipe_ram();
    host_power_on(blank);
    host_set_input(IN_PAPER, true);
    host_set_input(IN_MOTOR_HOME, true);
    host_mdb_heard = machines_hear;
    kiosk_init();
}

int main(int count, char **values) {
    const struct test *const files[] = {wire_tests, journal_tests, money_tests, cabinet_tests};
    unsigned run = 0;
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        for (const struct test *test = files[i]; test->name; test++) {
            if (count > 1 && strcmp(values[1], test->name) != 0) {
                continue;
            }
            machines_begin();
            host_forget();
            power_on(true);
            test->run();
            printf("ok %s\n", test->name);
            run++;
        }
    }
    printf("%u tests\n", run);
    return run ? 0 : 1;
}
