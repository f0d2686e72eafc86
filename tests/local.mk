# The tests, a block for each room that they test.
TEST_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) -DTESTDIR='"$(abs_srcdir)/tests"'
TEST_LDADD = libfirstbyte.a $(LIBRARIES_USED) $(CHECK_LIBS)

# sim
check_PROGRAMS += tests/check_config
tests_check_config_SOURCES = tests/check_config.c
tests_check_config_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_config_LDADD = $(TEST_LDADD)
TESTS += tests/check_config

check_PROGRAMS += tests/check_config_keys
tests_check_config_keys_SOURCES = tests/check_config_keys.c
tests_check_config_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_config_keys_LDADD = $(TEST_LDADD)
TESTS += tests/check_config_keys

check_PROGRAMS += tests/check_describe
tests_check_describe_SOURCES = tests/check_describe.c
tests_check_describe_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_describe_LDADD = $(TEST_LDADD)
TESTS += tests/check_describe

check_PROGRAMS += tests/check_equeue
tests_check_equeue_SOURCES = tests/check_equeue.c tests/random.h
tests_check_equeue_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_equeue_LDADD = $(TEST_LDADD)
TESTS += tests/check_equeue

check_PROGRAMS += tests/check_metric
tests_check_metric_SOURCES = tests/check_metric.c
tests_check_metric_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_metric_LDADD = $(TEST_LDADD)
TESTS += tests/check_metric

check_PROGRAMS += tests/check_quantity
tests_check_quantity_SOURCES = tests/check_quantity.c
tests_check_quantity_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_quantity_LDADD = $(TEST_LDADD)
TESTS += tests/check_quantity

check_PROGRAMS += tests/check_range
tests_check_range_SOURCES = tests/check_range.c
tests_check_range_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_range_LDADD = $(TEST_LDADD)
TESTS += tests/check_range

check_PROGRAMS += tests/check_rng
tests_check_rng_SOURCES = tests/check_rng.c
tests_check_rng_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_rng_LDADD = $(TEST_LDADD)
TESTS += tests/check_rng

check_PROGRAMS += tests/check_sim
tests_check_sim_SOURCES = tests/check_sim.c
tests_check_sim_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_sim_LDADD = $(TEST_LDADD)
TESTS += tests/check_sim

# wire and packet
check_PROGRAMS += tests/check_packet
tests_check_packet_SOURCES = tests/check_packet.c tests/random.h
tests_check_packet_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_packet_LDADD = $(TEST_LDADD)
TESTS += tests/check_packet

check_PROGRAMS += tests/check_wire
tests_check_wire_SOURCES = tests/check_wire.c tests/random.h
tests_check_wire_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_wire_LDADD = $(TEST_LDADD)
TESTS += tests/check_wire

check_PROGRAMS += tests/check_wire_tcp
tests_check_wire_tcp_SOURCES = tests/check_wire_tcp.c tests/random.h
tests_check_wire_tcp_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_wire_tcp_LDADD = $(TEST_LDADD)
TESTS += tests/check_wire_tcp

# link and net
check_PROGRAMS += tests/check_link
tests_check_link_SOURCES = tests/check_link.c tests/random.h
tests_check_link_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_link_LDADD = $(TEST_LDADD)
TESTS += tests/check_link

check_PROGRAMS += tests/check_link_config
tests_check_link_config_SOURCES = tests/check_link_config.c tests/tcp/stage.c \
	tests/tcp/stage.h
tests_check_link_config_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_link_config_LDADD = $(TEST_LDADD)
TESTS += tests/check_link_config

check_PROGRAMS += tests/check_arp
tests_check_arp_SOURCES = tests/check_arp.c tests/row.h
tests_check_arp_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_arp_LDADD = $(TEST_LDADD)
TESTS += tests/check_arp

check_PROGRAMS += tests/check_net
tests_check_net_SOURCES = tests/check_net.c tests/row.h
tests_check_net_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_net_LDADD = $(TEST_LDADD)
TESTS += tests/check_net

check_PROGRAMS += tests/check_noise
tests_check_noise_SOURCES = tests/check_noise.c tests/random.h
tests_check_noise_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_noise_LDADD = $(TEST_LDADD)
TESTS += tests/check_noise

check_PROGRAMS += tests/check_route
tests_check_route_SOURCES = tests/check_route.c
tests_check_route_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_route_LDADD = $(TEST_LDADD)
TESTS += tests/check_route

check_PROGRAMS += tests/check_switch
tests_check_switch_SOURCES = tests/check_switch.c
tests_check_switch_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_switch_LDADD = $(TEST_LDADD)
TESTS += tests/check_switch

# transport
check_PROGRAMS += tests/check_connect
tests_check_connect_SOURCES = \
	tests/check_connect.c \
	tests/linux/lab.c \
	tests/linux/lab.h
tests_check_connect_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_connect_LDADD = $(TEST_LDADD)
TESTS += tests/check_connect
EXTRA_DIST += tests/linux/README.md tests/linux/connect_rtt20.csv

