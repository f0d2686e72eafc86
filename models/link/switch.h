/* switch.h - an Ethernet switch that learns (IEEE 802.1D s7.8, without trees).
 *
 * Not modelled: spanning tree (a loop of switches floods for ever, so the
 * loader refuses one), VLANs, store-and-forward delay. */
#ifndef FIRSTBYTE_MODELS_LINK_SWITCH_H
#define FIRSTBYTE_MODELS_LINK_SWITCH_H

#include "link.h"

typedef struct Switch Switch;

/* A switch with COUNT ports; entries age after AGEING (300 s by 802.1D). */
Switch *switch_new(Sim *sim, uint32_t node, unsigned count, SimTime ageing);
void switch_free(Switch *sw);
/* The port with number INDEX: what a link delivers to. */
Port *switch_port(Switch *sw, unsigned index);
/* Frames that leave by port INDEX go to OUT. */
void switch_connect(Switch *sw, unsigned index, Link *out);

#endif
