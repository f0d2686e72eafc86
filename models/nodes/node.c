/* node.c - what runs on a node, begun and ended; see node.h. */
#include "node.h"

#include "models/transport/tcp.h"
#include "models/transport/udp.h"

Browser *node_browser(Node *node)
{
    const ClientConfig *client = node->client;

    if (node->browser == NULL && client != NULL) {
        node->stub = dns_stub_new(&node->host, client->dns, client->resolver);
        dns_stub_set_hosts(node->stub, client->hosts, node);
        node->browser = browser_new(&node->host, node->stub, client->browser);
    }
    return node->browser;
}

static void stop_services(Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_CLIENT:
        if (node->browser == NULL) /* nor is there a stub */
            break;
        browser_free(node->browser);
        dns_stub_free(node->stub);
        break;
    case NODE_RESOLVER:
        dns_resolver_free(node->resolver);
        break;
    case NODE_SERVER:
        if (node->authority != NULL)
            dns_authority_free(node->authority);
        if (node->http != NULL)
            http_server_free(node->http);
        break;
    case NODE_ROUTER:
    case NODE_SWITCH:
    case NODE_KINDS:
        break;
    }
}

void node_stop(Node *node)
{
    stop_services(node);
    if (node->host.tcp != NULL)
        tcp_free(node->host.tcp);
    if (node->host.udp != NULL)
        udp_free(node->host.udp);
}
