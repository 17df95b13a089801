// The processor's own instruction for CRC-32C, which Swift cannot name. Values go in and out, no pointers;
// sixty-four bytes a call, because a function that uses the instruction cannot be inlined into one that
// must also run without it.
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

#endif
