/* board --elf kiosk.elf --eeprom FILE --pty LINK [--flash FILE] [--bus SOCKET] [--speed N] [--for-ms N]
 *
 * Runs the firmware; with --flash the elf is the boot loader, and the application is what it has written there. Simulated time never runs ahead of the clock (times N; 0 = as fast as it can), and does not hurry to
 * catch up. SIGUSR1 resets the MCU, SIGTERM ends; at the end the memory's use is printed. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <simavr/sim_elf.h>
#include <simavr/sim_time.h>

#include "board.h"

enum { FREQUENCY = 7372800, TICK_US = 1000, TICKS_A_QUESTION = 5, UNTOUCHED = 0xA5, LAG_FORGIVEN_US = 20000 };

static volatile sig_atomic_t reset_wanted, end_wanted;
static uint64_t begun_cycles;
static unsigned speed = 1;
static int64_t ahead_base_us;
static unsigned ticks;

uint64_t board_now_us(avr_t *avr) {
    return (avr->cycle - begun_cycles) * 1000000 / avr->frequency;
}

avr_io_t *board_module(avr_t *avr, const char *kind, char name) {
    for (avr_io_t *io = avr->io_port; io; io = io->next) {
        if (strcmp(io->kind, kind) == 0 && (!name || ((avr_uart_t *)io)->name == name)) {
            return io;
        }
    }
    abort();
}

static int64_t clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void keep_pace(avr_t *avr) {
    int64_t ahead_us = (int64_t)(board_now_us(avr) / speed) + ahead_base_us - clock_us();
    if (ahead_us > 0) {
        struct timespec pause = {.tv_nsec = ahead_us % 1000000 * 1000, .tv_sec = ahead_us / 1000000};
        nanosleep(&pause, NULL);
    } else if (ahead_us < -LAG_FORGIVEN_US) {
        ahead_base_us -= ahead_us;
    }
}

static avr_cycle_count_t tick(struct avr_t *avr, avr_cycle_count_t when, void *param) {
    (void)param;
    host_uart_tick(avr);
    pins_sample(avr);
    if (++ticks % TICKS_A_QUESTION == 0) {
        bus_tick(avr);
    }
    if (speed) {
        keep_pace(avr);
    }
    return when + avr_usec_to_cycles(avr, TICK_US);
}

/* Runs in every reset, the watchdog's too: simavr has forgotten its timers by then. */
static void after_reset(avr_io_t *io) {
    bus_reset(io->avr);
    pins_reset(io->avr);
    avr_cycle_timer_register_usec(io->avr, TICK_US, tick, NULL);
}

static avr_io_t board_io = {.kind = "board", .reset = after_reset};

static void do_not_wait(avr_t *avr, avr_cycle_count_t cycles) {
    (void)avr;
    (void)cycles;
}

static void on_signal(int number) {
    if (number == SIGUSR1) {
        reset_wanted = 1;
    } else {
        end_wanted = 1;
    }
}

static avr_t *make_mcu(const char *elf, elf_firmware_t *firmware) {
    if (elf_read_firmware(elf, firmware) != 0) {
        fprintf(stderr, "board: %s is no firmware; run make in firmware_bridge/firmware\n", elf);
        exit(1);
    }
    avr_t *avr = avr_make_mcu_by_name("atmega1284p");
    avr_init(avr);
    firmware->frequency = FREQUENCY;
    avr_load_firmware(avr, firmware);
    avr->frequency = FREQUENCY;
    avr->sleep = do_not_wait;
    memset(avr->data + avr->ioend + 1, UNTOUCHED, avr->ramend - avr->ioend);
    return avr;
}

static void print_use(const avr_t *avr, const elf_firmware_t *firmware) {
    uint32_t lowest = avr->ioend + 1 + firmware->datasize + firmware->bsssize + 16; /* .noinit lies behind .bss */
    while (lowest <= avr->ramend && avr->data[lowest] == UNTOUCHED) {
        lowest++;
    }
    printf("{\"flash\": %u, \"ram_static\": %u, \"ram_stack\": %u, \"ram\": %u, \"simulated_us\": %llu}\n",
           firmware->flashsize, firmware->datasize + firmware->bsssize, avr->ramend + 1 - lowest,
           avr->ramend - avr->ioend, (unsigned long long)board_now_us((avr_t *)avr));
    fflush(stdout);
}

static int run(avr_t *avr, uint64_t until_us) {
    int state = cpu_Running;
    while (!end_wanted && state != cpu_Done && state != cpu_Crashed && board_now_us(avr) < until_us) {
        for (int i = 0; i < 256 && state != cpu_Crashed; i++) {
            state = avr_run(avr);
        }
        if (reset_wanted) {
            reset_wanted = 0;
            avr_reset(avr);
            avr_regbit_set(avr, avr->reset_flags.extrf);
        }
    }
    return state == cpu_Crashed ? 1 : 0;
}

struct arguments {
    const char *elf, *eeprom, *pty, *flash, *bus;
    uint64_t until_us;
};

static bool parse(int count, char **values, struct arguments *out) {
    static const struct option options[] = {
        {"elf", required_argument, NULL, 'e'},   {"eeprom", required_argument, NULL, 'n'},
        {"pty", required_argument, NULL, 'p'},   {"bus", required_argument, NULL, 'b'},
        {"flash", required_argument, NULL, 'f'},
        {"speed", required_argument, NULL, 's'}, {"for-ms", required_argument, NULL, 'm'},
        {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, values, "", options, NULL)) != -1;) {
        switch (option) {
        case 'e': out->elf = optarg; break;
        case 'n': out->eeprom = optarg; break;
        case 'p': out->pty = optarg; break;
        case 'f': out->flash = optarg; break;
        case 'b': out->bus = optarg; break;
        case 's': speed = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'm': out->until_us = strtoull(optarg, NULL, 10) * 1000; break;
        default: return false;
        }
    }
    return out->elf && out->eeprom && out->pty;
}

static void watch_signals(void) {
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

static void attach(avr_t *avr, const struct arguments *to) {
    begun_cycles = avr->cycle;
    nvm_attach(avr, to->eeprom);
    host_uart_attach(avr, to->pty);
    wire_open(to->bus ? to->bus : "");
    bus_attach(avr);
    pins_attach(avr);
    avr_register_io(avr, &board_io);
    ahead_base_us = clock_us();
    after_reset(&board_io);
}

int main(int count, char **values) {
    struct arguments arguments = {.until_us = UINT64_MAX};
    elf_firmware_t firmware = {0};
    if (!parse(count, values, &arguments)) {
        fprintf(stderr, "usage: board --elf kiosk.elf --eeprom FILE --pty LINK [--flash FILE] [--bus SOCKET]"
                        " [--speed N] [--for-ms N]\n");
        return 2;
    }
    watch_signals();
    avr_t *avr = make_mcu(arguments.elf, &firmware);
    if (arguments.flash) {
        flash_attach(avr, arguments.flash, &firmware);
    }
    attach(avr, &arguments);
    puts("ready");
    fflush(stdout);
    int failed = run(avr, arguments.until_us);
    print_use(avr, &firmware);
    unlink(arguments.pty);
    return failed;
}
