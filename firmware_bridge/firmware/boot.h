/* What application and boot loader agree on. The flash of the ATmega1284P, in bytes:
 *
 *   00000  application     1F700  its seal (one page)     1F800  boot loader (BOOTSZ = 1024 words, BOOTRST programmed)
 *
 * The seal: "TRAM", length u32, build id u32, CRC-16/CCITT-FALSE u16 of the application's first `length` bytes. */
#ifndef BOOT_H
#define BOOT_H

#define BOOT_SEAL_AT 0x1F700UL
#define BOOT_LOADER_AT 0x1F800UL
#define BOOT_SEAL_MAGIC 0x4D415254UL /* "TRAM" */

/* RAM outlives the watchdog's reset: this word there asks the boot loader to stay. It lies in the application's stack,
 * of which nothing is needed any more once it is written. */
#define BOOT_WISH_AT 0x4000
#define BOOT_WISH 0xB007

/* GPIOR0 carries the reset's cause (MCUSR) over from the boot loader, which had to clear it to stop the watchdog. */

#endif
