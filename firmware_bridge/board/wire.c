#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "board.h"

enum { LINE_MAX_BYTES = 4096 };

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int wire = -1;
static char line[LINE_MAX_BYTES];

static void hang_up(void) {
    close(wire);
    wire = -1;
}

void wire_open(const char *path) {
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    wire_retry();
}

void wire_retry(void) {
    if (wire >= 0 || !address.sun_path[0]) {
        return;
    }
    wire = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(wire, (struct sockaddr *)&address, sizeof address) != 0) {
        hang_up();
    }
}

static bool read_line(void) {
    size_t count = 0;
    while (count < sizeof line - 1) {
        ssize_t came = read(wire, line + count, sizeof line - 1 - count);
        if (came <= 0) {
            return false;
        }
        count += (size_t)came;
        if (line[count - 1] == '\n') {
            line[count - 1] = 0;
            return true;
        }
    }
    return false;
}

const char *wire_ask(const char *format, ...) {
    char question[80];
    va_list values;
    va_start(values, format);
    int count = vsnprintf(question, sizeof question, format, values);
    va_end(values);
    if (wire < 0) {
        return "-";
    }
    if (send(wire, question, (size_t)count, MSG_NOSIGNAL) != count || !read_line()) {
        hang_up();
        return "-";
    }
    return line;
}
