# Files of the room experiments.
libfirstbyte_a_SOURCES += \
	experiments/batch_means.c experiments/batch_means.h \
	experiments/bit_error_rate.c experiments/bit_error_rate.h \
	experiments/build.c experiments/build.h \
	experiments/csv.c experiments/csv.h \
	experiments/doubts.c experiments/doubts.h \
	experiments/estimand.c experiments/estimand.h \
	experiments/estimate.c experiments/estimate.h \
	experiments/estimate_difference.c experiments/estimate_internal.h \
	experiments/estimate_settle.c \
	experiments/executor.h experiments/executor_mpi.h \
	experiments/executor_threads.c \
	experiments/expect.c experiments/expect.h \
	experiments/experiment.c experiments/experiment.h \
	experiments/json_text.c experiments/json_text.h \
	experiments/launcher.c \
	experiments/history.c experiments/history.h \
	experiments/forecast.c experiments/forecast.h \
	experiments/littles_law.c experiments/littles_law.h \
	experiments/loss_rate.c experiments/loss_rate.h \
	experiments/measured.c experiments/measured.h \
	experiments/merge.c experiments/merge.h \
	experiments/mser.c experiments/mser.h \
	experiments/parallel.c experiments/parallel.h \
	experiments/plan.c experiments/plan.h \
	experiments/plan_axis.c experiments/plan_axis.h \
	experiments/plan_effective.c \
	experiments/plan_include.c experiments/plan_include.h \
	experiments/plan_keys.c \
	experiments/plan_measure.c experiments/plan_measure.h \
	experiments/plan_plot.c experiments/plan_plot.h \
	experiments/plan_select.c experiments/plan_select.h \
	experiments/plan_point.c experiments/plan_point.h \
	experiments/plan_sweep.c experiments/plan_sweep.h \
	experiments/plan_files.c experiments/plan_files.h \
	experiments/plan_workload.c experiments/plan_workload.h \
	experiments/plot.c experiments/plot.h experiments/plot_internal.h \
	experiments/plot_axis.c \
	experiments/plot_band.c \
	experiments/plot_cdf.c \
	experiments/plot_heatmap.c \
	experiments/plot_lines.c \
	experiments/plot_run.c \
	experiments/plot_series.c \
	experiments/plot_theory.c \
	experiments/proportion.c experiments/proportion.h \
	experiments/queueing_theory.c experiments/queueing_theory.h \
	experiments/report.c experiments/report.h \
	experiments/report_expect.c \
	experiments/report_internal.h \
	experiments/report_network.c \
	experiments/report_origin.c \
	experiments/report_results.c \
	experiments/report_setup.c \
	experiments/resample.c experiments/resample.h \
	experiments/run.c experiments/run.h \
	experiments/run_bytes.c experiments/run_bytes.h \
	experiments/schedule.c experiments/schedule.h \
	experiments/series_mean.c experiments/series_mean.h \
	experiments/shipped.c experiments/shipped.h \
	experiments/steady.c experiments/steady.h \
	experiments/stop_rule.c experiments/stop_rule.h \
	experiments/stopping.c experiments/stopping.h \
	experiments/store.c experiments/store.h experiments/store_internal.h \
	experiments/store_check.c \
	experiments/store_compare.c \
	experiments/store_create.c \
	experiments/store_csv.c \
	experiments/store_files.c \
	experiments/store_functions.c experiments/store_functions.h \
	experiments/store_lock.c experiments/store_lock.h \
	experiments/store_look.c \
	experiments/store_metrics.c \
	experiments/store_query.c experiments/store_query.h \
	experiments/store_read.c \
	experiments/store_recall.c \
	experiments/store_rows.c experiments/store_rows.h \
	experiments/store_schema.c experiments/store_schema.h \
	experiments/store_series.c \
	experiments/store_steady.c \
	experiments/summarise.c experiments/summarise.h \
	experiments/syn_path.c experiments/syn_path.h \
	experiments/theory.c experiments/theory.h \
	experiments/units.h \
	experiments/verify.c experiments/verify.h \
	experiments/way.c experiments/way.h \
	experiments/where.c experiments/where.h

