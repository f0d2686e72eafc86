# Files of the room cli.
bin_PROGRAMS += firstbyte
firstbyte_SOURCES = \
	cli/check.c \
	cli/cli.h \
	cli/describe.c \
	cli/main.c \
	cli/plot.c \
	cli/run.c \
	cli/trace.c \
	cli/verify.c
firstbyte_LDADD = libfirstbyte.a $(LIBRARIES_USED)
