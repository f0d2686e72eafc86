# Files of the room cli.
bin_PROGRAMS += firstbyte
firstbyte_SOURCES = \
	cli/check.c \
	cli/cli.h \
	cli/describe.c \
	cli/dry_run.c \
	cli/export.c \
	cli/main.c \
	cli/merge.c cli/outcome.c \
	cli/manual.c cli/manual.h \
	cli/plot.c \
	cli/query.c \
	cli/reference.c cli/reference.h \
	cli/report.c \
	cli/run.c \
	cli/syntax.c cli/syntax.h \
	cli/trace.c \
	cli/trace_samples.c cli/trace_samples.h \
	cli/trace_summary.c cli/trace_summary.h \
	cli/verify.c
# Of all programs only the command starts as a rank of MPI.
firstbyte_LDADD = libfirstbyte.a $(LIBRARIES_USED) $(MPI_LIBS)

dist_man_MANS += cli/firstbyte.1
