#include "hal.h"
#include "kiosk.h"

int main(void) {
    hal_init();
    kiosk_init();
    for (;;) {
        hal_kick_watchdog();
        kiosk_step();
        hal_idle();
    }
}
