/* node.c - what runs on a node, begun and ended; see node.h. */
#include "node.h"

#include "models/transport/tcp.h"
#include "models/transport/udp.h"

Browser *node_browser(Node *node)
{
    const ClientConfig *client = node->client;

    if (node->browser == NULL && client != NULL) {
        node->stub = dns_stub_new(&node->host, client->dns, client->resolver);
        dns_stub_set_hosts(node->stub, client->hosts, client->hosts_data);
        node->browser = browser_new(&node->host, node->stub, client->browser);
    }
    return node->browser;
}

void node_stop(Node *node)
{
    if (node->browser != NULL)
        browser_free(node->browser);
    if (node->stub != NULL)
        dns_stub_free(node->stub);
    if (node->resolver != NULL)
        dns_resolver_free(node->resolver);
    if (node->authority != NULL)
        dns_authority_free(node->authority);
    if (node->http != NULL)
        http_server_free(node->http);
    if (node->host.tcp != NULL)
        tcp_free(node->host.tcp);
    if (node->host.udp != NULL)
        udp_free(node->host.udp);
}
