/* states.c - the table of sockets that scripts ask for (sockstat): a line for
 * each connection, "packetdril LOCAL REMOTE STATE" with FreeBSD's names.
 *
 * Written to a file whenever a state has changed, so that whoever looks from a
 * shell sees what is true. */
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

void states_write(Adapter *adapter)
{
    FILE *file;

    if (adapter->state_file == NULL || !adapter->states_changed)
        return;
    adapter->states_changed = false;
    file = fopen(adapter->state_file, "w");
    if (file == NULL)
        return;
    tcp_each(adapter->edge.host.tcp, write_one, file);
    fclose(file);
}
