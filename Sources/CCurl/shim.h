// The door to libcurl. `curl_easy_setopt`, `curl_multi_setopt` and `curl_easy_getinfo` are
// variadic, which Swift cannot call: one function for each argument type.
#ifndef COLOPHON_CCURL_SHIM_H
#define COLOPHON_CCURL_SHIM_H

#include "../CLibrary/library.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>

// Of OpenSSL's build, whose name differs from that of GnuTLS's.
//
// The loader looks for each symbol of a library in all that stand before it, and Debian's libcurl drags in
// thirty. Opened before the others, OpenSSL and what librtmp alone needs (GnuTLS and its kin) find theirs among
// themselves: the whole takes a seventh less. Where libcurl is built without one of them, nothing is lost.
static inline void *ccurl_library(void) {
    static void *library;
    if (!library) {
        dlopen("librtmp.so.1", RTLD_LAZY | RTLD_LOCAL);
        dlopen("libssl.so.3", RTLD_LAZY | RTLD_LOCAL);
        library = clibrary_open("libcurl.so.4", "libcurl4");
    }
    return library;
}

#define CCURL_FUNCTION(name) CLIBRARY_FUNCTION(ccurl_library(), name)

static inline CURLcode ccurl_global_init(long flags) { return CCURL_FUNCTION(curl_global_init)(flags); }

static inline void ccurl_global_cleanup(void) { CCURL_FUNCTION(curl_global_cleanup)(); }

static inline CURL *ccurl_easy_init(void) { return CCURL_FUNCTION(curl_easy_init)(); }

static inline void ccurl_easy_reset(CURL *handle) { CCURL_FUNCTION(curl_easy_reset)(handle); }

static inline void ccurl_easy_cleanup(CURL *handle) { CCURL_FUNCTION(curl_easy_cleanup)(handle); }

static inline const char *ccurl_easy_strerror(CURLcode code) {
    return CCURL_FUNCTION(curl_easy_strerror)(code);
}

static inline CURLM *ccurl_multi_init(void) { return CCURL_FUNCTION(curl_multi_init)(); }

static inline void ccurl_multi_cleanup(CURLM *multi) { CCURL_FUNCTION(curl_multi_cleanup)(multi); }

static inline CURLMcode ccurl_multi_add(CURLM *multi, CURL *handle) {
    return CCURL_FUNCTION(curl_multi_add_handle)(multi, handle);
}

static inline CURLMcode ccurl_multi_remove(CURLM *multi, CURL *handle) {
    return CCURL_FUNCTION(curl_multi_remove_handle)(multi, handle);
}

static inline CURLMcode ccurl_multi_perform(CURLM *multi, int *running) {
    return CCURL_FUNCTION(curl_multi_perform)(multi, running);
}

static inline CURLMsg *ccurl_multi_info_read(CURLM *multi, int *left) {
    return CCURL_FUNCTION(curl_multi_info_read)(multi, left);
}

static inline CURLMcode ccurl_multi_poll(CURLM *multi, int milliseconds) {
    return CCURL_FUNCTION(curl_multi_poll)(multi, NULL, 0, milliseconds, NULL);
}

static inline const char *ccurl_multi_strerror(CURLMcode code) {
    return CCURL_FUNCTION(curl_multi_strerror)(code);
}

static inline struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
    return CCURL_FUNCTION(curl_slist_append)(list, text);
}

static inline void ccurl_list_free(struct curl_slist *list) {
    if (list) {
        CCURL_FUNCTION(curl_slist_free_all)(list);
    }
}

static inline CURLU *ccurl_url(void) { return CCURL_FUNCTION(curl_url)(); }

static inline void ccurl_url_cleanup(CURLU *parts) { CCURL_FUNCTION(curl_url_cleanup)(parts); }

static inline CURLUcode ccurl_url_set(CURLU *parts, CURLUPart part, const char *text, unsigned flags) {
    return CCURL_FUNCTION(curl_url_set)(parts, part, text, flags);
}

// What comes back is the caller's, to be given to `ccurl_free`.
static inline CURLUcode ccurl_url_get(CURLU *parts, CURLUPart part, char **text, unsigned flags) {
    return CCURL_FUNCTION(curl_url_get)(parts, part, text, flags);
}

static inline const char *ccurl_url_strerror(CURLUcode code) {
    return CCURL_FUNCTION(curl_url_strerror)(code);
}

static inline void ccurl_free(void *bytes) { CCURL_FUNCTION(curl_free)(bytes); }

static inline time_t ccurl_date(const char *text) { return CCURL_FUNCTION(curl_getdate)(text, NULL); }

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_bytes(CURL *handle, CURLoption option, const void *value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

// The body and the header callback have one shape.
static inline CURLcode ccurl_set_receiver(
    CURL *handle, CURLoption option, curl_write_callback value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_open_socket(CURL *handle, curl_opensocket_callback value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode ccurl_set_before_request(CURL *handle, curl_prereq_callback value) {
    return CCURL_FUNCTION(curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, value);
}

static inline CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
    return CCURL_FUNCTION(curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return CCURL_FUNCTION(curl_easy_getinfo)(handle, info, value);
}

// The string belongs to the handle, and lives until its next transfer.
static inline CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return CCURL_FUNCTION(curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode ccurl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return CCURL_FUNCTION(curl_easy_getinfo)(handle, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return CCURL_FUNCTION(curl_multi_setopt)(multi, option, value);
}

// The address of a socket about to be opened: 4 or 16 bytes, network order; 0 when of another
// family. In C, because `addr` is declared shorter than the IPv6 address that lies there.
static inline size_t ccurl_socket_address(
    const struct curl_sockaddr *address, unsigned char bytes[16]) {
    const void *start = &address->addr;
    if (address->family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, start, sizeof four);
        memcpy(bytes, &four.sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, start, sizeof six);
        memcpy(bytes, &six.sin6_addr, 16);
        return 16;
    }
    return 0;
}

#endif
