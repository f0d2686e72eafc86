/* config.h - config files and the tables that say what may stand in them.
 *
 * A Config is the text of one or several files as an ordered list of groups
 * ("[link laptop -- home]": kind "link", name "laptop -- home"), each entry
 * with the file and line it came from.  A ConfigKey table declares the keys of
 * one kind of group: parsing, range checks, defaults, the effective
 * configuration kept beside a result, `describe` and the manual page all come
 * from it.
 *
 * A file is UTF-8 text of lines: empty, a comment ("#" first), "[group]" or
 * "key = value".  Blanks around each part do not count, several inside a key or
 * a group's header count as one.  A line that is indented more than the key
 * above it goes on with that key's value, after a blank, whatever it holds; an
 * empty line ends the value, a comment does not, and one that begins with "["
 * is a group's header wherever it stands.
 *
 * With each value on one line, as config_to_text() writes it, the text is a
 * subset of GLib's key files (a test holds that GKeyFile reads the same), but
 * it is read by config_read.c alone: GKeyFile has no line numbers and lets the
 * last duplicate win, so that everything had to be found before it anyway.
 *
 * Errors: "FILE:LINE: [group] key: what is wrong; what would be right". Whoever
 * reads a config goes on after a mistake, so that a user hears of all of them
 * at once: an error of CONFIG_ERROR holds a list.  A function that is handed an
 * error with mistakes in it adds its own. */
#ifndef FIRSTBYTE_SIM_CONFIG_H
#define FIRSTBYTE_SIM_CONFIG_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "quantity.h"

#define CONFIG_ERROR config_error_quark()
GQuark config_error_quark(void);
enum {
    CONFIG_ERROR_FILE,
    CONFIG_ERROR_SYNTAX,
    CONFIG_ERROR_NAME,
    CONFIG_ERROR_VALUE
};

typedef struct ConfigOrigin {
    const char *file; /* interned; "--set" for the command line */
    int line;         /* from 1; 0: none */
} ConfigOrigin;

/* One thing that is wrong, and where. */
typedef struct ConfigMistake {
    ConfigOrigin origin;
    char *message; /* "FILE:LINE: [group] key: ..." */
} ConfigMistake;
/* The mistakes that ERROR holds, of ConfigMistake *; NULL: it is of another
 * domain.  Its message is theirs, a line each. */
const GPtrArray *config_mistakes(const GError *error);
/* Puts them in the order of FILES (of char *; others behind) and lines.  ERROR
 * may be of another domain. */
void config_mistakes_sort(GError *error, const GPtrArray *files);

typedef struct ConfigEntry {
    char *key, *value; /* without blanks around; the value may be "" */
    ConfigOrigin origin;
    bool wrong; /* the value cannot be one, which has been said */
} ConfigEntry;

typedef struct ConfigGroup {
    char *kind; /* "link", first word of the header; no '.' in it */
    char *name; /* "laptop -- home", the rest, single blanks; "" when none */
    ConfigOrigin origin;
    GPtrArray *entries; /* of ConfigEntry *, in the order of the file */
} ConfigGroup;

typedef struct Config {
    GPtrArray *groups; /* of ConfigGroup *, in the order of the file */
    GPtrArray *files;  /* of char *: every file that was read, interned */
    GHashTable *index; /* "kind name" -> ConfigGroup *; never walked */
} Config;

/* What a key's value is, which fixes its unit. */
typedef enum ConfigType {
    CONFIG_TIME,     /* SimTime */
    CONFIG_RATE,     /* uint64_t bit/s; "unlimited" is 0 */
    CONFIG_BYTES,    /* uint64_t */
    CONFIG_COUNT,    /* uint32_t, a bare whole number */
    CONFIG_FRACTION, /* double; "5 %" or "0.05" */
    CONFIG_DECIBEL,  /* double, the ratio (10^(dB/10)); "none" is 0 */
    CONFIG_BOOL,     /* bool; yes, no */
    CONFIG_CHOICE,   /* int, index into .choices ("newreno|cubic") */
    CONFIG_TEXT,     /* char *, owned by the struct; NULL when not set or "" */
    CONFIG_CUSTOM,   /* .parse and .format */
} ConfigType;

typedef struct ConfigKey ConfigKey;
struct ConfigKey {
    const char *key; /* "rto_initial"; NULL ends a table */
    ConfigType type;
    size_t offset;   /* of the field in the struct */
    const char *def; /* default as a user writes it; NULL: must be given */
    /* In the type's base unit (times in s, decibels in dB); both 0: no check,
     * but a time or fraction is never negative; max < min: no upper limit. */
    double min, max;
    /* CONFIG_CHOICE: "a|b|c".  Of a number: the word for 0 ("never", "off"),
     * where 0 means something else than very little; the range does not bind
     * it, and "0 s" itself is then refused.  A rate's is "unlimited" and
     * decibels' "none" where nothing stands here. */
    const char *choices;
    const char *sentence; /* what it is */
    const char *source;   /* "RFC 6298 s2.1", or "" */
    /* Further columns of defaults, chosen by config_defaults(): a profile. */
    const char *alternatives[4];
    bool (*parse)(const char *text, void *field,
                  char **why); /* CONFIG_CUSTOM */
    char *(*format)(const void *field);
};

