# The shared object that packetdrill loads.  The parts of the library that it
# needs are compiled once more, as position-independent code: the library itself
# pays nothing for it.  It is a "program" linked with -shared, since Automake
# builds a plain shared object only with Libtool.
PACKETDRILL_OBJECT = tests/packetdrill/firstbyte.so
check_PROGRAMS += $(PACKETDRILL_OBJECT)
tests_packetdrill_firstbyte_so_SOURCES = \
	$(STACK_SOURCES) \
	tests/packetdrill/adapter.c \
	tests/packetdrill/adapter.h \
	tests/packetdrill/calls.c \
	tests/packetdrill/clock.c \
	tests/packetdrill/epoll.c \
	tests/packetdrill/info.c \
	tests/packetdrill/interface.h \
	tests/packetdrill/interpose.c \
	tests/packetdrill/options.c \
	tests/packetdrill/settings.c \
	tests/packetdrill/states.c
tests_packetdrill_firstbyte_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_packetdrill_firstbyte_so_LDFLAGS = $(AM_LDFLAGS) -shared
tests_packetdrill_firstbyte_so_LDADD = $(LIBRARIES_USED)

# Its test opens it by name.
tests_check_packetdrill_LDADD = $(LDADD) -ldl -lpthread
EXTRA_tests_check_packetdrill_DEPENDENCIES = $(PACKETDRILL_OBJECT)

EXTRA_DIST += tests/packetdrill/README.md tests/packetdrill/RESULTS.md \
	tests/packetdrill/lists tests/packetdrill/names.py \
	tests/packetdrill/reasons.tsv tests/packetdrill/run-conformance

.PHONY: conformance
conformance: export PACKETDRILL := $(PACKETDRILL)
conformance: export GOOGLE := $(GOOGLE)
conformance: export FREEBSD := $(FREEBSD)
conformance: $(PACKETDRILL_OBJECT)
	@$(srcdir)/tests/packetdrill/run-conformance
