/* The MDB UART. simavr 1.6 carries sixteen bits through its receive queue but neither shows RXB8 nor passes TXB8 on; both
 * are added here at its official hooks: a read hook on UCSR1B, and a look at TXB8 when a word leaves. */
#include <stdio.h>
#include <stdlib.h>

#include <simavr/sim_time.h>

#include "board.h"

enum {
    UCSR1B_ADDRESS = 0xC9,
    TXB8_BIT = 0,
    RXB8_BIT = 1,
    WORD_US = 1146,
    READ_US = 25, /* a word is handed over after the interrupt for the one before has been served */
    QUEUE = 512,
};

DEFINE_FIFO(uint16_t, uart_fifo);

static avr_uart_t *uart;
static uint16_t leaving;
static struct { uint64_t at; uint16_t word; } queue[QUEUE];
static unsigned head, tail;
static uint64_t free_at; /* cycle at which the peripherals' wire is idle again */

static uint8_t read_ucsr1b(struct avr_t *avr, avr_io_addr_t at, void *param) {
    (void)param;
    if (!uart_fifo_isempty(&uart->input)) {
        bool ninth = uart_fifo_read_at(&uart->input, 0) >> 8 & 1;
        avr->data[at] = (uint8_t)((avr->data[at] & ~(1 << RXB8_BIT)) | ninth << RXB8_BIT);
    }
    return avr->data[at];
}

static avr_cycle_count_t has_left(struct avr_t *avr, avr_cycle_count_t when, void *param) {
    (void)when;
    (void)param;
    answer_do(avr, wire_ask("M %llu %03x\n", (unsigned long long)board_now_us(avr), leaving));
    return 0;
}

static void leaves(struct avr_irq_t *irq, uint32_t value, void *param) {
    avr_t *avr = param;
    (void)irq;
    leaving = (uint16_t)(value | (avr->data[UCSR1B_ADDRESS] >> TXB8_BIT & 1) << 8);
    avr_cycle_timer_register(avr, uart->cycles_per_byte, has_left, avr);
}

static avr_cycle_count_t arrives(struct avr_t *avr, avr_cycle_count_t when, void *param) {
    (void)param;
    while (head != tail && queue[head].at <= when) {
        avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('1'), UART_IRQ_INPUT), queue[head].word);
        head = (head + 1) % QUEUE;
    }
    return head == tail ? 0 : queue[head].at;
}

void bus_say(avr_t *avr, uint32_t delay_us, const uint16_t *words, int count) {
    uint64_t start = avr->cycle + avr_usec_to_cycles(avr, delay_us);
    bool idle = head == tail;
    if (start < free_at) {
        start = free_at;
    }
    for (int i = 0; i < count && (tail + 1) % QUEUE != head; i++) {
        queue[tail].at = start + avr_usec_to_cycles(avr, READ_US);
        queue[tail].word = words[i];
        tail = (tail + 1) % QUEUE;
        start += avr_usec_to_cycles(avr, WORD_US);
    }
    free_at = start;
    if (idle && head != tail) {
        avr_cycle_timer_register(avr, queue[head].at - avr->cycle, arrives, avr);
    }
}

void bus_attach(avr_t *avr) {
    uint32_t no_flags = 0;
    uart = (avr_uart_t *)board_module(avr, "uart", '1');
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('1'), &no_flags);
    avr_register_io_read(avr, UCSR1B_ADDRESS, read_ucsr1b, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('1'), UART_IRQ_OUTPUT), leaves, avr);
}

void bus_reset(avr_t *avr) {
    (void)avr;
    head = tail = 0; /* what was under way meets a deaf receiver */
}

void bus_tick(avr_t *avr) {
    wire_retry();
    answer_do(avr, wire_ask("T %llu\n", (unsigned long long)board_now_us(avr)));
}
