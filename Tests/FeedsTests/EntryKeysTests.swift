import Formats
import Testing

@testable import Feeds

@Suite struct EntryKeysTests {
    @Test func `every rule has its key, the strongest first`() {
        var entries = [
            Entry(
                id: "1", title: "T", link: "https://example.org/a?utm_source=x&b=1",
                published: Instant(seconds: 5))
        ]
        EntryKeys.compare(&entries)
        #expect(entries[0].keys.map(\.rule) == [.id, .linkDate, .link, .titleDate, .hash])
        #expect(entries[0].keys[1].value == "https://example.org/a?utm_source=x&b=1 5")
        #expect(entries[0].keys[1].loose == "//example.org/a?b=1 5")
        #expect(entries[0].keys[2].loose == "//example.org/a?b=1")
        #expect(entries[0].keys[3].value == "T 5" && entries[0].keys[3].loose == "T 5")
        // SHA-256 of "T" and a zero byte.
        #expect(entries[0].keys[4].value == hex(SHA256.digest([0x54, 0])))
    }

    @Test func `a guid that two entries share identifies neither`() {
        var entries = [
            Entry(id: "same", link: "https://example.org/1"),
            Entry(id: "same", link: "https://example.org/2"),
        ]
        EntryKeys.compare(&entries)
        #expect(entries.map { $0.keys[0].isUnique } == [false, false])
        #expect(entries.map { $0.keys[1].isUnique } == [true, true])
    }

    @Test func `an entry that stands there twice, word for word, keeps its keys`() {
        let entry = Entry(id: "1", title: "T", link: "https://example.org/1", published: Instant(seconds: 5))
        var edited = entry
        edited.published = Instant(seconds: 6)
        for (entries, isUnique) in [([entry, entry, entry], true), ([entry, edited], false)] {
            var entries = entries
            EntryKeys.compare(&entries)
            #expect(entries.allSatisfy { $0.keys[0].isUnique == isUnique })
        }
    }

    @Test(arguments: [
        ("http://e.example/a?UTM_source=x", "//e.example/a"), ("http://e.example/a#utm_medium=rss", "//e.example/a"),
        ("http://e.example/a?b=1&amp;utm_source=x", "//e.example/a?b=1"), ("http://e.example/a#part", "//e.example/a#part"),
        ("http://e.example/a?utmost=1", "//e.example/a?utmost=1"),
    ])
    func `tracking is no part of the second key`(link: String, loose: String) {
        #expect(EntryKey.link(link).loose == loose)
    }

    @Test func `an entry with a body alone is known by its hash`() {
        var entries = [Entry(summary: Body("x", isHTML: false)), Entry(summary: Body("y", isHTML: false))]
        EntryKeys.compare(&entries)
        #expect(entries[0].keys.map(\.rule) == [.hash])
        #expect(entries[0].keys[0].value != entries[1].keys[0].value)
    }
}
