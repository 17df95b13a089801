// The door to libxml2. Debian's libxml2 drags in ICU's headers, which clash with the ICU inside
// Foundation ("UErrorCode has different definitions"); nothing here needs them.
#ifndef COLOPHON_CXML_SHIM_H
#define COLOPHON_CXML_SHIM_H

#include "../CLibrary/library.h"

#include <malloc.h>
#include <stddef.h>
#include <string.h>

#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

// The types are those of libxml2's headers; the library is the one that belongs to them.
#if LIBXML_VERSION >= 21400
#define CXML_LIBRARY "libxml2.so.16"
#else
#define CXML_LIBRARY "libxml2.so.2"
#endif

static inline void *cxml_library(void) {
    static void *library;
    if (!library) {
        library = clibrary_open(CXML_LIBRARY, "libxml2");
    }
    return library;
}

#define CXML_FUNCTION(name) CLIBRARY_FUNCTION(cxml_library(), name)

// Whenever a kilobyte or more is asked for, glibc first goes over all small pieces that it keeps apart in its
// fast bins (malloc_consolidate), and every entry of a feed asks for one; without these bins pieces are joined
// as they come back. And it asks the system for 128 KB at a time, where a large feed takes a hundred megabytes.
static inline void cxml_init_parser(void) {
    mallopt(M_MXFAST, 0);
    mallopt(M_TOP_PAD, 4 << 20);
    CXML_FUNCTION(xmlInitParser)();
}

static inline xmlParserCtxtPtr cxml_new_parser(void) { return CXML_FUNCTION(xmlNewParserCtxt)(); }

static inline void cxml_free_parser(xmlParserCtxtPtr parser) { CXML_FUNCTION(xmlFreeParserCtxt)(parser); }

// With a `sax` of ours there is no tree, so nothing comes back.
static inline void cxml_read(xmlParserCtxtPtr parser, xmlInputReadCallback read, void *source, int options) {
    CXML_FUNCTION(xmlCtxtReadIO)(parser, read, NULL, source, NULL, NULL, options);
}

static inline void cxml_stop(xmlParserCtxtPtr parser) { CXML_FUNCTION(xmlStopParser)(parser); }

static inline int cxml_line(xmlParserCtxtPtr parser) { return CXML_FUNCTION(xmlSAX2GetLineNumber)(parser); }

static inline int cxml_names(xmlParserCtxtPtr parser) { return CXML_FUNCTION(xmlDictSize)(parser->dict); }

static inline xmlEntityPtr cxml_predefined_entity(const xmlChar *name) {
    return CXML_FUNCTION(xmlGetPredefinedEntity)(name);
}

static inline htmlParserCtxtPtr cxml_new_html_parser(void) { return CXML_FUNCTION(htmlNewParserCtxt)(); }

static inline void cxml_free_html_parser(htmlParserCtxtPtr parser) {
    CXML_FUNCTION(htmlFreeParserCtxt)(parser);
}

static inline void cxml_read_html(htmlParserCtxtPtr parser, const char *text, int count, int options) {
    CXML_FUNCTION(htmlCtxtReadMemory)(parser, text, count, NULL, "UTF-8", options);
}

static inline const htmlEntityDesc *cxml_html_entity(unsigned int scalar) {
    return CXML_FUNCTION(htmlEntityValueLookup)(scalar);
}

static inline int cxml_is_html(const unsigned char *name) { return CXML_FUNCTION(htmlTagLookup)(name) != NULL; }

// How many bytes of text go by without anything that the repair pass must look at. It sees every
// byte of a document, so it takes sixteen at a time; Swift's SIMD types cost ten times as much here.
// Marks are what XML forbids below 32, and 0xC2 and 0xEF, which may begin what it forbids; in markup
// also `<`, `&` and `]`.
typedef unsigned char cxml_block __attribute__((vector_size(16), aligned(1)));

// Whether these sixteen bytes, with the three before them, could be part of UTF-8 (RFC 3629 section 4): behind a
// first byte as many others as it asks for, and no character written longer than it is, no half of a pair of
// UTF-16's, none beyond U+10FFFF.
static inline int cxml_is_utf8_block(const unsigned char *text) {
    cxml_block byte = *(const cxml_block *)text;
    cxml_block before = *(const cxml_block *)(text - 1);
    cxml_block second = *(const cxml_block *)(text - 2);
    cxml_block third = *(const cxml_block *)(text - 3);
    cxml_block follows = (cxml_block)((byte & 0xC0) == 0x80);
    cxml_block must = (cxml_block)((before >= 0xC0) | (second >= 0xE0) | (third >= 0xF0));
    cxml_block wrong = follows ^ must;
    wrong |= (cxml_block)((byte == 0xC0) | (byte == 0xC1) | (byte >= 0xF5));
    wrong |= (cxml_block)(((before == 0xE0) & (byte < 0xA0)) | ((before == 0xED) & (byte > 0x9F)));
    wrong |= (cxml_block)(((before == 0xF0) & (byte < 0x90)) | ((before == 0xF4) & (byte > 0x8F)));
    unsigned long long halves[2];
    memcpy(halves, &wrong, 16);
    return !(halves[0] | halves[1]);
}

