/* The kiosk's board: ATmega1284P at 7.3728 MHz, from which both 115,200 (host) and 9600 baud (MDB) come without error.
 * Wiring: README.md. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include <string.h>

#include "boot.h"
#include "hal.h"

enum {
    RING = 256, /* bytes; indices wrap by themselves */
    MDB_RING = 64,
    HOST_UBRR = F_CPU / 16 / 115200 - 1,
    MDB_UBRR = F_CPU / 16 / 9600 - 1,
    TICK_COUNT = F_CPU / 64 / 1000,
    /* a broken wire reads as open, tampered with, no paper, no pulse */
    ACTIVE_LOW = 1 << IN_PAPER | 1 << IN_BUTTON | 1 << IN_COIN_PULSE | 1 << IN_MOTOR_HOME,
};

static volatile uint8_t host_in[RING], host_out[RING];
static volatile uint8_t host_in_head, host_in_tail, host_out_head, host_out_tail;
static volatile uint16_t mdb_in[MDB_RING], mdb_out[MDB_RING];
static volatile uint8_t mdb_in_head, mdb_in_tail, mdb_out_head, mdb_out_tail;
static volatile bool mdb_sending;
static volatile uint32_t ticks;
static uint8_t nvm[HAL_NVM_SIZE]; /* as it will be when the write under way has ended: reading never waits */
static volatile uint8_t nvm_left;
static volatile uint16_t nvm_at;
static volatile bool nvm_busy;
static uint8_t reset_flags __attribute__((section(".noinit")));
static struct hal_retained retained __attribute__((section(".noinit")));

/* The watchdog stays on over its own reset: note the cause and switch it off before anything else. */
void hal_before_main(void) __attribute__((naked, used, section(".init3")));
void hal_before_main(void) {
    reset_flags = MCUSR | GPIOR0; /* the boot loader's copy, where there is one */
    MCUSR = 0;
    wdt_disable();
}

static void begin_uarts(void) {
    UBRR0 = HOST_UBRR;
    UBRR1 = MDB_UBRR; /* before UCSZ12: simavr reckons the length of a word here, and would count a parity bit to nine */
    UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
    UCSR1C = 1 << UCSZ11 | 1 << UCSZ10;
    UCSR0B = 1 << RXEN0 | 1 << TXEN0 | 1 << RXCIE0;
    UCSR1B = 1 << RXEN1 | 1 << TXEN1 | 1 << RXCIE1 | 1 << TXCIE1 | 1 << UCSZ12;
}

static void begin_timers(void) {
    TCCR0A = 1 << WGM01;
    OCR0A = TICK_COUNT - 1;
    TIMSK0 = 1 << OCIE0A;
    TCCR0B = 1 << CS01 | 1 << CS00;
    TCCR1A = 1 << WGM10;
    TCCR1B = 1 << WGM12 | 1 << CS11 | 1 << CS10;
    TCCR2A = 1 << WGM21 | 1 << WGM20;
    TCCR2B = 1 << CS22;
}

ISR(TIMER0_COMPA_vect) {
    ticks++;
}

uint32_t hal_millis(void) {
    uint8_t flags = SREG;
    cli();
    uint32_t now = ticks;
    SREG = flags;
    return now;
}

bool hal_reset_by_watchdog(void) {
    return reset_flags >> WDRF & 1;
}

void hal_kick_watchdog(void) {
    wdt_reset();
}

void hal_idle(void) {
    set_sleep_mode(SLEEP_MODE_IDLE);
    cli();
    if (host_in_head == host_in_tail && mdb_in_head == mdb_in_tail) {
        sleep_enable();
        sei();
        sleep_cpu();
        sleep_disable();
    }
    sei();
}

/* --- host UART ---------------------------------------------------------------------------------------------------- */

ISR(USART0_RX_vect) {
    uint8_t byte = UDR0;
    if ((uint8_t)(host_in_head + 1) != host_in_tail) {
        host_in[host_in_head++] = byte;
    }
}

ISR(USART0_UDRE_vect) {
    if (host_out_head == host_out_tail) {
        UCSR0B &= (uint8_t)~(1 << UDRIE0);
    } else {
        UDR0 = host_out[host_out_tail++];
    }
}

bool hal_host_get(uint8_t *byte) {
    if (host_in_head == host_in_tail) {
        return false;
    }
    *byte = host_in[host_in_tail++];
    return true;
}

uint8_t hal_host_room(void) {
    return (uint8_t)(host_out_tail - host_out_head - 1);
}

void hal_host_put(uint8_t byte) {
    host_out[host_out_head] = byte;
    host_out_head++;
    UCSR0B |= 1 << UDRIE0;
}

/* --- MDB UART ----------------------------------------------------------------------------------------------------- */

ISR(USART1_RX_vect) {
    uint8_t ninth = UCSR1B >> RXB81 & 1; /* to be read before UDR */
    uint8_t byte = UDR1;
    uint8_t next = (mdb_in_head + 1) % MDB_RING;
    if (next != mdb_in_tail) {
        mdb_in[mdb_in_head] = (uint16_t)(byte | (uint16_t)ninth << 8);
        mdb_in_head = next;
    }
}

