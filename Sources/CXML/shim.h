// The door to libxml2. Debian's libxml2 drags in ICU's headers, which clash with the ICU inside
// Foundation ("UErrorCode has different definitions"); nothing here needs them.
#ifndef COLOPHON_CXML_SHIM_H
#define COLOPHON_CXML_SHIM_H

#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

// `xmlFree` is a mutable global function pointer, which Swift 6 refuses.
static inline void cxml_free(void *pointer) { xmlFree(pointer); }

#endif
