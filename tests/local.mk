# The tests, a block for each room that they test.  tests/check_X is made of
# tests/check_X.c and LDADD; of more where a list of sources stands here.
AM_CPPFLAGS += $(CHECK_CFLAGS) -DTESTDIR='"$(abs_srcdir)/tests"'
LDADD = libfirstbyte.a $(LIBRARIES_USED) $(CHECK_LIBS)
CHECKS =
check_PROGRAMS += $(CHECKS)
TESTS += $(CHECKS)
# GLib's own allocator would hide leaks from the sanitizer.
AM_TESTS_ENVIRONMENT = G_SLICE=always-malloc; export G_SLICE;
noinst_HEADERS = tests/experiment_fixture.h tests/link_fixture.h \
	tests/random.h tests/row.h tests/arp_log.h \
	tests/run_tests.h \
	tests/topology_text.h tests/workload_run.h

# sim
CHECKS += \
	tests/check_config \
	tests/check_config_keys \
	tests/check_describe \
	tests/check_equeue \
	tests/check_metric \
	tests/check_quantity \
	tests/check_range \
	tests/check_rng \
	tests/check_sim

# wire and packet
CHECKS += \
	tests/check_packet \
	tests/check_wire \
	tests/check_wire_tcp

# link and net
CHECKS += \
	tests/check_arp tests/check_arp_table \
	tests/check_burst \
	tests/check_coding \
	tests/check_link \
	tests/check_link_config \
	tests/check_link_late \
	tests/check_multihomed \
	tests/check_net \
	tests/check_noise \
	tests/check_route \
	tests/check_signal \
	tests/check_switch \
	tests/check_waveform
tests_check_link_config_SOURCES = tests/check_link_config.c tests/tcp/stage.c \
	tests/tcp/stage.h

# transport
CHECKS += \
	tests/check_bbr \
	tests/check_connect \
	tests/check_cubic \
	tests/check_found \
	tests/check_packetdrill \
	tests/check_probing \
	tests/check_run_script \
	tests/check_requirements \
	tests/check_scripts \
	tests/check_states \
	tests/check_tcp \
	tests/check_tcp_icmp \
	tests/check_tcp_host \
	tests/check_tcp_open \
	tests/check_traces \
	tests/check_transfers \
	tests/check_socket_calls \
	tests/check_sockets \
	tests/check_time_wait \
	tests/check_udp \
	tests/check_urgent \
	tests/check_waiting
LAB = tests/linux/lab.c tests/linux/lab.h
SAMPLE = tests/linux/sample.c tests/linux/sample.h
MEASURED = $(LAB) $(SAMPLE) tests/linux/measured.c tests/linux/measured.h
tests_check_bbr_SOURCES = tests/check_bbr.c tests/pair.c tests/pair.h
tests_check_connect_SOURCES = tests/check_connect.c $(LAB)
tests_check_found_SOURCES = tests/check_found.c tests/tcb_check.c \
	tests/tcb_check.h tests/tcp/stage.c tests/tcp/stage.h
tests_check_cubic_SOURCES = tests/check_cubic.c tests/pair.c tests/pair.h
tests_check_probing_SOURCES = tests/check_probing.c $(MEASURED)
SOCKET_PAIR = tests/socket_pair.c tests/socket_pair.h
tests_check_socket_calls_SOURCES = tests/check_socket_calls.c $(SOCKET_PAIR)
tests_check_sockets_SOURCES = tests/check_sockets.c $(SOCKET_PAIR)
tests_check_states_SOURCES = tests/check_states.c $(MEASURED)
tests_check_tcp_SOURCES = tests/check_tcp.c tests/pair.c tests/pair.h
tests_check_tcp_icmp_SOURCES = tests/check_tcp_icmp.c tests/pair.c tests/pair.h
tests_check_tcp_open_SOURCES = tests/check_tcp_open.c tests/pair.c \
	tests/pair.h tests/tcp/stage.c tests/tcp/stage.h