static void send_word(void) {
    uint16_t word = mdb_out[mdb_out_tail];
    mdb_out_tail = (mdb_out_tail + 1) % MDB_RING;
    if (word & MDB_MODE_BIT) {
        UCSR1B |= 1 << TXB81;
    } else {
        UCSR1B &= (uint8_t)~(1 << TXB81);
    }
    UDR1 = (uint8_t)word;
}

/* The last bit of a word has left. Words follow each other without using the transmit buffer: TXB8 then belongs to one
 * word for certain, and t-inter-byte (1 ms) is far. */
ISR(USART1_TX_vect) {
    if (mdb_out_head == mdb_out_tail) {
        mdb_sending = false;
    } else {
        send_word();
    }
}

bool hal_mdb_get(uint16_t *word) {
    if (mdb_in_head == mdb_in_tail) {
        return false;
    }
    *word = mdb_in[mdb_in_tail];
    mdb_in_tail = (mdb_in_tail + 1) % MDB_RING;
    return true;
}

void hal_mdb_put(uint16_t word) {
    cli();
    mdb_out[mdb_out_head] = word;
    mdb_out_head = (mdb_out_head + 1) % MDB_RING;
    if (!mdb_sending) {
        mdb_sending = true;
        send_word();
    }
    sei();
}

bool hal_mdb_sent(void) {
    return !mdb_sending;
}

/* --- pins --------------------------------------------------------------------------------------------------------- */

bool hal_input(enum hal_input pin) {
    return (PINA ^ ACTIVE_LOW) >> pin & 1;
}

void hal_output(enum hal_output pin, bool on) {
    if (on) {
        PORTC |= (uint8_t)(1 << pin);
    } else {
        PORTC &= (uint8_t)~(1 << pin);
    }
}

/* At 0 the pin leaves the timer and stays low, else fast PWM would leave a glimmer. */
void hal_level(enum hal_level channel, uint8_t value) {
    static volatile uint8_t *const compare[HAL_LEVELS] = {&OCR1AL, &OCR1BL, &OCR2A, &OCR2B};
    static volatile uint8_t *const control[HAL_LEVELS] = {&TCCR1A, &TCCR1A, &TCCR2A, &TCCR2A};
    static const uint8_t connect[HAL_LEVELS] = {1 << COM1A1, 1 << COM1B1, 1 << COM2A1, 1 << COM2B1};
    *compare[channel] = value;
    if (value) {
        *control[channel] |= connect[channel];
    } else {
        *control[channel] &= (uint8_t)~connect[channel];
    }
}

/* --- EEPROM: one byte at a time, the next when the ready interrupt comes ------------------------------------------ */

static void program_byte(void) {
    EEAR = nvm_at;
    EEDR = nvm[nvm_at++];
    EECR |= 1 << EEMPE;
    EECR |= 1 << EEPE;
}

ISR(EE_READY_vect) {
    if (nvm_left) {
        nvm_left--;
        program_byte();
    } else {
        EECR &= (uint8_t)~(1 << EERIE);
        nvm_busy = false;
    }
}

static void load_nvm(void) {
    for (uint16_t at = 0; at < HAL_NVM_SIZE; at++) {
        EEAR = at;
        EECR |= 1 << EERE;
        nvm[at] = EEDR;
    }
}

void hal_nvm_read(uint16_t at, void *bytes, uint8_t count) {
    memcpy(bytes, nvm + at, count);
}

bool hal_nvm_write(uint16_t at, const void *bytes, uint8_t count) {
    if (nvm_busy || !count || count > HAL_NVM_WRITE_MAX) {
        return false;
    }
    memcpy(nvm + at, bytes, count);
    nvm_at = at;
    nvm_left = (uint8_t)(count - 1);
    nvm_busy = true;
    cli();
    program_byte();
    EECR |= 1 << EERIE;
    sei();
    return true;
}

bool hal_nvm_busy(void) {
    return nvm_busy;
}

struct hal_retained *hal_retained(void) {
    return &retained;
}

void hal_enter_boot(void) {
    cli();
    *(volatile uint16_t *)BOOT_WISH_AT = BOOT_WISH;
    for (;;) { /* until the watchdog resets */
    }
}

void hal_init(void) {
    MCUCR |= 1 << JTD; /* JTAG holds PC2 to PC5 until this is said twice within four cycles (ATmega1284P, 27.8) */
    MCUCR |= 1 << JTD;
    PORTA = (1 << HAL_INPUTS) - 1; /* pull-ups */
    PORTC = 1 << OUT_INHIBIT_PULSE;
    DDRC = (1 << HAL_OUTPUTS) - 1;
    DDRD |= 1 << PD4 | 1 << PD5 | 1 << PD6 | 1 << PD7;
    load_nvm();
    begin_uarts();
    begin_timers();
    wdt_enable(WDTO_250MS);
    sei();
}
