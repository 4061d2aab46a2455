#include "motor.h"

#include "cabinet.h"
#include "hal.h"
#include "protocol.h"
#include "reports.h"

static uint8_t turns_left;
static bool left_home, jammed;
static uint32_t begun_ms;
static uint16_t limit;

bool motor_run(uint8_t turns, uint16_t limit_ms, uint32_t now_ms) {
    if (turns_left) {
        return false;
    }
    turns_left = turns;
    left_home = jammed = false;
    begun_ms = now_ms;
    limit = limit_ms;
    hal_output(OUT_MOTOR, true);
    return true;
}

void motor_stop(void) {
    turns_left = 0;
    hal_output(OUT_MOTOR, false);
}

uint8_t motor_state(void) {
    return turns_left ? DEVICE_STATE_BUSY : jammed ? DEVICE_STATE_FAULT : DEVICE_STATE_INHIBITED;
}

static void end(uint8_t notice) {
    motor_stop();
    jammed = notice == NOTICE_KIND_MOTOR_JAMMED;
    report_notice(DEVICE_MOTOR, notice, 0);
}

static bool came_home(void) {
    bool home = hal_input(IN_MOTOR_HOME);
    bool back = home && left_home;
    left_home = !home;
    return back;
}

void motor_step(uint32_t now_ms) {
    if (!turns_left) {
        return;
    }
    if (came_home() && !--turns_left) {
        end(NOTICE_KIND_MOTOR_DONE);
    } else if (now_ms - begun_ms > limit || cabinet_door_is_open()) {
        end(NOTICE_KIND_MOTOR_JAMMED);
    }
}