// Whether a text is UTF-8. It is every document's first pass, and most have letters beyond ASCII all over:
// Swift's own check, from one of them to the next, takes twice as long.
static inline int cxml_is_utf8(const unsigned char *text, size_t count) {
    unsigned char edge[19] = {0};
    memcpy(edge + 3, text, count < 16 ? count : 16);
    if (!cxml_is_utf8_block(edge + 3)) {
        return 0;
    }
    if (count < 16) {
        return 1;
    }
    size_t at = 16;
    for (; at + 16 <= count; at += 16) {
        unsigned long long words[2];
        memcpy(words, text + at, 16);
        int is_ascii = !((words[0] | words[1]) & 0x8080808080808080ULL) && text[at - 1] < 0x80;
        if (!is_ascii && !cxml_is_utf8_block(text + at)) {
            return 0;
        }
    }
    // What is left, and nothing after it: a character that was begun is wrong.
    memset(edge, 0, sizeof edge);
    memcpy(edge, text + at - 3, count - at + 3);
    return cxml_is_utf8_block(edge + 3);
}

static inline int cxml_is_mark(unsigned char byte, int in_markup) {
    return byte == 0xC2 || byte == 0xEF
        || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t')
        || (in_markup && (byte == '<' || byte == '&' || byte == ']'));
}

static inline size_t cxml_plain(const unsigned char *text, size_t count, int in_markup) {
    size_t at = 0;
    while (at < count) {
        if (at + 16 <= count) {
            cxml_block block = *(const cxml_block *)(text + at);
            cxml_block marks = (cxml_block)((block == 0xC2) | (block == 0xEF)
                                            | ((block < 0x20) & (block != '\n')));
            if (in_markup) {
                marks |= (cxml_block)((block == '<') | (block == '&') | (block == ']'));
            }
            unsigned long long halves[2];
            memcpy(halves, &marks, 16);
            if (!(halves[0] | halves[1])) {
                at += 16;
                continue;
            }
        }
        size_t end = at + 16 < count ? at + 16 : count;
        for (; at < end; at++) {
            if (cxml_is_mark(text[at], in_markup)) {
                return at;
            }
        }
    }
    return at;
}

// Whether a document holds what is meant otherwise than it stands there: U+0080 to U+009F (0xC2 and a
// byte below 0xA0), as characters or as numeric references, or a reference that may be the first byte
// of a character whose bytes were each written as one (`&#226;&#128;&#166;`); or a zero byte, which
// libxml2 takes for the end. A single pass, like `cxml_plain`.
static inline int cxml_is_misread_number(const unsigned char *text, size_t count, size_t at) {
    unsigned value = 0;
    int hex = at < count && (text[at] | 0x20) == 'x';
    for (at += hex; at < count && value < 0x110000; at++) {
        unsigned char byte = text[at] | 0x20;
        if (text[at] >= '0' && text[at] <= '9') {
            value = value * (hex ? 16 : 10) + (text[at] - '0');
        } else if (hex && byte >= 'a' && byte <= 'f') {
            value = value * 16 + (byte - 'a' + 10);
        } else {
            break;
        }
    }
    return (value >= 0x80 && value < 0xA0)
        || (value >= 0xC2 && value < 0xF5 && at + 1 < count && text[at] == ';' && text[at + 1] == '&');
}

static inline int cxml_is_misread(const unsigned char *text, size_t count) {
    size_t at = 0;
    while (at + 1 < count) {
        if (at + 17 <= count) {
            cxml_block block = *(const cxml_block *)(text + at);
            cxml_block next = *(const cxml_block *)(text + at + 1);
            cxml_block marks = (cxml_block)(((block == '&') & (next == '#'))
                                            | ((block == 0xC2) & (next < 0xA0))
                                            | (next == 0));
            unsigned long long halves[2];
            memcpy(halves, &marks, 16);
            if (!(halves[0] | halves[1])) {
                at += 16;
                continue;
            }
        }
        size_t end = at + 16 < count - 1 ? at + 16 : count - 1;
        for (; at < end; at++) {
            if ((text[at] == 0xC2 && text[at + 1] < 0xA0) || text[at + 1] == 0) {
                return 1;
            }
            if (text[at] == '&' && text[at + 1] == '#'
                && cxml_is_misread_number(text, count, at + 2)) {
                return 1;
            }
        }
    }
    return 0;
}

#endif
