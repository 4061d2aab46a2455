#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <simavr/avr_eeprom.h>

#include "../firmware/boot.h"
#include "board.h"

enum { SLOP = 4096 };

static void fill_new_file(int file, uint32_t size) {
    struct stat state;
    if (fstat(file, &state) == 0 && state.st_size == size) {
        return;
    }
    uint8_t *blank = malloc(size);
    memset(blank, 0xFF, size);
    if (pwrite(file, blank, size, 0) != size || ftruncate(file, size) != 0) {
        abort();
    }
    free(blank);
}

/* Map the file's `size` bytes, at `place` or anywhere. */
static uint8_t *map(const char *path, uint32_t size, uint8_t *place) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
        abort();
    }
    fill_new_file(file, size);
    void *bytes = mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | (place ? MAP_FIXED : 0), file, 0);
    if (bytes == MAP_FAILED) {
        abort();
    }
    close(file);
    return bytes;
}

void nvm_attach(avr_t *avr, const char *path) {
    avr_eeprom_t *eeprom = (avr_eeprom_t *)board_module(avr, "eeprom", 0);
    free(eeprom->eeprom);
    eeprom->eeprom = map(path, eeprom->size, NULL);
}

/* simavr reads no section's address, so that the boot loader is put where it belongs; it reads a
 * word beyond the flash's end, so that there is room behind the file's pages. */
void flash_attach(avr_t *avr, const char *path, const elf_firmware_t *boot_loader) {
    uint32_t size = avr->flashend + 1;
    uint8_t *room = mmap(NULL, size + SLOP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) {
        abort();
    }
    free(avr->flash);
    avr->flash = map(path, size, room);
    memcpy(avr->flash + BOOT_LOADER_AT, boot_loader->flash, boot_loader->flashsize);
    avr->reset_pc = avr->pc = BOOT_LOADER_AT;
    avr->codeend = avr->flashend;
}
