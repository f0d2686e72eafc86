/* story_internal.h - what the story's two files share: its memory of the run,
 * and the tellers, one for each kind of record. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_STORY_INTERNAL_H
#define FIRSTBYTE_MODELS_OBSERVERS_STORY_INTERNAL_H

#include "models/transport/tcp.h"
#include "story.h"

/* One connection, as far as it was told.  Side 0 opened it. */
typedef struct FlowStory {
    uint32_t node[2];
    uint32_t iss[2];
    bool iss_known[2];
    uint8_t state[2]; /* TcpState; the other side begins in LISTEN */
    bool acked_syn;   /* the handshake's last ACK was told */
} FlowStory;

struct Story {
    Observer observer;
    const Network *network;
    FILE *out;
    StoryOptions options;
    GHashTable *flows;  /* FlowId as 64 bits -> FlowStory */
    GHashTable *fates;  /* packet id -> char *: where and why it was dropped */
    uint64_t followed;  /* id of the first packet with TCP data, 0: none yet */
    uint32_t followed_to; /* the node it is for */
};

/* Writes the sentence about RECORD into LINE; an empty line is not printed. */
typedef void StoryTeller(Story *story, const Record *record, GString *line);
typedef struct StoryKind {
    const char *layer; /* the third column */
    StoryTeller *tell;
} StoryKind;
extern const StoryKind story_kinds[RECORD_KINDS];

FlowStory *story_flow(Story *story, FlowId flow);
const char *story_node(const Story *story, uint32_t node, char text[NODE_NAME_MAX]);
/* "203.0.113.80 (web)". */
void story_address(const Story *story, GString *line, IpAddress address);
/* "SYN seq 0, 60 bytes, 49152 -> 80": numbers relative to the first ones. */
void story_packet(Story *story, GString *line, const Packet *packet);
/* The headers of PACKET, one a line, as dressed by or undressed at a node. */
void story_headers(Story *story, GString *line, const Packet *packet,
                   const Link *link, bool up);

#endif