check_PROGRAMS += tests/check_tcp
tests_check_tcp_SOURCES = tests/check_tcp.c tests/pair.c tests/pair.h
tests_check_tcp_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_tcp_LDADD = $(TEST_LDADD)
TESTS += tests/check_tcp

check_PROGRAMS += tests/check_probing
tests_check_probing_SOURCES = \
	tests/check_probing.c \
	tests/linux/measured.c \
	tests/linux/measured.h \
	tests/linux/lab.c \
	tests/linux/lab.h
tests_check_probing_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_probing_LDADD = $(TEST_LDADD)
TESTS += tests/check_probing

check_PROGRAMS += tests/check_tcp_host
tests_check_tcp_host_SOURCES = tests/check_tcp_host.c tests/pair.c tests/pair.h
tests_check_tcp_host_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_tcp_host_LDADD = $(TEST_LDADD)
TESTS += tests/check_tcp_host

check_PROGRAMS += tests/check_run_script
tests_check_run_script_SOURCES = tests/check_run_script.c
tests_check_run_script_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_run_script_LDADD = $(TEST_LDADD)
TESTS += tests/check_run_script

check_PROGRAMS += tests/check_scripts
tests_check_scripts_SOURCES = tests/check_scripts.c
tests_check_scripts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_scripts_LDADD = $(TEST_LDADD)
TESTS += tests/check_scripts

check_PROGRAMS += tests/check_states
tests_check_states_SOURCES = \
	tests/check_states.c \
	tests/linux/measured.c \
	tests/linux/measured.h \
	tests/linux/lab.c \
	tests/linux/lab.h
tests_check_states_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_states_LDADD = $(TEST_LDADD)
TESTS += tests/check_states

check_PROGRAMS += tests/check_waiting
tests_check_waiting_SOURCES = \
	tests/check_waiting.c \
	tests/linux/measured.c \
	tests/linux/measured.h \
	tests/linux/lab.c \
	tests/linux/lab.h
tests_check_waiting_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_waiting_LDADD = $(TEST_LDADD)
TESTS += tests/check_waiting
EXTRA_DIST += \
	tests/linux/states/arp.json \
	tests/linux/states/data_rto_rtt100_retries2_6.json \
	tests/linux/states/data_rto_rtt20_retries2_15.json \
	tests/linux/states/data_rto_rtt20_retries2_6.json \
	tests/linux/states/data_rto_rtt300_retries2_6.json \
	tests/linux/states/delayed_ack.json \
	tests/linux/states/fin_wait1_orphan.json \
	tests/linux/states/fin_wait1_orphan_retries3.json \
	tests/linux/states/fin_wait1_shutdown_retries2_6.json \
	tests/linux/states/fin_wait2_default60.json \
	tests/linux/states/fin_wait2_misc.json \
	tests/linux/states/fin_wait2_timeout10.json \
	tests/linux/states/fin_wait2_timeout120.json \
	tests/linux/states/keepalive.json \
	tests/linux/states/last_ack_orphan.json \
	tests/linux/states/syn_blackhole.json \
	tests/linux/states/syn_blackhole_linear0.json \
	tests/linux/states/syn_blackhole_retries2.json \
	tests/linux/states/synack_lost.json \
	tests/linux/states/synack_no_ack.json \
	tests/linux/states/synack_then_data.json \
	tests/linux/states/time_wait.json \
	tests/linux/states/time_wait_dup_fin.json \
	tests/linux/states/time_wait_dup_fin_rst_lost.json \
	tests/linux/states/time_wait_injection.json \
	tests/linux/states/time_wait_port_exhaustion.json \
	tests/linux/states/zero_window.json \
	tests/linux/states/zero_window_unanswered.json \
	tests/linux/traces/07_handshake_ack_lost_idle.txt \
	tests/linux/traces/18_ack_of_fin_lost.txt \
	tests/linux/traces/30_server_close_client_slow.txt \
	tests/linux/traces/31_data_after_close.txt

check_PROGRAMS += tests/check_udp
tests_check_udp_SOURCES = tests/check_udp.c tests/row.h
tests_check_udp_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_udp_LDADD = $(TEST_LDADD)
TESTS += tests/check_udp

include $(srcdir)/tests/tcp/local.mk

# app
check_PROGRAMS += tests/check_browser
tests_check_browser_SOURCES = tests/check_browser.c tests/app_net.c \
	tests/app_net.h
tests_check_browser_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_browser_LDADD = $(TEST_LDADD)
TESTS += tests/check_browser

check_PROGRAMS += tests/check_dns
tests_check_dns_SOURCES = tests/check_dns.c
tests_check_dns_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_dns_LDADD = $(TEST_LDADD)
TESTS += tests/check_dns

check_PROGRAMS += tests/check_http
tests_check_http_SOURCES = tests/check_http.c
tests_check_http_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_http_LDADD = $(TEST_LDADD)
TESTS += tests/check_http
check_PROGRAMS += tests/check_page
tests_check_page_SOURCES = tests/check_page.c
tests_check_page_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_page_LDADD = $(TEST_LDADD)
TESTS += tests/check_page

check_PROGRAMS += tests/check_resolver
tests_check_resolver_SOURCES = tests/check_resolver.c tests/app_net.c \
	tests/app_net.h
