// The door to libcurl. `curl_easy_setopt`, `curl_multi_setopt` and `curl_easy_getinfo` are variadic,
// which Swift cannot call: one function for each argument type.
#ifndef COLOPHON_CCURL_SHIM_H
#define COLOPHON_CCURL_SHIM_H

#include <curl/curl.h>

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

#endif
