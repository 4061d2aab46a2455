#include <stdlib.h>
#include <string.h>

#include "board.h"

enum { WORDS_MAX = 64 };

static void do_words(avr_t *avr, char *rest) {
    uint16_t words[WORDS_MAX];
    char *place;
    char *delay = strtok_r(rest, " ", &place);
    int count = 0;
    for (char *word = strtok_r(NULL, " ", &place); word && count < WORDS_MAX; word = strtok_r(NULL, " ", &place)) {
        words[count++] = (uint16_t)(strtoul(word, NULL, 16) & 0x1FF);
    }
    if (delay && count) {
        bus_say(avr, (uint32_t)strtoul(delay, NULL, 10), words, count);
    }
}

static void do_input(avr_t *avr, char *rest) {
    char *place;
    char *name = strtok_r(rest, " ", &place);
    char *level = strtok_r(NULL, " ", &place);
    if (name && level) {
        pins_set(avr, name, level[0] == '1');
    }
}

static void do_item(avr_t *avr, char *item) {
    item += strspn(item, " ");
    if (item[0] == 'R' && item[1]) {
        do_words(avr, item + 1);
    } else if (item[0] == 'I' && item[1]) {
        do_input(avr, item + 1);
    }
}

void answer_do(avr_t *avr, const char *answer) {
    if (answer[0] == '-') {
        return;
    }
    char *copy = strdup(answer), *place;
    for (char *item = strtok_r(copy, ";", &place); item; item = strtok_r(NULL, ";", &place)) {
        do_item(avr, item);
    }
    free(copy);
}
