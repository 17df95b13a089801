// The processor's own instruction for CRC-32C, which Swift cannot name. Values go in and out, no pointers; many
// words a call, because a function that uses the instruction cannot be inlined into one that must also run
// without it.
#ifndef CCHECKSUM_SHIM_H
#define CCHECKSUM_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>

// SSE 4.2, which x86-64 has had since 2008 and may be hidden by a virtual machine.
static inline bool cchecksum_has_crc32c(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) != 0;
}

#define CCHECKSUM_TARGET __attribute__((target("sse4.2"), noinline))
#define CCHECKSUM_STEP(crc, word) ((uint64_t)__builtin_ia32_crc32di((crc), (word)))

#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>

static inline bool cchecksum_has_crc32c(void) {
    return (getauxval(AT_HWCAP) & (1UL << 7)) != 0; // HWCAP_CRC32
}

#define CCHECKSUM_TARGET __attribute__((target("crc"), noinline))
#define CCHECKSUM_STEP(crc, word) ((uint64_t)__builtin_arm_crc32cd((uint32_t)(crc), (word)))

#else

static inline bool cchecksum_has_crc32c(void) { return false; }

#define CCHECKSUM_TARGET
#define CCHECKSUM_STEP(crc, word) ((void)(word), (crc))

#endif

// The register after eight words, the first byte of each in its lowest place. Only where the processor has it.
CCHECKSUM_TARGET
static uint32_t cchecksum_crc32c(uint32_t crc, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                                 uint64_t f, uint64_t g, uint64_t h) {
    uint64_t sum = CCHECKSUM_STEP((uint64_t)crc, a);
    sum = CCHECKSUM_STEP(sum, b);
    sum = CCHECKSUM_STEP(sum, c);
    sum = CCHECKSUM_STEP(sum, d);
    sum = CCHECKSUM_STEP(sum, e);
    sum = CCHECKSUM_STEP(sum, f);
    sum = CCHECKSUM_STEP(sum, g);
    sum = CCHECKSUM_STEP(sum, h);
    return (uint32_t)sum;
}

// Three registers at once, each by four words of a part of its own: the instruction takes three cycles, and a
// processor begins one in each.
typedef struct {
    uint32_t a, b, c;
} cchecksum_three;

CCHECKSUM_TARGET
static cchecksum_three cchecksum_crc32c_three(cchecksum_three crc, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
                                              uint64_t b0, uint64_t b1, uint64_t b2, uint64_t b3, uint64_t c0,
                                              uint64_t c1, uint64_t c2, uint64_t c3) {
    uint64_t a = crc.a, b = crc.b, c = crc.c;
    a = CCHECKSUM_STEP(a, a0);
    b = CCHECKSUM_STEP(b, b0);
    c = CCHECKSUM_STEP(c, c0);
    a = CCHECKSUM_STEP(a, a1);
    b = CCHECKSUM_STEP(b, b1);
    c = CCHECKSUM_STEP(c, c1);
    a = CCHECKSUM_STEP(a, a2);
    b = CCHECKSUM_STEP(b, b2);
    c = CCHECKSUM_STEP(c, c2);
    a = CCHECKSUM_STEP(a, a3);
    b = CCHECKSUM_STEP(b, b3);
    c = CCHECKSUM_STEP(c, c3);
    return (cchecksum_three){(uint32_t)a, (uint32_t)b, (uint32_t)c};
}

#endif
