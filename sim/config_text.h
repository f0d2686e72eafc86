/* config_text.h - what a line of a config file is made of; for config*.c alone.
 *
 * Shared by the reader of files (config_read.c) and of "GROUP.KEY=VALUE"
 * (config.c), so that both hold names and values to the same rules. */
#ifndef FIRSTBYTE_SIM_CONFIG_TEXT_H
#define FIRSTBYTE_SIM_CONFIG_TEXT_H

#include "config.h"

/* TEXT of LEN bytes without blanks around, several inside as one. */
char *config_collapse(const char *text, size_t len);
/* What is wrong with TEXT between a group's brackets, as key, or as value, or
 * NULL; "what is wrong; what would be right", the caller g_free()s. */
char *config_bad_header(const char *text);
char *config_bad_key(const char *text);
char *config_bad_value(const char *text);
/* A group of HEADER ("link a -- b", collapsed), without entries. */
ConfigGroup *config_group_new(const char *header, ConfigOrigin origin);
void config_group_free(gpointer group);
ConfigEntry *config_group_add(ConfigGroup *group, const char *key,
                              const char *value, ConfigOrigin origin);
/* Puts GROUP (taken), which is not there yet, at the end. */
void config_add_group(Config *config, ConfigGroup *group);

#endif
