#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "board.h"

enum { BYTES_PER_MS = 12 };

static int pty;
DEFINE_FIFO(uint16_t, uart_fifo);

static avr_uart_t *uart;

/* A full pty is a cable without a listener: the byte is gone. */
static void sent(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    (void)param;
    uint8_t byte = (uint8_t)value;
    if (write(pty, &byte, 1) < 0 && errno != EAGAIN) {
        perror("pty");
    }
}

static void open_pty(const char *link) {
    char name[128];
    int kept; /* stays open, so that a host which hangs up does not end the line */
    struct termios raw;
    if (openpty(&pty, &kept, name, NULL, NULL) != 0 || tcgetattr(kept, &raw) != 0) {
        abort();
    }
    cfmakeraw(&raw);
    tcsetattr(kept, TCSANOW, &raw);
    fcntl(pty, F_SETFL, O_NONBLOCK);
    fcntl(pty, F_SETFD, FD_CLOEXEC);
    fcntl(kept, F_SETFD, FD_CLOEXEC);
    unlink(link);
    if (symlink(name, link) != 0) {
        perror(link);
        exit(1);
    }
}

void host_uart_attach(avr_t *avr, const char *link) {
    uint32_t no_flags = 0;
    uart = (avr_uart_t *)board_module(avr, "uart", '0');
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &no_flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), sent, avr);
    open_pty(link);
}

void host_uart_tick(avr_t *avr) {
    uint8_t bytes[BYTES_PER_MS];
    uint16_t room = uart_fifo_get_write_size(&uart->input);
    ssize_t count = read(pty, bytes, room < BYTES_PER_MS ? room : BYTES_PER_MS);
    for (ssize_t i = 0; i < count; i++) {
        avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT), bytes[i]);
    }
}
