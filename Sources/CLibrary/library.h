// How libcurl and libxml2 are opened: when first they are called, and not when the program starts. With all
// that Debian's builds of them drag in (OpenSSL, Kerberos, LDAP, GnuTLS; ICU, libstdc++), loading them
// takes 7 ms, which was half of every command that neither asks the network nor reads a document.
#ifndef COLOPHON_CLIBRARY_H
#define COLOPHON_CLIBRARY_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

// Where it is not installed the program ends with the loader's own status, as it would have at its start
// had it been linked: nothing of what was fetched is recorded yet, and the next run asks again.
// Not RTLD_NOW: nobody needs everything that those libraries might call.
static inline void *clibrary_open(const char *file, const char *package) {
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "colophon: %s cannot be loaded (%s); on Debian \"apt-get install %s\" brings it\n",
                file, dlerror(), package);
        exit(127);
    }
    return library;
}

// The function `name` of the library that `open()` gives, with the type that its header declares.
#define CLIBRARY_FUNCTION(open, name)                      \
    ({                                                     \
        static __typeof__(&name) found;                    \
        if (!found) {                                      \
            found = (__typeof__(&name))dlsym(open, #name); \
        }                                                  \
        found;                                             \
    })

#endif
