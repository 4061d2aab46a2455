"""Words and blocks of the multi-drop bus (MDB/ICP 4.2, sections 2 and 3).

A word has nine bits. From the master the ninth (mode) bit marks an address byte; from a peripheral it marks the last
word of a block. A block ends with the sum of its bytes modulo 256. One word of a peripheral is 11 bits at 9600 baud.

Read in copies of the specification (2.2 block format, quoted at cnblogs.com/utank/p/17217984.html) and in Wireshark's
packet-mdb.c: addressing, 36 bytes at most, ACK 00, NAK FF, RET AA, silence after 5 ms equals NAK. The 1 ms between
two bytes (section 3.2) is known from implementations only: check it against the specification before certification.
"""

from dataclasses import dataclass

MODE = 0x100
ACK, NAK, RET = 0x00, 0xFF, 0xAA
LONGEST_BLOCK = 36
WORD_US = 1_146
INTERBYTE_US = 1_000
RESPONSE_US = 5_000
"""t-response: a peripheral that has not begun to answer by then has answered NAK (2.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Words that a peripheral puts on the bus, `delay_us` after the master's last one."""

    delay_us: int
    words: tuple[int, ...]


def checksum(data: bytes) -> int:
    """Return the sum of the bytes modulo 256."""
    return sum(data) & 0xFF


def block_words(data: bytes) -> tuple[int, ...]:
    """Return a peripheral's block as words: its data and the checksum, which carries the mode bit."""
    return (*data, MODE | checksum(data))


def command_words(data: bytes) -> tuple[int, ...]:
    """Return a master's block as words: the address byte carries the mode bit, the checksum does not."""
    return (MODE | data[0], *data[1:], checksum(data))
