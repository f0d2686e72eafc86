# The engine.
STACK_SOURCES += \
	sim/config.c sim/config.h \
	sim/config_apply.c sim/config_error.c \
	sim/config_read.c sim/config_text.h \
	sim/describe.c sim/describe.h \
	sim/equeue.c sim/equeue.h \
	sim/metric.c sim/metric.h \
	sim/quantity.c sim/quantity.h \
	sim/range.c sim/range.h \
	sim/record.h \
	sim/rng.c sim/rng.h \
	sim/siphash.c sim/siphash.h \
	sim/sim.c sim/sim.h \
	sim/simtime.h \
	sim/slab.c sim/slab.h \
	sim/spelling.c sim/spelling.h \
	sim/wheel.h