tests_check_tcp_host_SOURCES = tests/check_tcp_host.c tests/pair.c tests/pair.h
tests_check_urgent_SOURCES = tests/check_urgent.c tests/pair.c tests/pair.h
tests_check_time_wait_SOURCES = tests/check_time_wait.c $(MEASURED) \
	tests/tcp/stage.c tests/tcp/stage.h
tests_check_traces_SOURCES = tests/check_traces.c $(LAB) \
	tests/linux/replay.c tests/linux/replay.h \
	tests/linux/trace.c tests/linux/trace.h
tests_check_transfers_SOURCES = tests/check_transfers.c $(LAB) $(SAMPLE) \
	tests/linux/transfer.c tests/linux/transfer.h
tests_check_waiting_SOURCES = tests/check_waiting.c $(MEASURED)
EXTRA_DIST += tests/linux/README.md tests/linux/connect_rtt20.csv \
	tests/linux/close.tsv \
	tests/linux/states tests/linux/traces \
	tests/linux/transfers_rtt20.tsv
include $(srcdir)/tests/tcp/local.mk
include $(srcdir)/tests/packetdrill/local.mk

# app
CHECKS += \
	tests/check_browser \
	tests/check_dns \
	tests/check_http \
	tests/check_page \
	tests/check_resolver \
	tests/check_server \
	tests/check_url
APP_NET = tests/app_net.c tests/app_net.h
tests_check_browser_SOURCES = tests/check_browser.c $(APP_NET)
tests_check_resolver_SOURCES = tests/check_resolver.c $(APP_NET)
tests_check_server_SOURCES = tests/check_server.c $(APP_NET)

# nodes and observers
CHECKS += \
	tests/check_fingerprint \
	tests/check_pcap

# topologies
CHECKS += \
	tests/check_tables \
	tests/check_topology \
	tests/check_topology_mistakes

# experiments
CHECKS += \
	tests/check_coverage \
	tests/check_estimand \
	tests/check_estimates \
	tests/check_bit_error_rate \
	tests/check_experiment \
	tests/check_include \
	tests/check_loss_rate \
	tests/check_outcomes \
	tests/check_axes \
	tests/check_plan \
	tests/check_run_bytes \
	tests/check_queueing \
	tests/check_select \
	tests/check_schedule \
	tests/check_send \
	tests/check_series \
	tests/check_steady \
	tests/check_steady_run \
	tests/check_sweep \
	tests/check_theory \
	tests/check_close tests/check_workload \
	tests/check_workload_flood

tests_check_coverage_SOURCES = tests/check_coverage.c tests/coverage.c \
	tests/coverage.h tests/coverage_models.c

# How often intervals hold the truth: the tables of docs/statistics.md.
COVERAGE = 2000
COVERAGE_THREADS = 2
coverage: tests/check_coverage
	$(builddir)/tests/check_coverage $(COVERAGE) $(COVERAGE_THREADS)
.PHONY: coverage

# cli: what a user types, and the house itself
dist_check_SCRIPTS = \
	tests/run-bad-input \
	tests/run-experiments \
	tests/run-fingerprints \
	tests/run-floors \
	tests/run-folder \
	tests/run-install \
	tests/run-kill \
	tests/run-lifecycle \
	tests/run-manual \
	tests/run-mistakes \
	tests/run-memory \
	tests/run-mpi \
	tests/run-outputs \
	tests/run-shards \
	tests/run-select \
	tests/run-slurm \
	tests/run-plots \
	tests/run-report \
	tests/run-query \
	tests/run-reference \
	tests/run-time-wait-late \
	tests/run-tour \
	tests/run-tshark \
	tests/run-verify \
	tests/run-waveform
TESTS += $(dist_check_SCRIPTS)
EXTRA_DIST += tests/results.py

# kill -9 a hundred times instead of twenty.
kills: firstbyte
	KILLS=100 srcdir=$(srcdir) $(srcdir)/tests/run-kill
.PHONY: kills

# What this build records, other compilers' builds verify.
verify-builds: firstbyte
	srcdir=$(srcdir) $(srcdir)/tests/verify-builds
.PHONY: verify-builds
EXTRA_DIST += tests/verify-builds
EXTRA_DIST += tests/mistakes
EXTRA_DIST += tests/golden/plots tests/plots
EXTRA_DIST += tests/experiments.tsv tests/fingerprints.tsv tests/lifecycle.tsv

