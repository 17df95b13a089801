// The processor's own instructions for CRC-32C and SHA-256, which Swift cannot name. Values go in and out, no
// pointers; many words a call, because a function that uses such an instruction cannot be inlined into one that must
// also run without it.
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

// SHA-256 of one block (FIPS 180-4 section 6.2.2), by the instructions that x86-64 has for it: what takes a
// processor four hundred cycles otherwise takes it less than a hundred.
typedef struct {
    uint32_t a, b, c, d, e, f, g, h;
} cchecksum_sha256_state;

// The block's sixty-four bytes as they lie in memory, eight a word, the first byte of each in its lowest place.
typedef struct {
    uint64_t a, b, c, d, e, f, g, h;
} cchecksum_block;

#if defined(__x86_64__)
#include <immintrin.h>

static inline bool cchecksum_has_sha256(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0;
}

// Four rounds: `words` are the next four of the schedule, `constants` the four of the table that belong to them.
#define CCHECKSUM_FOUR_ROUNDS(words, constants)                                                     \
    do {                                                                                            \
        __m128i sum = _mm_add_epi32((words), _mm_loadu_si128((const __m128i *)(constants)));        \
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);                                              \
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));                     \
    } while (0)

__attribute__((target("sha,sse4.1"), noinline))
static cchecksum_sha256_state cchecksum_sha256(cchecksum_sha256_state state, cchecksum_block block) {
    static const uint32_t constants[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    };
    const __m128i turned = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i w[4] = {
        _mm_shuffle_epi8(_mm_set_epi64x((long long)block.b, (long long)block.a), turned),
        _mm_shuffle_epi8(_mm_set_epi64x((long long)block.d, (long long)block.c), turned),
        _mm_shuffle_epi8(_mm_set_epi64x((long long)block.f, (long long)block.e), turned),
        _mm_shuffle_epi8(_mm_set_epi64x((long long)block.h, (long long)block.g), turned),
    };
    // The instructions want the eight words in this order.
    __m128i abef = _mm_set_epi32((int)state.a, (int)state.b, (int)state.e, (int)state.f);
    __m128i cdgh = _mm_set_epi32((int)state.c, (int)state.d, (int)state.g, (int)state.h);
    const __m128i abefBefore = abef, cdghBefore = cdgh;
    for (int round = 0; round < 64; round += 4) {
        const int now = round / 4 % 4;
        CCHECKSUM_FOUR_ROUNDS(w[now], constants + round);
        if (round < 48) {
            const __m128i next = w[(now + 1) % 4], third = w[(now + 2) % 4], last = w[(now + 3) % 4];
            w[now] = _mm_sha256msg2_epu32(
                _mm_add_epi32(_mm_sha256msg1_epu32(w[now], next), _mm_alignr_epi8(last, third, 4)), last);
        }
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
    cchecksum_sha256_state after = {
        (uint32_t)_mm_extract_epi32(abef, 3), (uint32_t)_mm_extract_epi32(abef, 2),
        (uint32_t)_mm_extract_epi32(cdgh, 3), (uint32_t)_mm_extract_epi32(cdgh, 2),
        (uint32_t)_mm_extract_epi32(abef, 1), (uint32_t)_mm_extract_epi32(abef, 0),
        (uint32_t)_mm_extract_epi32(cdgh, 1), (uint32_t)_mm_extract_epi32(cdgh, 0),
    };
    return after;
}

#else

static inline bool cchecksum_has_sha256(void) { return false; }

// Never called.
static inline cchecksum_sha256_state cchecksum_sha256(cchecksum_sha256_state state, cchecksum_block block) {
    (void)block;
    return state;
}

#endif

#endif
