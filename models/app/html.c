/* html.c - see html.h. */
#include "html.h"

#include <libxml/HTMLparser.h>
#include <limits.h>
#include <string.h>

/* What the parser's callbacks share. */
typedef struct Reader {
    HtmlPage *page;
    GHashTable *seen; /* references of each kind */
    GString *title;   /* while inside <title> */
    bool titled;
} Reader;

static void part_clear(void *memory)
{
    g_free(((HtmlPart *)memory)->reference);
}

static const char *attribute(const xmlChar **attributes, const char *name)
{
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
        if (g_ascii_strcasecmp((const char *)attributes[0], name) == 0)
            return (const char *)attributes[1];
    return NULL;
}

static void add_part(Reader *reader, HtmlPartKind kind, const char *reference)
{
    HtmlPart part = {kind, NULL};
    char *key;

    /* An empty reference would be the page itself. */
    if (reference == NULL || reference[strspn(reference, " \t\r\n\f")] == '\0')
        return;
    if (reader->page->parts->len == HTML_PARTS_MAX)
        return;
    key = g_strdup_printf("%d %s", (int)kind, reference);
    if (!g_hash_table_add(reader->seen, key))
        return;
    part.reference = g_strdup(reference);
    g_array_append_val(reader->page->parts, part);
}

/* REL, a list of words, names a stylesheet that is used at once. */
static bool is_stylesheet(const char *rel)
{
    bool stylesheet = false, alternate = false;
    char **words;

    if (rel == NULL)
        return false;
    words = g_strsplit_set(rel, " \t\r\n\f", -1);
    for (char **word = words; *word != NULL; word++) {
        stylesheet |= g_ascii_strcasecmp(*word, "stylesheet") == 0;
        alternate |= g_ascii_strcasecmp(*word, "alternate") == 0;
    }
    g_strfreev(words);
    return stylesheet && !alternate;
}

static void start_element(void *user, const xmlChar *name,
                          const xmlChar **attributes)
{
    Reader *reader = user;
    const char *tag = (const char *)name;

    if (strcmp(tag, "img") == 0) {
        add_part(reader, HTML_IMAGE, attribute(attributes, "src"));
    } else if (strcmp(tag, "script") == 0) {
        add_part(reader, HTML_SCRIPT, attribute(attributes, "src"));
    } else if (strcmp(tag, "link") == 0) {
        if (is_stylesheet(attribute(attributes, "rel")))
            add_part(reader, HTML_STYLESHEET, attribute(attributes, "href"));
    } else if (strcmp(tag, "base") == 0) {
        if (reader->page->base == NULL)
            reader->page->base = g_strdup(attribute(attributes, "href"));
    } else if (strcmp(tag, "title") == 0 && !reader->titled) {
        reader->title = g_string_new(NULL);
        reader->titled = true;
    }
}

static void end_element(void *user, const xmlChar *name)
{
    Reader *reader = user;

    if (reader->title == NULL || strcmp((const char *)name, "title") != 0)
        return;
    reader->page->title = g_strstrip(g_string_free(reader->title, FALSE));
    reader->title = NULL;
}

static void characters(void *user, const xmlChar *text, int len)
{
    Reader *reader = user;

    if (reader->title != NULL)
        g_string_append_len(reader->title, (const char *)text, len);
}

/* libxml2 wants its tables made once, before any two threads read. */
static void library_init(void)
{
    static gsize done;

    if (g_once_init_enter(&done)) {
        xmlInitParser();
        g_once_init_leave(&done, 1);
    }
}

void html_read(HtmlPage *page, const uint8_t *bytes, size_t len)
{
    xmlSAXHandler handler = {.startElement = start_element,
                             .endElement = end_element,
                             .characters = characters};
    Reader reader = {.page = page};
    htmlParserCtxtPtr context;

    *page = (HtmlPage){.parts = g_array_new(FALSE, FALSE, sizeof(HtmlPart))};
    g_array_set_clear_func(page->parts, part_clear);
    if (len == 0 || len > INT_MAX)
        return;
    library_init();
    reader.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    context = htmlCreatePushParserCtxt(&handler, &reader, NULL, 0, NULL,
                                       XML_CHAR_ENCODING_NONE);
    g_assert(context != NULL);
    htmlCtxtUseOptions(context, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                    HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    htmlParseChunk(context, (const char *)bytes, (int)len, 1);
    if (context->myDoc != NULL)
        xmlFreeDoc(context->myDoc);
    htmlFreeParserCtxt(context);
    g_hash_table_unref(reader.seen);
    if (reader.title != NULL)
        g_string_free(reader.title, TRUE);
}

void html_clear(HtmlPage *page)
{
    g_free(page->title);
    g_free(page->base);
    g_array_unref(page->parts);
    *page = (HtmlPage){0};
}
