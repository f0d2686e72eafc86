# The engine.
libfirstbyte_a_SOURCES += \
	sim/equeue.c sim/equeue.h \
	sim/metric.c sim/metric.h \
	sim/record.h \
	sim/rng.c sim/rng.h \
	sim/sim.c sim/sim.h \
	sim/simtime.h \
	sim/slab.c sim/slab.h \
	sim/wheel.h
