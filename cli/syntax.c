/* syntax.c - see syntax.h. */
#include "syntax.h"

#include <stddef.h>

const CliSyntax cli_syntax[] = {
    {"sweep",
     "What is varied. Each line is an axis: a key of the topology or of a "
     "workload, and its values. The points of the experiment are the product "
     "of the axes; the last line varies fastest. No key is swept twice.",
     "link home -- isp.loss = 0 %, 1 %, 5 %           a list\n"
     "link home -- isp.loss = 0 % .. 30 % step 5 %    from end to end, both\n"
     "                                                included\n"
     "link home -- isp.delay = 1 ms .. 1 s log 7      7 points at equal "
     "ratios\n"
     "link home -- isp.rate = 1 Mbit/s .. 5 Mbit/s lin 5\n"
     "                                                5 at equal distances\n"
     "link home -- isp.drop = none | SYN 1, data 5    bars between values "
     "that\n"
     "                                                hold commas\n"
     "tcp.profile = rfc, linux                        words\n"
     "with tcp.time_wait = 240 s, 60 s                moves with the line "
     "above:\n"
     "                                                one value for each of "
     "its\n"
     "case = old, new                                 the alternatives of\n"
     "                                                [case old], [case "
     "new]\n"},
    {"case",
     "A named alternative, [case NAME]: what `case = NAME, ...` of [sweep] "
     "sets when it is its turn. A key that it leaves out stays as it is.",
     "tcp.profile = rfc                               GROUP.KEY = VALUE\n"
     "workload pages.count = 50\n"
     "link home -- isp.queue = droptail 1000 packets\n"},
    {"expect",
     "What comes out, so that the experiment is a test: NAME = ESTIMAND "
     "RELATION VALUE [+- TOLERANCE] [where AXIS is VALUE, ...], held against "
     "every point that the conditions leave. RELATION is `is`, `<` or `>`; "
     "VALUE a quantity or `theory`; TOLERANCE a share (1 %), a quantity, or "
     "standard errors (4 se).",
     "lossless = mean(tcp.handshake.latency) is 40.5 ms +- 1 % where link home "
     "-- isp.loss is 0 %\n"
     "exact = mean(tcp.handshake.latency) is theory +- 4 se\n"
     "tail = p99(work.latency) < 4 s where case is new\n"},
    {"estimand",
     "What is estimated, as [replicate] until, [expect] and plots write it.",
     "mean(METRIC)         over replications, of each one's mean\n"
     "p50(METRIC)          a quantile of the samples of all replications: any "
     "p\n"
     "                     between 0 and 100, p2.5, p99.9\n"
     "min(METRIC), max(METRIC)\n"
     "failures(METRIC)     the share of failures\n"
     "count(METRIC)        samples in a replication, on the average\n"
     "difference(ESTIMAND) to AXIS is VALUE, ...\n"
     "                     how much more it is than at that point\n"},
    {NULL, NULL, NULL},
};
