/* network.c - names of nodes, made on demand; see network.h. */
#include "network.h"

#include <stdio.h>
#include <string.h>

/* TEXT as a number from 1 to MAX, written without sign, blank or leading zero;
 * 0 when it is not one. */
static uint32_t member_number(const char *text, uint32_t max)
{
    uint64_t number = 0;

    if (*text < '1' || *text > '9')
        return 0;
    for (; *text >= '0' && *text <= '9' && number <= max; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    return *text == '\0' && number <= max ? (uint32_t)number : 0;
}

uint32_t network_group_find(const NetworkGroup *groups, uint32_t count,
                            const char *name)
{
    const char *dot = strrchr(name, '.');

    for (uint32_t i = 0; i < count; i++) {
        const NetworkGroup *group = &groups[i];

        if (!group->numbered && strcmp(group->name, name) == 0)
            return group->first;
        if (group->numbered && dot != NULL &&
            strlen(group->name) == (size_t)(dot - name) &&
            strncmp(group->name, name, (size_t)(dot - name)) == 0) {
            uint32_t member = member_number(dot + 1, group->count);

            return member != 0 ? group->first + member - 1 : UINT32_MAX;
        }
    }
    return UINT32_MAX;
}

const char *network_group_name(const NetworkGroup *groups, uint32_t count,
                               uint32_t index, char text[NODE_NAME_MAX])
{
    uint32_t low = 0, high = count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (groups[middle].first <= index)
            low = middle;
        else
            high = middle;
    }
    if (groups[low].numbered)
        snprintf(text, NODE_NAME_MAX, "%s.%u", groups[low].name,
                 index - groups[low].first + 1);
    else
        snprintf(text, NODE_NAME_MAX, "%s", groups[low].name);
    return text;
}

Node *network_node(const Network *network, const char *name)
{
    uint32_t index =
        network_group_find(network->groups, network->group_count, name);

    return index != UINT32_MAX ? &network->nodes[index] : NULL;
}

const Link *network_link(const Network *network, const char *from,
                         const char *to)
{
    const Node *a = network_node(network, from), *b = network_node(network, to);

    for (uint32_t i = 0; a != NULL && b != NULL && i < network->link_count;
         i++) {
        const Link *link = &network->links[i];

        if (link->from_node == (uint32_t)(a - network->nodes) &&
            link->to_node == (uint32_t)(b - network->nodes))
            return link;
    }
    return NULL;
}

const char *network_node_name(const Network *network, uint32_t index,
                              char text[NODE_NAME_MAX])
{
    return network_group_name(network->groups, network->group_count, index,
                              text);
}

IpAddress network_address(const Network *network, const Node *from,
                          const char *name)
{
    const Node *node = network_node(network, name);

    if (node == NULL || node->host.interface_count == 0)
        return IP_NONE;
    if (from == NULL || node->host.interface_count == 1)
        return node->host.interfaces[0].address;
    return network->address_from(network->topology, from->host.node,
                                 node->host.node);
}
