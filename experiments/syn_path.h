/* syn_path.h - whether the exact theory of a handshake holds at a point, and
 * for what path and which hosts. */
#ifndef FIRSTBYTE_EXPERIMENTS_SYN_PATH_H
#define FIRSTBYTE_EXPERIMENTS_SYN_PATH_H

#include "plan.h"
#include "theory.h"

/* The theory of the one workload of POINT.  NULL, with the reason in *WHY
 * (g_free), where it does not hold: more than one workload or node, names, ARP
 * that asks, a switch, noise, scripted drops, lines that are busy (more than 1
 * % of their time), connections that begin at fixed times of the kernel's
 * clock, or a client and server that cannot reach each other. */
SynTheory *syn_path_theory(const PlanPoint *point, unsigned phases, char **why);

#endif
