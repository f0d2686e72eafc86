/* story.h - tells a run in lines that a person can follow.
 *
 * One line per step: time, node, layer, what happened; states on both sides;
 * each loss and each retransmission with its cause; the first segment with data
 * undressed header by header and followed from hop to hop. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_STORY_H
#define FIRSTBYTE_MODELS_OBSERVERS_STORY_H

#include <stdio.h>

#include "models/nodes/network.h"

typedef struct StoryOptions {
    bool verbose; /* every packet at every hop, the paragraph of each
                     change of state */
    bool json;    /* a JSON object a line, for programs */
    bool colours;
} StoryOptions;

typedef struct Story Story;

/* Begins to write what happens in NETWORK to OUT (the caller's). */
Story *story_new(const Network *network, FILE *out, StoryOptions options);
void story_free(Story *story);

#endif
