# The network, a block for each room, in the order in which a packet is dressed.

# wire
STACK_SOURCES += \
	models/wire/address.c models/wire/address.h \
	models/wire/arp.c models/wire/arp.h \
	models/wire/bytes.h \
	models/wire/dns_message.c models/wire/dns_message.h \
	models/wire/dns_record.c models/wire/dns_record.h \
	models/wire/ethernet.c models/wire/ethernet.h \
	models/wire/icmp.c models/wire/icmp.h \
	models/wire/ip.c models/wire/ip.h \
	models/wire/tcp.c models/wire/tcp.h \
	models/wire/udp.c models/wire/udp.h

# packet
STACK_SOURCES += \
	models/memory.h \
	models/packet.c models/packet.h \
	models/tell.c models/tell.h

# link
STACK_SOURCES += \
	models/link/burst.c models/link/burst.h \
	models/link/coding.c models/link/coding.h \
	models/link/late.c models/link/late.h \
	models/link/linecode.c models/link/linecode.h \
	models/link/link.c models/link/link.h models/link/link_config.c \
	models/link/noise.c models/link/noise.h \
	models/link/switch.c models/link/switch.h \
	models/link/waveform.c models/link/waveform.h

# net
STACK_SOURCES += \
	models/net/arp.c models/net/arp.h \
	models/net/arp_peers.c \
	models/net/arp_table.c \
	models/net/host.c models/net/host.h \
	models/net/icmp.c \
	models/net/net_config.c \
	models/net/route.c models/net/route.h

# transport
STACK_SOURCES += \
	models/transport/tcp_ack.c \
	models/transport/tcp_burst.c \
	models/transport/tcp_bbr.h \
	models/transport/tcp_bbr_model.c \
	models/transport/tcp_bbr_states.c \
	models/transport/tcp_cc.c models/transport/tcp_cc.h \
	models/transport/tcp_cc_bbr.c \
	models/transport/tcp_cc_cubic.c \
	models/transport/tcp_cc_hystart.c \
	models/transport/tcp_cc_newreno.c \
	models/transport/tcp_cookie.c \
	models/transport/tcp_config.c models/transport/tcp_config.h \
	models/transport/tcp_conn.c \
	models/transport/tcp_delack.c \
	models/transport/tcp_demux.c \
	models/transport/tcp_ecn.c \
	models/transport/tcp_fastopen.c \
	models/transport/tcp.h \
	models/transport/tcp_info.c \
	models/transport/tcp_listen.c \
	models/transport/tcp_input.c \
	models/transport/tcp_options.c \
	models/transport/tcp_output.c \
	models/transport/tcp_pacing.c \
	models/transport/tcp_park.c \
	models/transport/tcp_rate.c models/transport/tcp_rate.h \
	models/transport/tcp_reass.c \
	models/transport/tcp_rack.c \
	models/transport/tcp_recovery.c \
	models/transport/tcp_reduction.c \
	models/transport/tcp_scoreboard.c \
	models/transport/tcp_undo.c \
	models/transport/tcp_urgent.c \
	models/transport/tcp_rtt.c \
	models/transport/tcp_send.c \
	models/transport/tcp_seq.h \
	models/transport/tcp_state.c \
	models/transport/tcp_steps.c \
	models/transport/tcp_inside.h models/transport/tcp_tcb.h \
	models/transport/tcp_tell.c \
	models/transport/tcp_time_wait.c \
	models/transport/tcp_timer.c \
	models/transport/tcp_user.c \
	models/transport/tcp_window.c \
	models/transport/udp.c models/transport/udp.h

# sockets
STACK_SOURCES += \
	models/sockets/edge.c models/sockets/edge.h \
	models/sockets/socket.c models/sockets/sockets.h \
	models/sockets/socket_call.c \
	models/sockets/socket_inside.h \
	models/sockets/socket_open.c \
	models/sockets/socket_option.c \
	models/sockets/socket_transfer.c

# app
libfirstbyte_a_SOURCES += \
	models/app/browser.c models/app/browser.h \
	models/app/browser_channel.c \
	models/app/browser_config.c \
	models/app/browser_fetch.c \
	models/app/browser_parts.h \
	models/app/browser_pool.c \
	models/app/cache.c models/app/cache.h \
	models/app/dns.h \
	models/app/dns_answer.c \
	models/app/dns_authority.c \
	models/app/dns_cache.c models/app/dns_cache.h \
	models/app/dns_config.c \
	models/app/dns_job.c models/app/dns_job.h \
	models/app/dns_query.c models/app/dns_query.h \
	models/app/dns_resolver.c \
	models/app/dns_stub.c \
	models/app/dns_zone.c models/app/dns_zone.h \
	models/app/html.c models/app/html.h \
	models/app/http.h \
	models/app/http_config.c \
	models/app/http_field.c \
	models/app/http_message.c models/app/http_message.h \
	models/app/http_server.c \
	models/app/http_site.c models/app/http_site.h \
	models/app/parked.h \
	models/app/png.c models/app/png.h \
	models/app/url.c models/app/url.h

# nodes
libfirstbyte_a_SOURCES += \
	models/nodes/arrival_trace.c models/nodes/arrival_trace.h \
	models/nodes/network.c models/nodes/network.h \
	models/nodes/node.c models/nodes/node.h \
	models/nodes/workload.c models/nodes/workload.h \
	models/nodes/workload_check.c \
	models/nodes/workload_config.c \
	models/nodes/workload_datagram.c \
	models/nodes/workload_flood.c \
	models/nodes/workload_item.c \
	models/nodes/workload_parts.h \
	models/nodes/workload_send.c \
	models/nodes/workload_session.c

# observers
libfirstbyte_a_SOURCES += \
	models/observers/connection.c models/observers/connection.h \
	models/observers/diagram.c models/observers/diagram.h \
	models/observers/fingerprint.c models/observers/fingerprint.h \
	models/observers/frame_fields.c models/observers/frame_fields.h \
	models/observers/gauge.c models/observers/gauge.h \
	models/observers/gnuplot.c models/observers/gnuplot.h \
	models/observers/har.c models/observers/har.h \
	models/observers/har_internal.h \
	models/observers/measure.c models/observers/measure.h \
	models/observers/metrics.c \
	models/observers/pcap.c models/observers/pcap.h \
	models/observers/scope.c models/observers/scope.h \
	models/observers/select.c models/observers/select.h \
	models/observers/series.c models/observers/series.h \
	models/observers/sequence.c models/observers/sequence.h \
	models/observers/states.c models/observers/states.h \
	models/observers/story.c models/observers/story.h \
	models/observers/story_internal.h models/observers/story_app.c \
	models/observers/story_packets.c models/observers/story_tcp.c \
	models/observers/timeline.c models/observers/timeline.h \
	models/observers/waterfall.c models/observers/waterfall.h \
	models/observers/write_file.c models/observers/write_file.h