Config *config_new(void);
void config_free(Config *config);
Config *config_copy(const Config *config);
/* Reads FILE (at most 64 MiB), or LEN bytes of TEXT called NAME, after what is
 * there already.  A group that is there already is an error that names both
 * lines.  On an error CONFIG holds what could be read, for who looks for more
 * mistakes. */
bool config_read(Config *config, const char *file, GError **error);
bool config_read_text(Config *config, const char *text, size_t len,
                      const char *name, GError **error);
/* Sets "GROUP.KEY=VALUE" ("link home -- isp.loss = 1 %", "tcp.profile=rfc").
 * The group is made when it is not there; whether it and the key may be there
 * is for whoever applies the config to say, with ORIGIN.
 *
 * The group ends at the first dot that no digit follows: a name may end in the
 * number of one of several nodes ("node client.1.resolver"), and the keys of
 * some groups hold dots themselves ("sweep.link a -- b.loss",
 * "plot latency.x.scale", "case slow.tcp.profile"). */
bool config_set(Config *config, const char *assignment, ConfigOrigin origin,
                GError **error);
/* "GROUP.KEY" taken apart by the same rule, blanks collapsed. */
typedef struct ConfigTarget {
    char *kind, *name, *key;
} ConfigTarget;
/* False, TARGET then all NULL, when TEXT is none; config_target_clear() it
 * otherwise. */
bool config_target_read(ConfigTarget *target, const char *text);
void config_target_clear(ConfigTarget *target);
/* config_set(), already taken apart; each part must be what a file could hold.
 */
void config_set_value(Config *config, const char *kind, const char *name,
                      const char *key, const char *value, ConfigOrigin origin);
/* Lays FROM over CONFIG: what stands in both has FROM's value. */
void config_merge(Config *config, const Config *from);
/* The group of KIND and NAME; NULL when there is none. */
ConfigGroup *config_find(const Config *config, const char *kind,
                         const char *name);
const ConfigEntry *config_entry(const ConfigGroup *group, const char *key);
/* "kind name", or "kind" without a name: what stands between the brackets. The
 * caller g_free()s. */
char *config_group_text(const ConfigGroup *group);
/* The text of CONFIG, such that reading it gives the same CONFIG. */
char *config_to_text(const Config *config);

/* Fills the fields of STRUCT_ (whose content does not count) from the defaults
 * of KEYS (ALTERNATIVE 0: .def; n: .alternatives[n-1] where that is not NULL,
 * else .def).  The field of a key that must be given becomes zero. */
void config_defaults(const ConfigKey *keys, unsigned alternative,
                     void *struct_);
/* Sets the fields that GROUP has entries for.  Unknown keys (with "did you
 * mean"), bad values and values out of range: an error with each of them,
 * STRUCT_ filled from the others. */
bool config_apply(const ConfigKey *keys, const ConfigGroup *group,
                  void *struct_, GError **error);
/* One value by itself, as config_apply() would take it. */
bool config_apply_one(const ConfigKey *keys, const char *group_text,
                      const ConfigEntry *entry, void *struct_, GError **error);
/* Whether GROUP has every key of KEYS that must be given. */
bool config_complete(const ConfigKey *keys, const ConfigGroup *group,
                     GError **error);
/* Frees the CONFIG_TEXT fields and makes them NULL. */
void config_clear_struct(const ConfigKey *keys, void *struct_);
/* Reads TEXT as a value of KEY into its field of STRUCT_, range checked. false,
 * with *WHY (g_free), otherwise; the field is then untouched, except a custom
 * one's. */
bool config_parse(const ConfigKey *key, const char *text, void *struct_,
                  char **why);
/* The value of KEY in STRUCT_ in canonical units, which reads back. */
char *config_format(const ConfigKey *key, const void *struct_);
/* The quantity that KEY's value is; QUANTITY_KINDS when it is none. */
QuantityKind config_quantity(const ConfigKey *key);
/* KEY's word for 0, or NULL. */
const char *config_zero_word(const ConfigKey *key);
/* "0 % to 100 %", "at least 1 ms", or NULL when there is no range. */
char *config_range_text(const ConfigKey *key);
const ConfigKey *config_key(const ConfigKey *keys, const char *name);
/* The nearest of the NULL-ended WORDS to a misspelt WORD, or NULL. */
const char *config_did_you_mean(const char *word, const char *const *words);
/* Adds "FILE:LINE: [group] key: MESSAGE" to the mistakes in ERROR; GROUP and
 * KEY may be NULL.  Returns false. */
bool config_fail(GError **error, int code, ConfigOrigin origin,
                 const char *group, const char *key, const char *format, ...)
    G_GNUC_PRINTF(6, 7);
/* The same for KEY of GROUP, where it stands, or where GROUP does. */
bool config_fail_at(const ConfigGroup *group, const char *key, GError **error,
                    const char *message);

#endif
