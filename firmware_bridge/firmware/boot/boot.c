/* The boot loader: takes a new application over the host's UART, speaking as much of STK500 version 1 (Atmel AVR061) as
 * `avrdude -c arduino -p m1284p -b 115200` uses. It knows no EEPROM: money's journal stays as it is.
 *
 * It stays when the application asks for it, when the seal does not fit the flash, or when the host speaks within half a
 * second of the reset button. The first page written spoils the seal, so that whatever cuts a flashing short leaves the
 * boot loader in charge. After nine seconds without a whole command it starts the application, if there is one: a kiosk
 * that calls its board is noise here. A command whose bytes stop for a fifth of a second is dropped. */
#include <avr/boot.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/wdt.h>
#include <util/crc16.h>

#include <stdbool.h>
#include <stdint.h>

#include "../boot.h"

enum {
    STK_OK = 0x10, STK_FAILED = 0x11, STK_IN_SYNC = 0x14, STK_NO_SYNC = 0x15, STK_END = 0x20,
    GET_PARAMETER = 0x41, SET_DEVICE = 0x42, SET_DEVICE_EXT = 0x45, LEAVE = 0x51, LOAD_ADDRESS = 0x55, UNIVERSAL = 0x56,
    PROG_PAGE = 0x64, READ_PAGE = 0x74, READ_SIGNATURE = 0x75,
    FLASH = 'F', VERSION = 4,
    DEVICE_BYTES = 20, DEVICE_EXT_BYTES = 5, UNIVERSAL_BYTES = 4,
    HALF_A_SECOND = F_CPU / 1024 / 2, /* of timer 1, which runs over after nine */
    GAP = F_CPU / 1024 / 5,           /* of timer 3 */
    WAITING = 0, HEARING = 1, DROPPED = 2,
};

struct span {
    uint32_t at;
    uint16_t count;
    bool is_flash;
};

/* No start-up code: it would wipe RAM that the application's reset must leave alone. All that is used is the stack. */
void entry(void) __attribute__((naked, used, section(".init0")));
void entry(void) {
    __asm__ volatile("clr __zero_reg__\n\tout __SREG__, __zero_reg__\n\trjmp main");
}

/* Where the command under way stands: a register, because there is no RAM to be had but the stack. */
#define COMMAND GPIOR1

static void begin_patience(void) {
    TCNT1 = 0;
    TIFR1 = 1 << TOV1;
}

static void begin(void) {
    UBRR0 = F_CPU / 16 / 115200 - 1;
    UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
    UCSR0B = 1 << RXEN0 | 1 << TXEN0;
    TCCR1B = 1 << CS12 | 1 << CS10;
    TCCR3B = 1 << CS32 | 1 << CS30;
    begin_patience();
}

static uint32_t word32(uint32_t at) {
    return pgm_read_dword_far(at);
}

static bool is_sealed(void) {
    uint32_t length = word32(BOOT_SEAL_AT + 4);
    uint16_t crc = 0xFFFF;
    if (word32(BOOT_SEAL_AT) != BOOT_SEAL_MAGIC || length > BOOT_SEAL_AT) {
        return false;
    }
    for (uint32_t at = 0; at < length; at++) {
        crc = _crc_xmodem_update(crc, pgm_read_byte_far(at));
    }
    return crc == pgm_read_word_far(BOOT_SEAL_AT + 12);
}

static void restart(void) __attribute__((noreturn));
static void restart(void) {
    wdt_enable(WDTO_15MS);
    for (;;) {
    }
}

static void say(uint8_t byte) {
    while (!(UCSR0A & 1 << UDRE0)) {
    }
    UDR0 = byte;
}

static uint8_t hear(void) {
    while (!(UCSR0A & 1 << RXC0)) {
        if (TIFR1 & 1 << TOV1) {
            restart();
        }
        if (COMMAND == DROPPED || (COMMAND == HEARING && TCNT3 >= GAP)) {
            COMMAND = DROPPED;
            return 0;
        }
    }
    TCNT3 = 0;
    return UDR0;
}

static void skip(uint8_t count) {
    while (count--) {
        hear();
    }
}

static uint16_t hear_word(void) {
    uint8_t first = hear();
    return (uint16_t)(first << 8 | hear());
}

/* The command's end; its answer begins. */
static bool ended(void) {
    bool in_sync = hear() == STK_END;
    if (in_sync) {
        begin_patience();
        say(STK_IN_SYNC);
    } else if (COMMAND != DROPPED) {
        say(STK_NO_SYNC);
    }
    return in_sync;
}

