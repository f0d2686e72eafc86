/* config_read.c - config files, line by line: each that is wrong is said, and
 * the others are read. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "config_text.h"

enum { FILE_MAX = 64 << 20 }; /* bytes */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

char *config_collapse(const char *text, size_t len)
{
    GString *out = g_string_sized_new(len);

    for (size_t i = 0; i < len; i++) {
        if (!is_blank(text[i]))
            g_string_append_c(out, text[i]);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

/* The first byte of TEXT that no part of a line may hold, or 0. */
static unsigned char control_character(const char *text)
{
    for (; *text != '\0'; text++)
        if (g_ascii_iscntrl(*text) && *text != '\t')
            return (unsigned char)*text;
    return 0;
}

static char *bad_control(const char *text)
{
    unsigned char control = control_character(text);

    if (control == 0)
        return NULL;
    return g_strdup_printf("the control character 0x%02x; write text alone",
                           control);
}

char *config_bad_header(const char *text)
{
    size_t kind = strcspn(text, " ");

    if (*text == '\0')
        return g_strdup("the group has no name; write one, such as [topology]");
    if (strpbrk(text, "[]=") != NULL)
        return g_strdup_printf("a group's name holds no [, ] or =; write it "
                               "without \"%c\"",
                               *strpbrk(text, "[]="));
    for (size_t i = 0; i < kind; i++)
        if (!g_ascii_isalnum(text[i]) && (i == 0 || !strchr("-_", text[i])))
            return g_strdup_printf(
                "\"%.*s\" is not a kind of group; the first "
                "word is made of letters, such as [node web]",
                (int)kind, text);
    return bad_control(text);
}

char *config_bad_key(const char *text)
{
    if (*text == '\0')
        return g_strdup("no key before the \"=\"; write key = value");
    if (*text == '#' || strpbrk(text, "[]=") != NULL)
        return g_strdup_printf("\"%s\" is not a key, which holds no bracket; "
                               "write key = value",
                               text);
    return bad_control(text);
}

char *config_bad_value(const char *text)
{
    for (const char *hash = strchr(text, '#'); hash;
         hash = strchr(hash + 1, '#'))
        if (hash == text || is_blank(hash[-1]))
            return g_strdup_printf("\"%s\" would be part of the value; put the "
                                   "comment on a line of its own",
                                   hash);
    return bad_control(text);
}

/* --- a text --------------------------------------------------------------- */

typedef struct Reader {
    Config *config;      /* what was there before, for duplicates */
    Config *fresh;       /* what was read so far */
    ConfigGroup *group;  /* being read, in FRESH; NULL before the first */
    bool begun;          /* a header was there, a bad one maybe */
    char *header;        /* its text; NULL where it could not be read */
    GHashTable *keys;    /* its keys -> ConfigEntry * */
    ConfigEntry *open;   /* what a further line adds to; NULL: nothing */
    char *open_key;      /* its key, or of one that is wrong; NULL: none */
    size_t indent;       /* blanks before it */
    ConfigOrigin origin; /* of the present line */
    GError **error;
} Reader;

/* Fails at the present line, in the present group. */
G_GNUC_PRINTF(3, 4)
static bool fail_here(Reader *reader, const char *key, const char *format, ...)
{
    va_list args;
    char *message;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    config_fail(reader->error, CONFIG_ERROR_SYNTAX, reader->origin,
                reader->header, key, "%s", message);
    g_free(message);
    return false;
}

/* Whether all is well: WHY is NULL.  Else fails with it. */
static bool accept(Reader *reader, const char *key, char *why /* taken */)
{
    if (why == NULL)
        return true;
    fail_here(reader, key, "%s", why);
    g_free(why);
    return false;
}

/* Fails because GROUP, or its KEY, was FIRST at another place. */
static bool fail_twice(Reader *reader, const char *group, const char *key,
                       ConfigOrigin first)
{
    char *where = first.file == reader->origin.file
                      ? g_strdup_printf("line %d", first.line)
                  : first.line > 0
                      ? g_strdup_printf("%s:%d", first.file, first.line)
                      : g_strdup(first.file);

    config_fail(reader->error, CONFIG_ERROR_NAME, reader->origin, group, key,
                "this %s is at %s already; %s", key != NULL ? "key" : "group",
                where,
                key != NULL ? "keep one of them" : "put its keys in one place");
    g_free(where);
    return false;
}

/* GROUP stands there a second time: what follows is read with it. */
static void go_on_with(Reader *reader, ConfigGroup *group)
{
    reader->group = group;
    for (guint i = 0; i < group->entries->len; i++) {
        ConfigEntry *entry = g_ptr_array_index(group->entries, i);

        g_hash_table_insert(reader->keys, entry->key, entry);
    }
}

/* What follows belongs to no value. */
static void close_value(Reader *reader)
{
    g_clear_pointer(&reader->open_key, g_free);
    reader->open = NULL;
}

static bool read_header(Reader *reader, char *line)
{
    char *end = strchr(line, ']');
    ConfigGroup *twin;

    close_value(reader);
    g_clear_pointer(&reader->header, g_free);
    g_hash_table_remove_all(reader->keys);
    reader->group = NULL;
    reader->begun = true;
    if (end == NULL)
        return fail_here(reader, NULL,
                         "\"%s\" does not end with \"]\"; write [kind name]",
                         line);
    if (end[1] != '\0')
        return fail_here(reader, NULL,
                         "\"%s\" behind the group's \"]\"; put it on a line of "
                         "its own",
                         g_strchug(end + 1));
    reader->header = config_collapse(line + 1, (size_t)(end - line - 1));
    if (!accept(reader, NULL, config_bad_header(reader->header)))
        return false;
    twin = g_hash_table_lookup(reader->fresh->index, reader->header);
    if (twin != NULL)
        go_on_with(reader, twin);
    else
        twin = g_hash_table_lookup(reader->config->index, reader->header);
    if (twin != NULL)
        return fail_twice(reader, reader->header, NULL, twin->origin);
    reader->group = config_group_new(reader->header, reader->origin);
    config_add_group(reader->fresh, reader->group);
    return true;
}

static bool read_value(Reader *reader, const char *key, const char *value)
{
    const ConfigEntry *twin = g_hash_table_lookup(reader->keys, key);
    bool good = accept(reader, NULL, config_bad_key(key)), good_value;
    ConfigEntry *entry;

    if (!good)
        return false;
    good_value = accept(reader, key, config_bad_value(value));
    if (reader->group == NULL && !reader->begun)
        return fail_here(reader, key,
                         "this key is in no group; put a line such as "
                         "[topology] above it");
    if (reader->group == NULL)
        return good_value;
    if (twin != NULL)
        return fail_twice(reader, reader->header, key, twin->origin);
    entry = config_group_add(reader->group, key, value, reader->origin);
    entry->wrong = !good_value;
    g_hash_table_insert(reader->keys, entry->key, entry);
    reader->open = entry;
    return good_value;
}

/* LINE goes on with the value above it; of a key that was wrong it is passed
 * over. */
static bool read_more(Reader *reader, const char *line)
{
    bool good = accept(reader, reader->open_key, config_bad_value(line));
    ConfigEntry *entry = reader->open;
    char *value;

    if (entry == NULL)
        return good;
    value = *entry->value != '\0' ? g_strconcat(entry->value, " ", line, NULL)
                                  : g_strdup(line);
    g_free(entry->value);
    entry->value = value;
    entry->wrong |= !good;
    return good;
}

/* "key = value"; LINE is changed. */
static bool read_key(Reader *reader, char *line)
{
    char *equals = strchr(line, '=');

    close_value(reader);
    if (equals == NULL)
        return fail_here(reader, NULL,
                         "\"%s\" has no \"=\"; write key = value, or # before "
                         "a comment",
                         line);
    reader->open_key = config_collapse(line, (size_t)(equals - line));
    return read_value(reader, reader->open_key, g_strchug(equals + 1));
}

/* LINE is changed. */
static bool read_line(Reader *reader, char *line)
{
    size_t indent = strspn(line, " \t");

    g_strstrip(line);
    if (*line == '#')
        return true;
    if (*line == '\0') {
        close_value(reader);
        return true;
    }
    if (*line == '[')
        return read_header(reader, line);
    if (reader->open_key != NULL && indent > reader->indent)
        return read_more(reader, line);
    reader->indent = indent;
    return read_key(reader, line);
}

static int line_of(const char *text, const char *at)
{
    int line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* What is wrong with the text as a whole. */
static bool check_bytes(Reader *reader, const char *text, size_t len)
{
    ConfigOrigin *origin = &reader->origin;
    const char *end, *nul = memchr(text, '\0', len);

    if (len == 0)
        return fail_here(reader, NULL,
                         "the file is empty; it must hold a group, such as "
                         "[topology]");
    if (nul != NULL) {
        origin->line = line_of(text, nul);
        return fail_here(reader, NULL, "a NUL byte; a config file is text");
    }
    if (!g_utf8_validate_len(text, len, &end)) {
        origin->line = line_of(text, end);
        return fail_here(
            reader, NULL,
            "the byte 0x%02x is not UTF-8; write the file in UTF-8",
            (unsigned char)*end);
    }
    return true;
}

/* TEXT, ended by a NUL, is changed. */
static bool read_lines(Reader *reader, char *text, size_t len)
{
    char *line = text, *next;
    bool good = true;

    if (!check_bytes(reader, text, len))
        return false;
    if (g_str_has_prefix(line, "\xef\xbb\xbf")) /* byte order mark */
        line += 3;
    for (; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        reader->origin.line++;
        good &= read_line(reader, line);
    }
    close_value(reader);
    reader->origin.line = 0;
    if (!good || reader->begun)
        return good;
    return fail_here(reader, NULL,
                     "no group in the file; it must hold one, such as "
                     "[topology]");
}

/* Moves what FRESH holds to the end of CONFIG. */
static void take_groups(Config *config, Config *fresh)
{
    for (guint i = 0; i < fresh->groups->len; i++)
        config_add_group(config, g_ptr_array_index(fresh->groups, i));
    g_ptr_array_set_free_func(fresh->groups, NULL);
    config_free(fresh);
}

bool config_read_text(Config *config, const char *text, size_t len,
                      const char *name, GError **error)
{
    Reader reader = {.config = config, .fresh = config_new(), .error = error};
    char *copy = g_strndup("", len); /* LEN + 1 zeros: TEXT may hold NULs */
    bool good;

    if (len > 0)
        memcpy(copy, text, len);
    reader.origin.file = g_intern_string(name);
    reader.keys = g_hash_table_new(g_str_hash, g_str_equal);
    good = read_lines(&reader, copy, len);
    take_groups(config, reader.fresh);
    g_ptr_array_add(config->files, (char *)reader.origin.file);
    g_hash_table_unref(reader.keys);
    g_free(reader.header);
    g_free(copy);
    return good;
}

/* --- a file --------------------------------------------------------------- */

/* Reads the whole of STREAM into TEXT; false with errno. */
static bool slurp(FILE *stream, GString *text)
{
    struct stat status;
    char part[16384];
    size_t len;

    if (fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    while ((len = fread(part, 1, sizeof part, stream)) > 0) {
        g_string_append_len(text, part, (gssize)len);
        if (text->len > FILE_MAX) {
            errno = EFBIG;
            return false;
        }
    }
    return !ferror(stream);
}

static bool fail_file(const char *file, int code, GError **error)
{
    ConfigOrigin origin = {.file = file};
    const char *right =
        code == ENOENT   ? "write the name of a file that is there"
        : code == EISDIR ? "write the name of a file in it"
        : code == EFBIG  ? "a config file has at most 64 MiB"
                         : "write the name of a file that can be "
                           "read";

    return config_fail(
        error, CONFIG_ERROR_FILE, origin, NULL, NULL, "%s; %s",
        code == EISDIR ? "this is a directory" : g_strerror(code), right);
}

bool config_read(Config *config, const char *file, GError **error)
{
    FILE *stream = fopen(file, "rb");
    GString *text;
    bool good;

    if (stream == NULL)
        return fail_file(file, errno, error);
    text = g_string_new(NULL);
    good = slurp(stream, text);
    if (!good)
        fail_file(file, errno, error);
    fclose(stream);
    good = good && config_read_text(config, text->str, text->len, file, error);
    g_string_free(text, TRUE);
    return good;
}
