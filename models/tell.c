/* tell.c - the models' vocabularies, a sentence for each word; see tell.h. */
#include "tell.h"

#include <assert.h>

static_assert((int)RECORD_KINDS <= (int)RECORD_KINDS_MAX, "one bit each");

const Word record_kinds[RECORD_KINDS] = {
    [REC_CAUSE] = {"cause", "Something that waited woke, and was given an id."},
    [REC_PACKET_SENT] = {"packet.sent", "A frame was handed to its link."},
    [REC_PACKET_RECEIVED] = {"packet.received",
                             "A frame arrived at an interface."},
    [REC_PACKET_FORWARDED] = {"packet.forwarded", "A router passed it on."},
    [REC_PACKET_DROPPED] = {"packet.dropped", "It goes no further."},
    [REC_PACKET_DELIVERED] = {"packet.delivered",
                              "The transport layer of its destination got it."},
    [REC_ARP_WAITS] = {"arp.waits", "A packet waits for a MAC address."},
    [REC_ARP_RESOLVED] = {"arp.resolved", "A MAC address became known."},
    [REC_ARP_FAILED] = {"arp.failed", "Nobody answered for an IP address."},
    [REC_TCP_STATE] = {"tcp.state", "A connection changed its state."},
    [REC_TCP_SEGMENT_SENT] = {"tcp.sent", "A segment left TCP."},
    [REC_TCP_RETRANSMIT] = {"tcp.retransmit",
                            "A segment left TCP that had been sent before."},
    [REC_TCP_OPENED] = {"tcp.opened", "connect() succeeded at the opener."},
    [REC_TCP_FAILED] = {"tcp.failed", "A connection ended badly."},
    [REC_TCP_CLOSED] = {"tcp.closed", "The last of a connection is gone."},
    [REC_DNS_QUERY] = {"dns.query", "A name was asked for."},
    [REC_DNS_ANSWER] = {"dns.answer", "An answer was accepted."},
    [REC_DNS_CACHE] = {"dns.cache", "A name was looked for in a cache."},
    [REC_DNS_RETRY] = {"dns.retry", "No answer in time: asked again."},
    [REC_DNS_DONE] = {"dns.done", "The stub gave its caller the answer."},
    [REC_URL_PARSED] = {"url.parsed", "A URL was taken apart."},
    [REC_URL_REFUSED] = {"url.refused", "A URL was no good."},
    [REC_CACHE_LOOKUP] = {"cache.lookup",
                          "The browser looked for a URL in its cache."},
    [REC_HTTP_REQUEST] = {"http.request", "A client sent a request."},
    [REC_HTTP_SERVED] = {"http.served", "A server began its answer."},
    [REC_HTTP_FIRST_BYTE] = {"http.first-byte",
                             "A response began to arrive at the client."},
    [REC_HTTP_RESPONSE] = {"http.response",
                           "A response was complete at the client."},
    [REC_HTTP_FAILED] = {"http.failed", "A request had no good response."},
    [REC_PAGE_STARTED] = {"page.started", "The user pressed Enter."},
    [REC_PAGE_FIRST_BYTE] = {"page.first-byte",
                             "The first byte of the page arrived."},
    [REC_PAGE_PARSED] = {"page.parsed", "The HTML was read, its parts found."},
    [REC_PAGE_OBJECT] = {"page.object", "A part is whole and painted."},
    [REC_PAGE_FIRST_PAINT] = {"page.first-paint",
                              "Something of the page is on the screen."},
    [REC_PAGE_COMPLETE] = {"page.complete",
                           "The page and all its parts are painted."},
    [REC_PAGE_FAILED] = {"page.failed", "The page did not arrive whole."},
    [REC_WORK_STARTED] = {"work.started", "An item of a workload began."},
    [REC_WORK_DONE] = {"work.done", "An item of a workload has its outcome."},
    [REC_TCP_RECOVERY] = {"tcp.recovery",
                          "A sender concludes something about losses."},
    [REC_SIGNAL_READ] = {"signal.read",
                         "A receiver has read a frame from its waveform."},
    [REC_DATAGRAM_READ] = {"datagram.read",
                           "A datagram of a workload was read."},
    [REC_TCP_COOKIE] = {"tcp.cookie",
                        "A SYN was answered with a cookie and forgotten "
                        "(RFC 4987)."},
    [REC_TCP_LATE] = {"tcp.late",
                      "A segment came in TIME-WAIT, or text of an earlier "
                      "connection was taken for the current one's."},
    [REC_PACKET_MARKED] = {"packet.marked",
                           "A queue that grew long marked it: congestion "
                           "experienced (RFC 3168)."},
};

