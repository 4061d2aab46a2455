#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <simavr/avr_eeprom.h>

#include "board.h"

static void fill_new_file(int file, uint16_t size) {
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

void nvm_attach(avr_t *avr, const char *path) {
    avr_eeprom_t *eeprom = (avr_eeprom_t *)board_module(avr, "eeprom", 0);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
        abort();
    }
    fill_new_file(file, eeprom->size);
    void *bytes = mmap(NULL, eeprom->size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) {
        abort();
    }
    free(eeprom->eeprom);
    eeprom->eeprom = bytes;
    close(file);
}
