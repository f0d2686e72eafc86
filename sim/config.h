/* config.h - config files and the tables that say what may stand in them.
 *
 * A Config is the text of one or several files as an ordered list of groups
 * ("[link laptop -- home]": kind "link", name "laptop -- home"), each entry with
 * the file and line it came from.  A ConfigKey table declares the keys of one
 * kind of group: parsing, range checks, defaults, the effective configuration
 * kept beside a result, `describe` and the manual page all come from it.
 *
 * Errors: "FILE:LINE: [group] key: what is wrong; what would be right". */
#ifndef FIRSTBYTE_SIM_CONFIG_H
#define FIRSTBYTE_SIM_CONFIG_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "quantity.h"

#define CONFIG_ERROR config_error_quark()
GQuark config_error_quark(void);
enum { CONFIG_ERROR_FILE, CONFIG_ERROR_SYNTAX, CONFIG_ERROR_NAME, CONFIG_ERROR_VALUE };

typedef struct ConfigOrigin {
    const char *file; /* interned; "--set" for the command line */
    int line;         /* from 1; 0: none */
} ConfigOrigin;

typedef struct ConfigEntry {
    char *key, *value;
    ConfigOrigin origin;
} ConfigEntry;

typedef struct ConfigGroup {
    char *kind; /* "link", first word of the header */
    char *name; /* "laptop -- home", the rest with single blanks; "" when none */
    ConfigOrigin origin;
    GPtrArray *entries; /* of ConfigEntry *, in the order of the file */
} ConfigGroup;

typedef struct Config {
    GPtrArray *groups; /* of ConfigGroup *, in the order of the file */
    GPtrArray *files;  /* of char *: every file that was read, interned */
} Config;

/* What a key's value is, which fixes its unit. */
typedef enum ConfigType {
    CONFIG_TIME,     /* SimTime */
    CONFIG_RATE,     /* uint64_t bit/s */
    CONFIG_BYTES,    /* uint64_t */
    CONFIG_COUNT,    /* uint32_t, a bare whole number */
    CONFIG_FRACTION, /* double; "5 %" or "0.05" */
    CONFIG_DECIBEL,  /* double, the ratio (10^(dB/10)) */
    CONFIG_BOOL,     /* bool; yes, no */
    CONFIG_CHOICE,   /* int, index into .choices ("newreno|cubic") */
    CONFIG_TEXT,     /* char *, owned by the struct; NULL when not set */
    CONFIG_CUSTOM,   /* .parse and .format */
} ConfigType;

typedef struct ConfigKey ConfigKey;
struct ConfigKey {
    const char *key; /* "rto.initial"; NULL ends a table */
    ConfigType type;
    size_t offset;   /* of the field in the struct */
    const char *def; /* default as a user writes it; NULL: must be given */
    double min, max; /* in the type's base unit (times in s); both 0: no check */
    const char *choices;  /* CONFIG_CHOICE: "a|b|c" */
    const char *sentence; /* what it is */
    const char *source;   /* "RFC 6298 s2.1", or "" */
    /* Further columns of defaults, chosen by config_defaults(): a profile. */
    const char *alternatives[3];
    bool (*parse)(const char *text, void *field, char **why); /* CONFIG_CUSTOM */
    char *(*format)(const void *field);
};

Config *config_new(void);
void config_free(Config *config);
Config *config_copy(const Config *config);
/* Reads FILE, or LEN bytes of TEXT called NAME, after what is there already. */
bool config_read(Config *config, const char *file, GError **error);
bool config_read_text(Config *config, const char *text, size_t len,
                      const char *name, GError **error);
/* Sets "GROUP.KEY=VALUE" ("link home -- isp.loss = 1 %", "tcp.profile=rfc"). The
 * group is made when it is not there; whether it and the key may be there is for
 * whoever applies the config to say, with ORIGIN. */
bool config_set(Config *config, const char *assignment, ConfigOrigin origin,
                GError **error);
/* The same, already taken apart. */
void config_set_value(Config *config, const char *kind, const char *name,
                      const char *key, const char *value, ConfigOrigin origin);
/* The group of KIND and NAME; NULL when there is none. */
ConfigGroup *config_find(const Config *config, const char *kind, const char *name);
const ConfigEntry *config_entry(const ConfigGroup *group, const char *key);
/* The text of CONFIG, such that reading it gives the same CONFIG. */
char *config_to_text(const Config *config);

/* Fills the fields of STRUCT_ from the defaults of KEYS (ALTERNATIVE 0: .def; n:
 * .alternatives[n-1] where that is not NULL, else .def). */
void config_defaults(const ConfigKey *keys, unsigned alternative, void *struct_);
/* Sets the fields that GROUP has entries for.  Unknown keys (with "did you
 * mean"), bad values and values out of range: an error, STRUCT_ in part filled. */
bool config_apply(const ConfigKey *keys, const ConfigGroup *group, void *struct_,
                  GError **error);
/* One value by itself, as config_apply() would take it. */
bool config_apply_one(const ConfigKey *keys, const char *group_text,
                      const ConfigEntry *entry, void *struct_, GError **error);
/* Frees the CONFIG_TEXT fields. */
void config_clear_struct(const ConfigKey *keys, void *struct_);
/* The value of KEY in STRUCT_ in canonical units, which reads back. */
char *config_format(const ConfigKey *key, const void *struct_);
const ConfigKey *config_key(const ConfigKey *keys, const char *name);
/* The nearest of the NULL-ended WORDS to a misspelt WORD, or NULL. */
const char *config_did_you_mean(const char *word, const char *const *words);
/* Sets ERROR to "FILE:LINE: [group] key: MESSAGE"; KEY may be NULL. Returns false. */
bool config_fail(GError **error, int code, ConfigOrigin origin, const char *group,
                 const char *key, const char *format, ...) G_GNUC_PRINTF(6, 7);

#endif