tests_check_resolver_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_resolver_LDADD = $(TEST_LDADD)
TESTS += tests/check_resolver

check_PROGRAMS += tests/check_server
tests_check_server_SOURCES = tests/check_server.c tests/app_net.c \
	tests/app_net.h
tests_check_server_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_server_LDADD = $(TEST_LDADD)
TESTS += tests/check_server

check_PROGRAMS += tests/check_url
tests_check_url_SOURCES = tests/check_url.c
tests_check_url_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_url_LDADD = $(TEST_LDADD)
TESTS += tests/check_url

# nodes and observers
check_PROGRAMS += tests/check_fingerprint
tests_check_fingerprint_SOURCES = tests/check_fingerprint.c
tests_check_fingerprint_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_fingerprint_LDADD = $(TEST_LDADD)
TESTS += tests/check_fingerprint

check_PROGRAMS += tests/check_pcap
tests_check_pcap_SOURCES = tests/check_pcap.c tests/random.h
tests_check_pcap_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_pcap_LDADD = $(TEST_LDADD)
TESTS += tests/check_pcap


# topologies
check_PROGRAMS += tests/check_topology
tests_check_topology_SOURCES = tests/check_topology.c
tests_check_topology_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_topology_LDADD = $(TEST_LDADD)
TESTS += tests/check_topology

check_PROGRAMS += tests/check_tables
tests_check_tables_SOURCES = tests/check_tables.c
tests_check_tables_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_tables_LDADD = $(TEST_LDADD)
TESTS += tests/check_tables


# experiments
check_PROGRAMS += tests/check_experiment
tests_check_experiment_SOURCES = tests/check_experiment.c \
	tests/experiment_fixture.h
tests_check_experiment_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_experiment_LDADD = $(TEST_LDADD)
TESTS += tests/check_experiment

check_PROGRAMS += tests/check_plan
tests_check_plan_SOURCES = tests/check_plan.c tests/experiment_fixture.h
tests_check_plan_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_plan_LDADD = $(TEST_LDADD)
TESTS += tests/check_plan

check_PROGRAMS += tests/check_sweep
tests_check_sweep_SOURCES = tests/check_sweep.c tests/experiment_fixture.h
tests_check_sweep_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_sweep_LDADD = $(TEST_LDADD)
TESTS += tests/check_sweep

check_PROGRAMS += tests/check_theory
tests_check_theory_SOURCES = tests/check_theory.c
tests_check_theory_CPPFLAGS = $(TEST_CPPFLAGS)
tests_check_theory_LDADD = $(TEST_LDADD)
TESTS += tests/check_theory

# cli: what a user types, and the house itself
dist_check_SCRIPTS = \
	tests/run-bad-input \
	tests/run-fingerprints \
	tests/run-floors \
	tests/run-lifecycle \
	tests/run-manual \
	tests/run-tshark
TESTS += $(dist_check_SCRIPTS)
EXTRA_DIST += tests/fingerprints.tsv tests/lifecycle.tsv

# fuzzing: tests/fuzz/targets.txt lists the targets; configure reads it
CONFIG_STATUS_DEPENDENCIES = $(srcdir)/tests/fuzz/targets.txt
TEST_EXTENSIONS += .replay
TESTS += $(FUZZ_REPLAYS)
EXTRA_DIST += tests/fuzz

fuzz/%.replay: $(srcdir)/tests/fuzz/fuzz_%.c $(srcdir)/tests/fuzz/replay.c \
	libfirstbyte.a
	@$(MKDIR_P) fuzz
	$(AM_V_CCLD)$(CC) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) \
		-DCORPUS='"$(abs_srcdir)/tests/fuzz/corpus/$*"' \
		$(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) -o $@ $^ \
		$(LIBRARIES_USED) $(LIBS)

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
tests_bench_crossing_SOURCES = tests/bench/crossing.c
tests_bench_crossing_LDADD = libfirstbyte.a $(LIBRARIES_USED)

# benchmarks of the engine
EXTRA_PROGRAMS += tests/bench/hold tests/bench/hold-heap tests/bench/peers/hold
tests_bench_hold_SOURCES = tests/bench/hold.c
tests_bench_hold_LDADD = libfirstbyte.a $(LIBRARIES_USED)
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
tests_bench_storm_SOURCES = tests/bench/storm.c tests/bench/bench.h
tests_bench_storm_LDADD = libfirstbyte.a $(LIBRARIES_USED)
tests_bench_web_SOURCES = tests/bench/web.c tests/bench/bench.h
tests_bench_web_LDADD = libfirstbyte.a $(LIBRARIES_USED)
tests_bench_idle_SOURCES = tests/bench/idle.c tests/bench/bench.h
tests_bench_idle_LDADD = libfirstbyte.a $(LIBRARIES_USED)
EXTRA_DIST += tests/bench/run-bench tests/bench/peers

.PHONY: bench
bench: export SRCDIR = $(abs_srcdir)
bench: $(EXTRA_PROGRAMS)
	@$(srcdir)/tests/bench/run-bench
clean-local: clean-bench
clean-bench:
	rm -rf bench
