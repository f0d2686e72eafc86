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
libfirstbyte_a_SOURCES +=

# transport
libfirstbyte_a_SOURCES +=

# app
libfirstbyte_a_SOURCES +=

# nodes
libfirstbyte_a_SOURCES +=

# observers
libfirstbyte_a_SOURCES +=
