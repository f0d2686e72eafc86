/* tcb_check.h - what must hold of a host's connections whenever nobody works on
 * them: asserted by tests after each step.
 *
 * The lists and their counters agree, numbers are in order, nothing waits for
 * ever, and no deadline was missed.  Costs time in proportion to what the
 * connections hold. */
#ifndef FIRSTBYTE_TESTS_TCB_CHECK_H
#define FIRSTBYTE_TESTS_TCB_CHECK_H

#include "models/transport/tcp.h"

/* Every connection of TCP, whole or parked, its listeners and its counts. */
void tcb_check_all(const Tcp *tcp);
void tcb_check(const Tcb *tcb);

#endif