static void erase(uint32_t page) {
    boot_page_erase(page);
    boot_spm_busy_wait();
}

static void program(uint32_t page, const uint8_t *bytes) {
    erase(page);
    for (uint16_t i = 0; i < SPM_PAGESIZE; i += 2) {
        boot_page_fill(page + i, (uint16_t)(bytes[i] | bytes[i + 1] << 8));
    }
    boot_page_write(page);
    boot_spm_busy_wait();
    boot_rww_enable();
}

static bool may_write(const struct span *to) {
    return to->is_flash && to->at % SPM_PAGESIZE == 0 && to->count && to->count <= SPM_PAGESIZE
        && to->at < BOOT_LOADER_AT;
}

static void hear_span(struct span *to) {
    to->count = hear_word();
    to->is_flash = hear() == FLASH;
}

static void write_page(struct span *to, bool *is_spoilt) {
    uint8_t bytes[SPM_PAGESIZE];
    hear_span(to);
    for (uint16_t i = 0; i < to->count; i++) {
        uint8_t byte = hear();
        if (i < SPM_PAGESIZE) {
            bytes[i] = byte;
        }
    }
    for (uint16_t i = to->count; i < SPM_PAGESIZE; i++) {
        bytes[i] = 0xFF;
    }
    if (!ended()) {
        return;
    }
    if (!may_write(to)) {
        say(STK_FAILED);
        return;
    }
    if (!*is_spoilt) {
        erase(BOOT_SEAL_AT);
        *is_spoilt = true;
    }
    program(to->at, bytes);
    say(STK_OK);
}

static void read_page(struct span *from) {
    hear_span(from);
    if (!ended()) {
        return;
    }
    for (uint16_t i = 0; i < from->count; i++) {
        say(from->is_flash ? pgm_read_byte_far(from->at + i) : 0xFF);
    }
    say(STK_OK);
}

static void answer(const uint8_t *bytes, uint8_t count) {
    if (ended()) {
        while (count--) {
            say(*bytes++);
        }
        say(STK_OK);
    }
}

static void load_address(struct span *to) {
    uint8_t low = hear();
    to->at = ((uint32_t)hear() << 8 | low) << 1;
    answer(0, 0);
}

static void serve(void) __attribute__((noreturn));
static void serve(void) {
    struct span span = {0, 0, false};
    uint8_t signature[3];
    const uint8_t version = VERSION, nothing = 0;
    bool is_spoilt = false;
    signature[0] = SIGNATURE_0;
    signature[1] = SIGNATURE_1;
    signature[2] = SIGNATURE_2;
    for (;;) {
        COMMAND = WAITING;
        uint8_t command = hear();
        COMMAND = HEARING;
        switch (command) {
        case PROG_PAGE: write_page(&span, &is_spoilt); break;
        case READ_PAGE: read_page(&span); break;
        case LOAD_ADDRESS: load_address(&span); break;
        case READ_SIGNATURE: answer(signature, sizeof signature); break;
        case GET_PARAMETER: skip(1); answer(&version, 1); break;
        case UNIVERSAL: skip(UNIVERSAL_BYTES); answer(&nothing, 1); break;
        case SET_DEVICE: skip(DEVICE_BYTES); answer(0, 0); break;
        case SET_DEVICE_EXT: skip(DEVICE_EXT_BYTES); answer(0, 0); break;
        case LEAVE:
            answer(0, 0);
            restart(); /* 15 ms later: the answer is out by then */
        default: answer(0, 0); break; /* GET_SYNC, ENTER_PROGMODE, and noise, which finds no end */
        }
    }
}

static bool host_speaks_at_once(void) {
    while (TCNT1 < HALF_A_SECOND) {
        if (UCSR0A & 1 << RXC0) {
            return true;
        }
    }
    return false;
}

int main(void) {
    volatile uint16_t *wish = (volatile uint16_t *)BOOT_WISH_AT;
    uint8_t cause = MCUSR;
    MCUSR = 0;
    wdt_disable();
    bool wished = *wish == BOOT_WISH;
    *wish = 0;
    begin();
    if (is_sealed() && !wished && !(cause & 1 << EXTRF && host_speaks_at_once())) {
        UCSR0B = 0;
        TCCR1B = TCCR3B = 0;
        GPIOR0 = cause;
        __asm__ volatile("jmp 0");
    }
    serve();
}
