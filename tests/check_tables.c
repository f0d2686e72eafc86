/* check_tables.c - the key tables of all models: complete, consistent with the
 * structs they fill, and with defaults that read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "experiments/plan.h"
#include "models/app/browser.h"
#include "models/app/dns.h"
#include "models/app/http.h"
#include "models/link/link.h"
#include "models/net/host.h"
#include "models/nodes/workload.h"
#include "models/transport/tcp_config.h"
#include "topologies/parts.h"
#include "tests/run_tests.h"

enum { STRUCT_MAX = 4096 };

typedef struct Table {
    const char *group;
    const ConfigKey *keys;
    size_t size; /* of the struct */
    unsigned columns;
} Table;

static const Table tables[] = {
    {"arp", arp_keys, sizeof(ArpConfig), 1},
    {"browser", browser_keys, sizeof(BrowserConfig), 1},
    {"dns", dns_keys, sizeof(DnsConfig), 1},
    {"experiment", experiment_keys, sizeof(ExperimentConfig), 1},
    {"http", http_keys, sizeof(HttpConfig), 1},
    {"ip", ip_keys, sizeof(IpConfig), 1},
    {"link", link_keys, sizeof(LinkConfig), 1},
    {"measure", measure_keys, sizeof(MeasureConfig), 1},
    {"node", node_keys, sizeof(NodeKeys), 1},
    {"plot", plot_keys, sizeof(PlotConfig), 1},
    {"replicate", replicate_keys, sizeof(ReplicateConfig), 1},
    {"run", run_keys, sizeof(RunConfig), 1},
    {"tcp", tcp_keys, sizeof(TcpConfig), 2},
    {"workload", workload_keys, sizeof(WorkloadConfig), 1},
};

START_TEST(every_key_says_what_it_is)
{
    const Table *table = &tables[_i];

    for (const ConfigKey *key = table->keys; key->key != NULL; key++) {
        const char *end;

        ck_assert_msg(
            strspn(key->key, "abcdefghijklmnopqrstuvwxyz0123456789._") ==
                strlen(key->key),
            "[%s] %s", table->group, key->key);
        ck_assert_msg(key->sentence != NULL && *key->sentence != '\0',
                      "[%s] %s has no sentence", table->group, key->key);
        end = key->sentence + strlen(key->sentence) - 1;
        ck_assert_msg(*end == '.', "[%s] %s: \"%s\" is no sentence",
                      table->group, key->key, key->sentence);
        ck_assert_msg(key->source != NULL, "[%s] %s", table->group, key->key);
        ck_assert_msg(config_key(table->keys, key->key) == key,
                      "[%s] %s is there twice", table->group, key->key);
        ck_assert_msg(key->type != CONFIG_CUSTOM ||
                          (key->parse != NULL && key->format != NULL),
                      "[%s] %s", table->group, key->key);
    }
}
END_TEST

START_TEST(every_default_reads_back)
{
    const Table *table = &tables[_i];
    union {
        max_align_t align;
        char bytes[STRUCT_MAX];
    } first, second;

    ck_assert_uint_le(table->size, STRUCT_MAX);
    for (unsigned column = 0; column < table->columns; column++) {
        memset(&first, 0xa5, sizeof first);
        memset(&second, 0, sizeof second);
        config_defaults(table->keys, column, &first);
        for (const ConfigKey *key = table->keys; key->key != NULL; key++) {
            char *text = config_format(key, &first), *again, *why = NULL;

            ck_assert_msg(key->def == NULL ||
                              config_parse(key, text, &second, &why),
                          "[%s] %s: %s", table->group, key->key, why);
            again = config_format(key, &second);
            ck_assert_str_eq(text, again);
            g_free(text);
            g_free(again);
        }
        for (size_t i = table->size; i < sizeof first; i++)
            ck_assert_msg(first.bytes[i] == (char)0xa5,
                          "[%s] writes behind its struct", table->group);
        config_clear_struct(table->keys, &first);
        config_clear_struct(table->keys, &second);
    }
}
END_TEST

/* Bytes that KEY's field has in its struct; a custom one tells nobody. */
static size_t field_size(const ConfigKey *key)
{
    switch (key->type) {
    case CONFIG_COUNT:
        return sizeof(uint32_t);
    case CONFIG_BOOL:
        return sizeof(bool);
    case CONFIG_CHOICE:
        return sizeof(int);
    case CONFIG_TIME:
    case CONFIG_RATE:
    case CONFIG_BYTES:
    case CONFIG_FRACTION:
    case CONFIG_DECIBEL:
    case CONFIG_TEXT:
        return 8;
    case CONFIG_CUSTOM:
        break;
    }
    return 1;
}

/* A field narrower than its key's type shows when the next key's field begins
 * in it, or when it is not aligned. */
START_TEST(no_two_fields_overlap)
{
    const Table *table = &tables[_i];

    for (const ConfigKey *a = table->keys; a->key != NULL; a++) {
        ck_assert_msg(a->offset % field_size(a) == 0, "[%s] %s", table->group,
                      a->key);
        ck_assert_msg(a->offset + field_size(a) <= table->size, "[%s] %s",
                      table->group, a->key);
        for (const ConfigKey *b = table->keys; b->key != NULL; b++)
            ck_assert_msg(a == b || b->offset < a->offset ||
                              b->offset >= a->offset + field_size(a),
                          "[%s] %s and %s overlap", table->group, a->key,
                          b->key);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("tables");

    tcase_add_loop_test(tcase, every_key_says_what_it_is, 0,
                        G_N_ELEMENTS(tables));
    tcase_add_loop_test(tcase, every_default_reads_back, 0,
                        G_N_ELEMENTS(tables));
    tcase_add_loop_test(tcase, no_two_fields_overlap, 0, G_N_ELEMENTS(tables));
    return run_tests("tables", tcase, NULL);
}
