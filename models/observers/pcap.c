/* pcap.c - see pcap.h. */
#include "pcap.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <pcap/pcap.h>

#include "models/packet.h"

enum { FRAME_MAX = ETHERNET_HEADER_LEN + 65535 };

struct PcapFile {
    Observer observer;
    Sim *sim;
    pcap_t *format; /* libpcap's description of the file, not a capture */
    pcap_dumper_t *dumper;
    char *name;
    int wrong; /* errno of the first write that failed; 0: none */
    uint32_t node;
    uint8_t frame[FRAME_MAX];
};

static void hear(Observer *observer, const Record *record)
{
    PcapFile *pcap = sim_container_of(observer, PcapFile, observer);
    const PacketTold *told = record->what;
    struct pcap_pkthdr header = {0};
    size_t len;

    if (record->node != pcap->node || pcap->wrong != 0)
        return;
    len = packet_emit(told->packet, false, pcap->frame, FRAME_MAX);
    g_assert(len != 0);
    header.ts.tv_sec = (time_t)(record->at / SIM_S);
    header.ts.tv_usec = (suseconds_t)(record->at % SIM_S); /* ns */
    header.caplen = header.len = (bpf_u_int32)len;
    errno = 0;
    pcap_dump((u_char *)pcap->dumper, &header, pcap->frame);
    if (ferror(pcap_dump_file(pcap->dumper)))
        pcap->wrong = errno != 0 ? errno : EIO;
}

static bool fail(const char *name, int wrong, GError **error)
{
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(wrong),
                "%s: cannot be written: %s", name, g_strerror(wrong));
    return false;
}

PcapFile *pcap_file_open(const char *file, Sim *sim, uint32_t node,
                         GError **error)
{
    PcapFile *pcap;
    FILE *stream = g_fopen(file, "wb");

    if (stream == NULL) {
        fail(file, errno, error);
        return NULL;
    }
    pcap = g_new0(PcapFile, 1);
    pcap->name = g_strdup(file);
    pcap->sim = sim;
    pcap->node = node;
    pcap->format = pcap_open_dead_with_tstamp_precision(
        DLT_EN10MB, FRAME_MAX, PCAP_TSTAMP_PRECISION_NANO);
    pcap->dumper = pcap_dump_fopen(pcap->format, stream);
    if (pcap->dumper == NULL) { /* libpcap has closed the stream */
        fail(file, errno != 0 ? errno : EIO, error);
        pcap_close(pcap->format);
        g_free(pcap->name);
        g_free(pcap);
        return NULL;
    }
    pcap->observer = (Observer){.wants = (uint64_t)1 << REC_PACKET_SENT |
                                         (uint64_t)1 << REC_PACKET_RECEIVED,
                                .hear = hear};
    sim_observe(sim, &pcap->observer);
    return pcap;
}

bool pcap_file_close(PcapFile *pcap, GError **error)
{
    bool good;

    sim_unobserve(pcap->sim, &pcap->observer);
    if (pcap_dump_flush(pcap->dumper) != 0 && pcap->wrong == 0)
        pcap->wrong = errno != 0 ? errno : EIO;
    pcap_dump_close(pcap->dumper);
    pcap_close(pcap->format);
    good = pcap->wrong == 0 || fail(pcap->name, pcap->wrong, error);
    g_free(pcap->name);
    g_free(pcap);
    return good;
}