const Word drop_reasons[DROP_REASONS] = {
    [DROP_NONE] = {"none", "It was not dropped."},
    [DROP_LOST_ON_LINE] = {"lost", "The link's loss took it."},
    [DROP_BY_RULE] = {"rule", "The link's key `drop` names it."},
    [DROP_QUEUE_FULL] = {"queue-full",
                         "No room was left in the link's drop-tail queue."},
    [DROP_CHECK_SEQUENCE] = {"check-sequence",
                             "Noise changed bits, and the frame's check "
                             "sequence does not match."},
    [DROP_NOT_FOR_US] = {"not-for-us", "It is for another MAC or IP address."},
    [DROP_NO_ROUTE] = {"no-route", "No route leads to its destination."},
    [DROP_TTL] = {"ttl", "Its time to live ran out in a router."},
    [DROP_TOO_BIG] = {"too-big", "It is larger than the MTU of its way out."},
    [DROP_ARP_FAILED] = {"arp-failed", "The next hop did not answer ARP."},
    [DROP_ARP_QUEUE_FULL] = {"arp-queue-full",
                             "Too many packets wait for the same address."},
    [DROP_NO_PORT] = {"no-port", "Nobody listens on its UDP port."},
    [DROP_NO_PROTOCOL] = {"no-protocol",
                          "The host does not speak its transport protocol."},
    [DROP_TCP_NO_CONNECTION] = {"tcp-no-connection",
                                "It belongs to no connection."},
    [DROP_TCP_UNACCEPTABLE] = {"tcp-unacceptable",
                               "TCP accepts nothing of it: a duplicate, or "
                               "outside the window."},
    [DROP_TCP_BACKLOG] = {"tcp-backlog", "The listener's backlog is full."},
    [DROP_MALFORMED] = {"malformed", "Its bytes make no sense."},
    [DROP_LINK_CLEARED] = {"cleared",
                           "It was still on its way when the run ended."},
    [DROP_TCP_ACCEPT_QUEUE] = {"tcp-accept-queue",
                               "Too many connections wait for the listener's "
                               "user."},
};

const Word repeat_reasons[REPEAT_REASONS] = {
    [REPEAT_SYN_TIMER] = {"syn-timer", "The SYN was not answered in time."},
    [REPEAT_SYN_ACK_TIMER] = {"syn-ack-timer",
                              "The SYN,ACK was not answered in time."},
    [REPEAT_SYN_ACK_ANSWER] = {"syn-again",
                               "The SYN came again, and is answered again."},
    [REPEAT_RTO] = {"rto", "Data or FIN were not acknowledged in time."},
    [REPEAT_TAIL_LOSS_PROBE] = {"tail-loss-probe",
                                "No ACK came for the last segment: probed."},
    [REPEAT_FAST] = {"fast", "Duplicate acknowledgments tell of a loss."},
    [REPEAT_REORDER_TIMER] = {"reorder-timer",
                              "What was sent later has arrived, and it did not "
                              "within the reordering window."},
    [REPEAT_RECOVERY] = {"recovery", "The next hole of a loss recovery."},
    [REPEAT_ZERO_WINDOW_PROBE] = {"window-probe",
                                  "The receiver's window is closed: probed."},
    [REPEAT_SYN_TEXT] = {"syn-text",
                         "The text that went in the SYN was not taken."},
};

const Word recovery_steps[RECOVERY_STEPS] = {
    [RECOVERY_DUPLICATES] = {"duplicates",
                             "Three segments beyond a hole have arrived: fast "
                             "recovery begins."},
    [RECOVERY_RACK] = {"rack",
                       "What was sent later has arrived, and time for mere "
                       "reordering has passed: fast recovery begins."},
    [RECOVERY_TIMEOUT] = {"timeout",
                          "The retransmission timer ran out: whatever is not "
                          "acknowledged is taken for lost."},
    [RECOVERY_PROBE_REPAIR] = {"probe-repair",
                               "The tail loss probe made good a loss, which "
                               "still counts as congestion."},
    [RECOVERY_ECN] = {"ecn",
                      "A router marked a packet instead of dropping it: the "
                      "window shrinks as for a loss."},
    [RECOVERY_UNDO_DSACK] = {"undo-dsack",
                             "Whatever was sent again arrived twice: nothing "
                             "was lost, the window is restored."},
    [RECOVERY_UNDO_ECHO] = {"undo-echo",
                            "The first copy was acknowledged, as its timestamp "
                            "says: nothing was lost, the window is restored."},
    [RECOVERY_UNDO_FRTO] = {"undo-frto",
                            "What was sent before the time-out still arrives: "
                            "the time-out was spurious, the window is "
                            "restored."},
    [RECOVERY_OVER] = {"over", "Everything sent before the loss was found has "
                               "arrived: recovery is over."},
};
