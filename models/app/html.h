/* html.h - what a browser must know of a page: its title, and what else it
 * needs.
 *
 * libxml2 reads the HTML; it is kept quiet (it knows HTML 4, and calls <main>
 * an error), off the network, and from loading anything.
 *
 * Not modelled: scripts that change the page, srcset and <picture>, parts that
 * stylesheets refer to, media queries. */
#ifndef FIRSTBYTE_MODELS_APP_HTML_H
#define FIRSTBYTE_MODELS_APP_HTML_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum HtmlPartKind {
    HTML_IMAGE,      /* <img src> */
    HTML_STYLESHEET, /* <link rel=stylesheet href>: painting waits for it */
    HTML_SCRIPT,     /* <script src> */
} HtmlPartKind;

typedef struct HtmlPart {
    HtmlPartKind kind;
    char *reference; /* as it stands in the page */
} HtmlPart;

typedef struct HtmlPage {
    char *title;   /* NULL: none */
    char *base;    /* <base href>, NULL: none */
    GArray *parts; /* of HtmlPart, in the order of the page; each once */
} HtmlPage;

enum { HTML_PARTS_MAX = 10000 }; /* the rest of a page is not fetched */

/* Reads the LEN bytes at BYTES; anything is a page, if need be an empty one. */
void html_read(HtmlPage *page, const uint8_t *bytes, size_t len);
void html_clear(HtmlPage *page);

#endif
