/* states.c - the table of sockets that scripts ask for (sockstat): a line for
 * each connection, "packetdril LOCAL REMOTE STATE" with FreeBSD's names; and
 * Linux's counters (nstat), as far as scripts ask for them.
 *
 * Each is written to a file whenever it has changed, so that whoever looks from
 * a shell sees what is true. */
#include <stdio.h>

#include "adapter.h"

static const char *const names[TCP_STATES] = {
    [TCP_CLOSED] = "CLOSED",           [TCP_LISTEN] = "LISTEN",
    [TCP_SYN_SENT] = "SYN_SENT",       [TCP_SYN_RECEIVED] = "SYN_RCVD",
    [TCP_ESTABLISHED] = "ESTABLISHED", [TCP_FIN_WAIT_1] = "FIN_WAIT_1",
    [TCP_FIN_WAIT_2] = "FIN_WAIT_2",   [TCP_CLOSE_WAIT] = "CLOSE_WAIT",
    [TCP_CLOSING] = "CLOSING",         [TCP_LAST_ACK] = "LAST_ACK",
    [TCP_TIME_WAIT] = "TIME_WAIT"};

static void hear(Observer *observer, const Record *record)
{
    sim_container_of(observer, Adapter, observer)->states_changed = true;
}

void states_watch(Adapter *adapter)
{
    adapter->observer =
        (Observer){.wants = (uint64_t)1 << REC_TCP_STATE, .hear = hear};
    sim_observe(&adapter->sim, &adapter->observer);
}

static void write_one(const TcpConnection *connection, void *data)
{
    char local[IP_TEXT_MAX], remote[IP_TEXT_MAX];

    fprintf(data, "packetdril %s:%u %s:%u %s\n",
            ip_to_text(connection->local, local), connection->local_port,
            ip_to_text(connection->remote, remote), connection->remote_port,
            names[connection->state]);
}

/* What nstat would show: "NAME COUNT RATE", of counters that are not 0. */
static void write_counters(Adapter *adapter)
{
    uint64_t errors = tcp_stray_errors(adapter->edge.host.tcp);
    FILE *file;

    if (adapter->counter_file == NULL || errors == adapter->stray_errors)
        return;
    adapter->stray_errors = errors;
    file = fopen(adapter->counter_file, "w");
    if (file == NULL)
        return;
    fprintf(file, "TcpExtOutOfWindowIcmps %llu 0.0\n",
            (unsigned long long)errors);
    fclose(file);
}

void states_write(Adapter *adapter)
{
    FILE *file;

    write_counters(adapter);
    if (adapter->state_file == NULL || !adapter->states_changed)
        return;
    adapter->states_changed = false;
    file = fopen(adapter->state_file, "w");
    if (file == NULL)
        return;
    tcp_each(adapter->edge.host.tcp, write_one, file);
    fclose(file);
}