if WITH_MPI
libfirstbyte_a_SOURCES += experiments/executor_mpi.c \
	experiments/mail.c experiments/mail.h
else
libfirstbyte_a_SOURCES += experiments/executor_alone.c
endif

# The shipped experiments: installed under pkgdatadir as they stand here.
TILES = 1 2 3 4 5 6 7 8 9 10 11 12
nobase_dist_pkgdata_DATA = \
	experiments/ber-snr/ber-snr.ini \
	experiments/bufferbloat/bufferbloat.ini \
	experiments/burst-loss/burst-loss.ini \
	experiments/dns-cache/dns-cache.ini \
	experiments/dns-cache/root.zone \
	experiments/dns-loss/dns-loss.ini \
	experiments/handshake-loss/handshake-loss.ini \
	experiments/initial-rto/initial-rto.ini \
	experiments/page-connections/page-connections.ini \
	experiments/page-connections/site/index.html \
	$(TILES:%=experiments/page-connections/site/%.png) \
	experiments/page-loss/page-loss.ini \
	experiments/page-rtt/page-rtt.ini \
	experiments/port-exhaustion/port-exhaustion.ini \
	experiments/queueing/queueing.ini \
	experiments/retransmissions/retransmissions.ini \
	experiments/syn-flood/syn-flood.ini \
	experiments/throughput-loss/throughput-loss.ini \
	experiments/time-wait-late/time-wait-late.ini \
	experiments/time-wait/time-wait.ini

# Their golden points and pictures: tests/run-experiments.
SHIPPED_EXPERIMENTS = ber-snr bufferbloat burst-loss dns-cache dns-loss \
	handshake-loss initial-rto page-connections page-loss page-rtt \
	port-exhaustion queueing retransmissions syn-flood throughput-loss \
	time-wait time-wait-late
EXTRA_DIST += $(SHIPPED_EXPERIMENTS:%=experiments/%/short.csv) \
	$(SHIPPED_EXPERIMENTS:%=experiments/%/full.csv) \
	experiments/ber-snr/ber-snr-errors.svg \
	experiments/bufferbloat/bufferbloat-load.svg \
	experiments/bufferbloat/bufferbloat-queue.svg \
	experiments/bufferbloat/bufferbloat-time.svg \
	experiments/burst-loss/burst-loss-throughput.svg \
	experiments/dns-cache/dns-cache-lookup.svg \
	experiments/dns-loss/dns-loss-lookup.svg \
	experiments/handshake-loss/handshake-loss-latency.svg \
	experiments/initial-rto/initial-rto-latency.svg \
	experiments/initial-rto/initial-rto-states.svg \
	experiments/page-connections/page-connections-load.svg \
	experiments/page-loss/page-loss-load.svg \
	experiments/page-loss/page-loss-waterfall-linux.svg \
	experiments/page-loss/page-loss-waterfall-rfc.svg \
	experiments/page-rtt/page-rtt-load.svg \
	experiments/page-rtt/page-rtt-map.svg \
	experiments/port-exhaustion/port-exhaustion-opened.svg \
	experiments/queueing/queueing-constant.svg \
	experiments/queueing/queueing-exponential.svg \
	experiments/retransmissions/retransmissions-latency.svg \
	experiments/retransmissions/retransmissions-newreno.svg \
	experiments/retransmissions/retransmissions-sack.svg \
	experiments/syn-flood/syn-flood-held.svg \
	experiments/syn-flood/syn-flood-open.svg \
	experiments/syn-flood/syn-flood-served.svg \
	experiments/throughput-loss/throughput-loss-throughput.svg \
	experiments/time-wait-late/time-wait-late-assassinated.svg \
	experiments/time-wait-late/time-wait-late-taken.svg \
	experiments/time-wait/time-wait-population.svg
