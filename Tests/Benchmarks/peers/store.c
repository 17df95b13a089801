/* The other side of `script/benchmark store`. Built by the benchmark alone; each prints seconds.
 *
 *     floor FILE…            reads the files and computes their CRC32C, by the processor's instruction
 *     select DATABASE        every event in order, all columns, and the same index of identities built
 *     commit DATABASE COUNT MODE   opens (journal MODE, synchronous FULL), inserts COUNT events, commits, closes
 *     libraries              initialises libcurl and libxml2
 */
#include <curl/curl.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void die(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* Three streams would be faster still; one is what a plain reader writes. */
__attribute__((target("sse4.2"))) static uint32_t crc32c(const uint8_t *bytes, size_t count) {
    uint64_t crc = 0xFFFFFFFF;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        crc = __builtin_ia32_crc32di(crc, word);
    }
    for (; count > 0; bytes++, count--) crc = __builtin_ia32_crc32qi((uint32_t)crc, *bytes);
    return ~(uint32_t)crc;
}

static void check_floor(char **paths) {
    uint32_t all = 0;
    double begun = now();
    for (; *paths; paths++) {
        int file = open(*paths, O_RDONLY);
        struct stat found;
        if (file < 0 || fstat(file, &found) != 0) die(*paths);
        uint8_t *bytes = malloc(found.st_size);
        if (read(file, bytes, found.st_size) != found.st_size) die("read");
        all ^= crc32c(bytes, found.st_size);
        free(bytes);
        close(file);
    }
    printf("%.9f\n", now() - begun);
    fprintf(stderr, "%08x\n", all);
}

/* ---- the state: texts in one arena, a record an event, an index of identities by open addressing ---- */

struct arena { char *bytes; size_t count, room; };
struct record { uint64_t start; uint32_t length; uint32_t flags; int64_t day, at; };
struct key { uint64_t end; uint32_t number, hash; };

static struct arena bodies, names;
static struct record *records;
static struct key *keys;
static uint32_t *slots;
static size_t record_count, record_room, key_count, key_room, slot_count;

static void add(struct arena *arena, const void *bytes, size_t count) {
    if (arena->count + count > arena->room) {
        arena->room = arena->room * 2 + count + 4096;
        arena->bytes = realloc(arena->bytes, arena->room);
    }
    memcpy(arena->bytes + arena->count, bytes, count);
    arena->count += count;
}

static uint32_t hash(const char *bytes, size_t count) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t index = 0; index < count; index++) hash = (hash ^ (uint8_t)bytes[index]) * 0x100000001b3;
    hash ^= hash >> 29;
    hash *= 0xbf58476d1ce4e5b9;
    return (uint32_t)(hash ^ hash >> 32);
}

static void grow(void) {
    slot_count = slot_count ? slot_count * 2 : 16;
    free(slots);
    slots = calloc(slot_count, sizeof *slots);
    for (size_t key = 0; key < key_count; key++) {
        size_t slot = keys[key].hash & (slot_count - 1);
        while (slots[slot]) slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (uint32_t)key + 1;
    }
}

static void name(const char *text, size_t count, uint32_t number) {
    if ((key_count + 1) * 4 > slot_count * 3) grow();
    uint32_t sum = hash(text, count);
    size_t slot = sum & (slot_count - 1);
    for (; slots[slot]; slot = (slot + 1) & (slot_count - 1)) {
        struct key *key = &keys[slots[slot] - 1];
        uint64_t start = slots[slot] == 1 ? 0 : keys[slots[slot] - 2].end;
        if (key->hash == sum && key->end - start == count && memcmp(names.bytes + start, text, count) == 0) {
            key->number = number;
            return;
        }
    }
    if (key_count == key_room) keys = realloc(keys, (key_room = key_room * 2 + 64) * sizeof *keys);
    add(&names, text, count);
    keys[key_count] = (struct key){names.count, number, sum};
    slots[slot] = (uint32_t)++key_count;
}

