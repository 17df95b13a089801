// statfs(2), which tells what serves a file system and which Swift's Glibc leaves out.
#ifndef CFILES_SHIM_H
#define CFILES_SHIM_H

#include <sys/vfs.h>

#endif
