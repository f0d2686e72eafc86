/* link.h - one direction of a line: a drop-tail queue, a rate, a propagation
 * delay, and what goes wrong on the way.
 *
 * Stages, in order: scripted drop -> drop-tail queue -> serialisation -> loss
 * and noise -> propagation -> duplication -> jitter.  The first two drop at
 * once, at the sender's node; a packet lost or damaged on the line has used
 * queue and line, and its drop is told where and when it would have arrived.
 * What is in flight is a FIFO with one event for its head; an idle line needs
 * nothing: until when a line is busy, its last packet says.  The queue's limit
 * counts waiting packets without the one that is being sent.
 *
 * Whether a packet is lost, damaged, late or comes twice is drawn from its
 * identity (this link and direction; flow and number; replication), not in
 * turn: see DESIGN's decision 7. A link that can lose nothing draws nothing.
 *
 * Whoever hands a packet to link_send() tells REC_PACKET_SENT first; whoever
 * receives one tells REC_PACKET_RECEIVED.  The link tells its drops, and sets
 * sim->cause to the packet that arrives.
 *
 * Jitter is drawn for each packet by itself, a copy's too.  Without `reorder` a
 * packet that is less late waits for those before it, as behind a radio that
 * repeats what it lost; with it the packet overtakes them, as on another path.
 * On a detour (another route, for a packet now and then) it is overtaken in any
 * case. A copy has an identity of its own (PACKET_COPY), so that further lines
 * decide about it by itself.
 *
 * With `loss_burst` losses come together (burst.h): whether the line is bad is
 * a matter of the line alone, whether a packet is lost then still of the
 * packet.
 *
 * With `signal = sampled` every frame goes over the line as the samples of its
 * waveform and is read from them where it arrives: slow, and what the formula
 * of each line code is held against.  A frame's noise and clock are drawn from
 * its identity as well; a copy is a frame by itself.
 *
 * Not modelled: correlated jitter, half duplex. */
#ifndef FIRSTBYTE_MODELS_LINK_LINK_H
#define FIRSTBYTE_MODELS_LINK_LINK_H

#include "burst.h"
#include "late.h"
#include "linecode.h"
#include "models/packet.h"
#include "noise.h"
#include "sim/config.h"
#include "sim/rng.h"
#include "waveform.h"

typedef struct Link Link;
typedef struct Port Port;

/* Where frames come out of a link.  RECEIVE takes the packet. */
struct Port {
    void (*receive)(Port *port, Packet *packet /* taken */);
};

/* Which bytes the rate and the queue count. */
typedef enum LinkOverhead {
    OVERHEAD_IP,           /* the network-layer packet alone */
    OVERHEAD_ETHERNET,     /* + header, padding and FCS */
    OVERHEAD_ETHERNET_GAP, /* + preamble and inter-packet gap: default */
} LinkOverhead;

/* How noise is brought about; see linecode.h and waveform.h. */
typedef enum LinkSignal {
    SIGNAL_FORMULA, /* by chance, as often as the line code's formula says */
    SIGNAL_SAMPLED, /* by reading each frame from the samples of its waveform */
} LinkSignal;

/* What `drop = SYN 1, data 5` counts; a packet may be of several classes. */
typedef enum DropRuleClass {
    RULE_SYN, /* without ACK */
    RULE_SYN_ACK,
    RULE_ACK,  /* nothing but an ACK */
    RULE_DATA, /* with payload */
    RULE_FIN,
    RULE_ACK_OF_FIN, /* an ACK alone, of everything and the other side's FIN */
    RULE_RST,
    RULE_ARP,
    RULE_UDP,
    RULE_ANY,
    RULE_CLASSES
} DropRuleClass;

typedef struct DropRule {
    DropRuleClass class;
    uint32_t first, last; /* packets of the class to drop, from 1 */
} DropRule;

enum { DROP_RULES_MAX = 16 };

/* One direction's settings, filled from a [link ...] group by link_keys[];
 * shared by all links that have the same ones. */
