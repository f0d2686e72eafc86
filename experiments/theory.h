/* theory.h - what the latency of a TCP handshake is, exactly, on one path whose
 * crossings are lost independently: found by enumeration, never by simulation.
 *
 * The client's SYNs and the server's SYN-ACKs follow schedules that are known
 * once it is known which SYNs arrived, so the whole process is a tree: at each
 * SYN it arrives or not, at each SYN-ACK it arrives (the handshake is over) or
 * not; each SYN-ACK that arrives is an atom (latency, probability).  The tree
 * is walked SYN by SYN, for all branches at once: those that leave the server
 * with the same timer are one from there on, so a walk is short.
 *
 * With exact timers there is one tree.  With the kernel's timer wheel the
 * schedules depend on where each host's clock stands when the connection
 * begins; both phases are uniform (connections begin at random times), so the
 * answer is the mean over a two-dimensional Fibonacci lattice of phases, which
 * converges like 1/N, but badly where N has factors in common with the steps of
 * the wheel, which are powers of two: with THEORY_PHASES points the mean at
 * 30 % loss is good to 0.3 ms of 873, with THEORY_FEW_PHASES to 0.5 ms, with
 * 144 to 5 ms (tests/check_theory.c compares with 4181).
 *
 * The server: each SYN that arrives opens a half-open connection, or finds one.
 * Its own timer sends the SYN-ACK again after 1, 2, 4... s; with answer_syn
 * (the `linux` profile) a repeated SYN is answered too and the timer starts
 * again with the length it had, so the two hosts' timers race; without (`rfc`)
 * it draws only an ACK (RFC 9293 s3.10.7.4, first), which a client in SYN-SENT
 * ignores.
 *
 * Not modelled: queueing on the path, a full backlog, name look-up, ARP. */
#ifndef FIRSTBYTE_EXPERIMENTS_THEORY_H
#define FIRSTBYTE_EXPERIMENTS_THEORY_H

#include <stdbool.h>

#include "models/transport/tcp_config.h"
#include "sim/simtime.h"

/* F16, whose lattice generator is F15 = 610; for a curve of many points F11, a
 * prime. */
enum { THEORY_PHASES = 987, THEORY_FEW_PHASES = 89 };

typedef struct SynPath {
    SimTime there, back; /* one way, SYN and SYN-ACK: delay and line */
    double arrives_there, arrives_back; /* chance that a crossing succeeds */
} SynPath;

typedef struct SynAtom {
    SimTime latency; /* from the first SYN to the SYN-ACK that arrives */
    double share; /* cumulative chance of this latency or less; the last: 1 */
} SynAtom;

/* Handshakes that succeed, in order of latency; and those that do not. */
typedef struct SynTheory {
    SynAtom *atoms;
    unsigned count;
    double failed;    /* chance that the client gives up */
    double first_try; /* of those that succeed: chance of the least latency */
    double mean;      /* ns, of those that succeed */
    double deviation; /* ns, standard deviation of the same */
} SynTheory;

/* PHASES: points of the lattice, a Fibonacci number; 0: THEORY_PHASES.  NULL
 * when no handshake can succeed. */
SynTheory *syn_theory_new(const TcpConfig *client, const TcpConfig *server,
                          const SynPath *path, unsigned phases);
void syn_theory_free(SynTheory *theory);
/* The least latency that a share of at least Q (0 to 1) does not exceed. */
SimTime syn_theory_quantile(const SynTheory *theory, double q);
/* The share that does not exceed LATENCY. */
double syn_theory_cdf(const SynTheory *theory, SimTime latency);

#endif
