/* pcap.h - what one node sees, as a capture file for Wireshark and tcpdump.
 *
 * Every frame that the node sends or receives, at the moment of its record,
 * with nanosecond times from 1970-01-01T00:00Z.  Frames are as a capture on a
 * host shows them: without preamble, padding and check sequence.  Synthetic
 * payload is zeros. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_PCAP_H
#define FIRSTBYTE_MODELS_OBSERVERS_PCAP_H

#include <glib.h>

#include "sim/sim.h"

typedef struct PcapFile PcapFile;

/* Begins FILE with what NODE sees from now on; NULL when it cannot be written.
 */
PcapFile *pcap_file_open(const char *file, Sim *sim, uint32_t node,
                         GError **error);
/* Ends and frees it, while SIM is still there.  False when not all could be
 * written; what was written is left. */
bool pcap_file_close(PcapFile *pcap, GError **error);

#endif
