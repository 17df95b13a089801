# Sourced by the other scripts: finds the compiler, installs the two libraries where they are missing,
# and changes nothing when everything is there.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf 'colophon: %s\n' "$*" >&2; }
fail() { say "$*"; exit 69; }

# Swift 6.2 is the first whose package manager knows all settings of Package.swift (strict memory safety).
require_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        fail "Swift is missing: get 6.2 or later at https://www.swift.org/install/linux/, or take a release, which needs no Swift"
    fi
    local version major minor
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    major=${version%%.*}
    minor=${version#*.}
    if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
        fail "Swift ${version:-of an unknown version} is too old: get 6.2 or later at https://www.swift.org/install/linux/, or take a release, which needs no Swift"
    fi
}

# Debian packages that must be there: libcurl, libxml2 and what else is named.
require_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null 2>&1 || {
        say "this is no Debian: make sure that these are installed: $*"
        return 0
    }
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            fail "missing: ${missing[*]}; ask an administrator for: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
        { "${as_root[@]}" apt-get update >/dev/null 2>&1 &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null; } ||
        fail "could not install ${missing[*]}: try \"apt-get install ${missing[*]}\" and read what it says"
}

# Sets `runtime`: options of `swift build` for a program with Swift inside. What Swift itself is written with
# comes along, too: libstdc++ and libgcc as shared libraries cost each start 1 ms. The archive stands in a folder
# of its own, for a linker takes the shared one where it finds both. No library lies beside such a program, so
# none is looked for there. Nor are its own symbols for others to find, as the options that come with Swift's
# archives would have it: six thousand names that the loader reads at each start. And it stands at a place of its own
# choosing: to be put anywhere, forty thousand addresses in it would be written anew at each start, for 0.8 ms. Its
# stack, its heap and the libraries, which are what is written in C, stand anywhere all the same.
static_runtime() {
    mkdir -p "$root/$1/archives"
    ln -sf "$(clang -print-file-name=libstdc++.a)" "$root/$1/archives/"
    runtime=(--static-swift-stdlib --disable-local-rpath -Xlinker "-L$root/$1/archives"
        -Xlinker --no-export-dynamic -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
        -Xswiftc -Xclang-linker -Xswiftc -no-pie)
}

libraries=(libcurl4-openssl-dev libxml2-dev pkg-config)