# fuzzing: tests/fuzz/targets.txt lists the targets; configure reads it
CONFIG_STATUS_DEPENDENCIES = $(srcdir)/tests/fuzz/targets.txt
TEST_EXTENSIONS += .replay
TESTS += $(FUZZ_REPLAYS)
EXTRA_DIST += tests/fuzz

# What besides fuzz_NAME.c a target is made of: run-fuzz reads NAME.sources.
HOSTILE = tests/fuzz/hostile.c tests/fuzz/hostile.h tests/fuzz/hostile_steps.c \
	tests/tcb_check.c tests/tcb_check.h
fuzz/tcp.replay: $(addprefix $(srcdir)/,$(filter %.c,$(HOSTILE)))

fuzz/%.replay: $(srcdir)/tests/fuzz/fuzz_%.c $(srcdir)/tests/fuzz/replay.c \
	libfirstbyte.a
	@$(MKDIR_P) fuzz
	$(AM_V_CCLD)$(CC) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) \
		-DCORPUS='"$(abs_srcdir)/tests/fuzz/corpus/$*"' \
		$(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) -o $@ \
		$(filter %.c,$^) $(filter %.a,$^) $(LIBRARIES_USED) $(LIBS)

# the same on random bytes, for a number of runs or for a time
CHECKS += tests/fuzz/siege
tests_fuzz_siege_SOURCES = tests/fuzz/siege.c $(HOSTILE)

# two hosts on a line that loses half; a million connections: make torture
CHECKS += tests/torture
tests_torture_SOURCES = tests/torture.c tests/tcb_check.c tests/tcb_check.h
TORTURE_COUNT = 1000000
TORTURE_SEED = 1
.PHONY: torture
torture: tests/torture
	tests/torture --count $(TORTURE_COUNT) --seed $(TORTURE_SEED)

.PHONY: fuzz
fuzz: export SRCDIR = $(abs_srcdir)
fuzz: export SOURCES = $(libfirstbyte_a_SOURCES) $(nodist_libfirstbyte_a_SOURCES)
fuzz: export CPPFLAGS_USED = $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS)
fuzz: export CFLAGS_USED = $(filter-out -Werror -fsanitize=%,$(AM_CFLAGS))
fuzz: export LIBS_USED = $(LIBRARIES_USED) $(LIBS)
fuzz: $(BUILT_SOURCES) $(nodist_libfirstbyte_a_SOURCES)
	@$(srcdir)/tests/fuzz/run-fuzz

clean-local: clean-fuzz
clean-fuzz:
	rm -rf fuzz

# benchmarks of the link
EXTRA_PROGRAMS += tests/bench/crossing

# benchmarks of the engine
EXTRA_PROGRAMS += tests/bench/hold tests/bench/hold-heap tests/bench/peers/hold
tests_bench_hold_heap_SOURCES = tests/bench/hold.c tests/bench/heap.h
tests_bench_hold_heap_CPPFLAGS = $(AM_CPPFLAGS) -DHOLD_HEAP
tests_bench_hold_heap_LDADD = -lm
tests_bench_peers_hold_SOURCES = tests/bench/peers/hold.c \
	tests/bench/peers/workload.h
tests_bench_peers_hold_LDADD = -lm

# benchmarks of the whole stack
EXTRA_PROGRAMS += tests/bench/storm tests/bench/web tests/bench/idle \
	tests/bench/peers/handshake-floor
tests_bench_peers_handshake_floor_SOURCES = \
	tests/bench/peers/handshake-floor.c tests/bench/peers/workload.h
tests_bench_peers_handshake_floor_LDADD = -lm
noinst_HEADERS += tests/bench/bench.h
EXTRA_DIST += tests/bench/RESULTS.md tests/bench/run-bench tests/bench/peers

.PHONY: bench
bench: export SRCDIR = $(abs_srcdir)
bench: $(EXTRA_PROGRAMS)
	@$(srcdir)/tests/bench/run-bench
clean-local: clean-bench
clean-bench:
	rm -rf bench
