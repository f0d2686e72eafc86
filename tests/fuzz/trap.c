/* trap.c - linked into each fuzz target: GLib ends a program that called
 * g_error() with SIGTRAP, which libFuzzer does not know; made SIGABRT, it is a
 * finding whose input is kept. */
#include <signal.h>
#include <stdlib.h>

static void trapped(int number)
{
    (void)number;
    abort();
}

__attribute__((constructor)) static void trap_becomes_abort(void)
{
    signal(SIGTRAP, trapped);
}