typedef struct LinkConfig {
    uint64_t rate;          /* bit/s; 0: unlimited */
    SimTime delay;          /* propagation */
    SimTime jitter;         /* most that a packet takes longer */
    bool reorder;           /* a packet may overtake those that are later */
    double loss;            /* chance that a packet is lost */
    BurstConfig burst;      /* whether losses come together */
    double duplicate;       /* chance that it arrives twice */
    double detour;          /* chance that it takes a longer way ... */
    SimTime detour_delay;   /* ... at most so much longer */
    uint64_t queue_packets; /* that wait, but for the one sent; 0: no limit */
    uint64_t queue_bytes;   /* the same in bytes; 0: no limit */
    uint32_t ecn_threshold; /* packets that wait; 0: nothing is marked */
    uint64_t mtu;           /* bytes of the network-layer packet */
    double snr;             /* Eb/N0 in dB; INFINITY: no noise */
    double attenuation;     /* dB that the signal is weaker at the far end */
    LineCode line_code;
    LinkSignal signal;
    /* of SIGNAL_SAMPLED: */
    double clock_offset; /* the receiver's clock is faster by this share */
    double rise_time;    /* of a change of level, in symbols */
    bool crossed;        /* the two wires are swapped */
    LinkOverhead overhead;
    unsigned rule_count;
    DropRule rules[DROP_RULES_MAX];
    /* derived by link_config_finish() */
    uint64_t loss_threshold, duplicate_threshold, /* of a 32-bit word */
        detour_threshold;
    bool risky;           /* a packet's fate is drawn */
    bool tarries;         /* packets may be late or come twice */
    uint32_t ns_per_byte; /* at `rate`, where that is a whole number; else 0 */
    Noise noise;
    unsigned framing_bits; /* that noise spoils a frame by, besides its own */
    Waveform waveform;
} LinkConfig;

extern const ConfigKey link_keys[];
/* Eb/N0 where the signal arrives, as a ratio; INFINITY: no noise. */
double link_eb_n0(const LinkConfig *config);
/* NULL, or what is wrong with the settings as a whole, and with what instead
 * would be right (g_free); *KEY is the key to blame. */
char *link_config_wrong(const LinkConfig *config, const char **key);
/* Fills the derived fields; to be called once, when the others are set. */
void link_config_finish(LinkConfig *config);

/* What few links need. */
typedef struct LinkExtra {
    uint32_t rule_counts[RULE_CLASSES]; /* packets seen of each class */
    Late late;                          /* beyond `delay` */
    Burst burst;                        /* good and bad periods */
    Link *link;
} LinkExtra;

struct Link {
    Sim *sim;
    const LinkConfig *config; /* owned by the topology */
    Port *to;
    Packet *first, *last; /* in flight or waiting, in order of arrival */
    Packet *waiting;      /* the first not being sent yet, as far as looked */
    uint32_t waiting_packets, waiting_bytes;
    SimTime given;      /* how long all that it was ever given takes to send */
    Event head;         /* the first packet arrives */
    StreamKey key;      /* of this link and direction */
    LinkExtra *extra;   /* NULL: no rules, no bursts, never late */
    uint32_t from_node; /* who sends: where queue and rules drop, for records */
    uint32_t to_node;   /* whose port TO is, for records */
};

/* NAME: "laptop -> home", the consumer's name of its random stream. */
void link_init(Link *link, Sim *sim, const LinkConfig *config, const char *name,
               uint32_t from_node, Port *to, uint32_t to_node);
/* Drops what is in flight (told as DROP_LINK_CLEARED). */
void link_clear(Link *link);
/* How long a packet given to link_send() now would wait before its first bit.
 */
SimTime link_wait(const Link *link);
/* What waits at AT, at or after the last event, for the line to be free:
 * without the packet that is being sent. */
typedef struct LinkQueue {
    uint32_t packets;
    uint64_t bytes; /* as the queue counts them */
    SimTime wait;   /* of a packet that came at AT */
} LinkQueue;
LinkQueue link_queue(const Link *link, SimTime at);
/* How long LINK has been sending until AT, at or after the last event: an
 * unlimited rate takes no time. */
SimTime link_busy(const Link *link, SimTime at);
/* The frame bytes that the rate and the queue count. */
uint32_t link_counted_bytes(const LinkConfig *config, const Packet *packet);
void link_send(Link *link, Packet *packet /* taken */);
/* The random numbers of PACKET's waveform on LINK, whether or not it is sent as
 * one. */
Stream link_waveform_stream(const Link *link, const Packet *packet);

#endif