static void select_all(const char *path) {
    double begun = now();
    sqlite3 *database;
    sqlite3_stmt *rows;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) die("open");
    if (sqlite3_prepare_v2(database,
            "SELECT seq, at, type, id, keys, feed, entry, rule, kind, title, year, day, value, best "
            "FROM events ORDER BY seq", -1, &rows, NULL) != SQLITE_OK) die(sqlite3_errmsg(database));
    int result;
    while ((result = sqlite3_step(rows)) == SQLITE_ROW) {
        if (record_count == record_room)
            records = realloc(records, (record_room = record_room * 2 + 64) * sizeof *records);
        struct record *record = &records[record_count];
        record->start = bodies.count;
        for (int column = 0; column < 14; column++) {
            if (column == 0 || column == 1 || column == 10 || column >= 12) {
                int64_t number = sqlite3_column_int64(rows, column);
                add(&bodies, &number, sizeof number);
            } else {
                const char *text = (const char *)sqlite3_column_text(rows, column);
                add(&bodies, text, sqlite3_column_bytes(rows, column));
            }
        }
        record->length = (uint32_t)(bodies.count - record->start);
        record->flags = 0;
        record->at = sqlite3_column_int64(rows, 1);
        const char *day = (const char *)sqlite3_column_text(rows, 11);
        record->day = ((day[0] * 10 + day[1]) * 100 + day[2] * 10 + day[3]) * 372 + (day[5] * 10 + day[6]) * 31 +
            day[8] * 10 + day[9];
        const char *text = (const char *)sqlite3_column_text(rows, 4);
        const char *last = text + sqlite3_column_bytes(rows, 4);
        while (text < last) {
            const char *end = memchr(text, '\n', last - text);
            if (!end) end = last;
            name(text, end - text, (uint32_t)record_count);
            text = end + 1;
        }
        name((const char *)sqlite3_column_text(rows, 3), sqlite3_column_bytes(rows, 3), (uint32_t)record_count);
        record_count++;
    }
    if (result != SQLITE_DONE) die(sqlite3_errmsg(database));
    sqlite3_finalize(rows);
    sqlite3_close(database);
    printf("%.9f\n", now() - begun);
    fprintf(stderr, "%zu events, %zu identities\n", record_count, key_count);
}

static void run(sqlite3 *database, const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) die(sqlite3_errmsg(database));
}

static void commit(const char *path, int count, const char *mode) {
    char line[512], sql[64];
    double begun = now();
    sqlite3 *database;
    sqlite3_stmt *insert;
    if (sqlite3_open(path, &database) != SQLITE_OK) die("open");
    snprintf(sql, sizeof sql, "PRAGMA journal_mode=%s", mode);
    run(database, sql);
    run(database, "PRAGMA synchronous=FULL");
    run(database, "CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, line TEXT NOT NULL)");
    run(database, "BEGIN IMMEDIATE");
    sqlite3_prepare_v2(database, "INSERT INTO events (line) VALUES (?)", -1, &insert, NULL);
    for (int number = 0; number < count; number++) {
        int length = snprintf(line, sizeof line,
            "{\"at\":\"2026-11-23T12:00:00Z\",\"type\":\"finished\",\"id\":\"letterboxd:viewing:%d\",\"keys\":"
            "[\"letterboxd:viewing:%d\",\"letterboxd:film:film-of-the-shelf\"],\"feed\":\"films\",\"entry\":"
            "\"letterboxd-watch-%d\",\"rule\":\"service\",\"finish\":{\"kind\":\"movie\",\"title\":\"The shelf %d\","
            "\"year\":1999,\"day\":\"2026-11-20\",\"rating\":{\"value\":450,\"best\":500}}}",
            number, number, number, number);
        sqlite3_bind_text(insert, 1, line, length, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) die(sqlite3_errmsg(database));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    run(database, "COMMIT");
    sqlite3_close(database);
    printf("%.9f\n", now() - begun);
}

int main(int count, char **words) {
    if (count > 2 && strcmp(words[1], "floor") == 0) check_floor(words + 2);
    else if (count == 3 && strcmp(words[1], "select") == 0) select_all(words[2]);
    else if (count == 5 && strcmp(words[1], "commit") == 0) commit(words[2], atoi(words[3]), words[4]);
    else if (count == 2 && strcmp(words[1], "libraries") == 0) {
        curl_global_init(CURL_GLOBAL_ALL);
        xmlInitParser();
    } else return 64;
    return 0;
}
