# The network, a block for each room, in the order in which a packet is dressed.

# wire
libfirstbyte_a_SOURCES +=

# packet
libfirstbyte_a_SOURCES += \
	models/memory.h \
	models/packet.h \
	models/tell.h

# link
libfirstbyte_a_SOURCES +=

# net
libfirstbyte_a_SOURCES += \
	models/net/arp.c models/net/arp.h \
	models/net/arp_peers.c \
	models/net/host.c models/net/host.h \
	models/net/icmp.c \
	models/net/net_config.c \
	models/net/route.c models/net/route.h

# transport
libfirstbyte_a_SOURCES += \
	models/transport/udp.c models/transport/udp.h

# app
libfirstbyte_a_SOURCES +=

# nodes
libfirstbyte_a_SOURCES +=

# observers
libfirstbyte_a_SOURCES +=
