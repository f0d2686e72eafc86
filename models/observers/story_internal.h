/* story_internal.h - what the story's files share: its memory of the run,
 * and the tellers, one for each kind of record. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_STORY_INTERNAL_H
#define FIRSTBYTE_MODELS_OBSERVERS_STORY_INTERNAL_H

#include "models/transport/tcp.h"
#include "story.h"

/* The last packet that was dropped of one side's. */
typedef struct StoryDrop {
    uint64_t id; /* 0: none was */
    SimTime at;
    uint32_t node;
    uint16_t reason; /* DropReason */
} StoryDrop;

/* One connection, as far as it was told.  Side 0 opened it. */
typedef struct FlowStory {
    uint32_t node[2];
    uint32_t iss[2];
    bool iss_known[2];
    uint8_t state[2]; /* TcpState; the other side begins in LISTEN */
    bool acked_syn;   /* the handshake's last ACK was told */
    StoryDrop drop[2];
} FlowStory;

struct Story {
    Observer observer;
    const Network *network;
    FILE *out;
    StoryOptions options;
    GHashTable *flows; /* FlowId as 64 bits -> FlowStory */
    GHashTable *drops; /* packet id -> StoryDrop */
    uint64_t followed; /* id of the first packet with TCP data, 0: none yet */
};

/* Writes the sentence about RECORD into LINE; an empty line is not printed. */
typedef void StoryTeller(Story *story, const Record *record, GString *line);
typedef struct StoryKind {
    const char *layer; /* the third column */
    StoryTeller *tell;
} StoryKind;
/* Each file tells its own kinds; the others' rows are empty. */
extern const StoryKind story_packet_kinds[RECORD_KINDS];
extern const StoryKind story_tcp_kinds[RECORD_KINDS];
extern const StoryKind story_app_kinds[RECORD_KINDS];

FlowStory *story_flow(Story *story, FlowId flow);
const char *story_node(const Story *story, uint32_t node,
                       char text[NODE_NAME_MAX]);
/* "203.0.113.80 (web)". */
void story_address(const Story *story, GString *line, IpAddress address);
/* "SYN seq 0, 60 bytes, 49152 -> 80": numbers relative to the first ones. */
void story_packet(Story *story, GString *line, const Packet *packet);
/* The headers of PACKET, one a line, as dressed by or undressed at a node. */
void story_headers(Story *story, GString *line, const Packet *packet,
                   const Link *link, bool up);
/* Remembers the first sequence number of each side; later ones are told
 * relative to it, as Wireshark does. */
void story_learn_iss(Story *story, const Packet *packet);
/* A sentence of a vocabulary as the end of ours: "The line lost it." without
 * its capital and its full stop. */
void story_reason(GString *line, const char *sentence);
/* "dropped at 3.200 ms before home (lost)": on the line to it; "at home": in
 * it. */
void story_drop(const Story *story, GString *line, const StoryDrop *drop);
/* The layer that dropped a packet for REASON, as in the third column. */
const char *story_drop_layer(uint16_t reason);

#endif
