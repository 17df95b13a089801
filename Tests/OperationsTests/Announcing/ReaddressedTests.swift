import Catalogue
import Files
import Formats
import Foundation
import Simulation
import Storage
import Testing

@testable import Operations

/// A feed that `feeds.toml` gives another address, whatever else becomes of it: never a flood of what is old there.
@Suite struct ReaddressedTests {
    private static let day = "<pubDate>Mon, 23 Nov 2026 15:00:00 +0000</pubDate></item>"

    private func item(_ number: Int) -> String { "<item><title>No \(number)</title><guid>\(number)</guid>" + Self.day }

    @Test func `a feed whose polls are lost announces as before`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        let day = "<pubDate>Mon, 23 Nov 2026 15:00:00 +0000</pubDate></item>"
        try announcer.poll(["<item><title>Old</title><guid>0</guid>" + day])
        try announcer.poll(["<item><title>New</title><guid>1</guid>" + day])
        try announcer.disk.unlink(announcer.folder.polls)
        let report = try announcer.poll(["<item><title>Newer</title><guid>2</guid>" + day])
        #expect(!report.notes.contains { $0.contains("taken quietly") })
        #expect(try announcer.state().outbox.count == 2)
    }

    @Test func `a store that was moved has its files at no other address`() throws {
        func mark(_ root: String, _ url: String) throws -> String? {
            let toml = "[[feed]]\nname = \"films\"\nurl = \"\(url)\"\nservice = \"letterboxd\"\n"
            return try Settings.read(Array(toml.utf8), MemoryDisk(), StoreFolder(root)).feeds.first?.addressMark
        }
        #expect(try mark("/home/ada/store", "file:films.xml") == mark("/srv/store", "file:films.xml"))
        #expect(try mark("/srv/store", "file:films.xml") != mark("/srv/store", "file:books.xml"))
        #expect(try mark("/srv", "https://a.example/films.xml") != mark("/srv", "https://b.example/films.xml"))
    }

    @Test func `a feed that is given the address of another is a new one`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        let day = "<pubDate>Mon, 23 Nov 2026 15:00:00 +0000</pubDate></item>"
        try announcer.poll(["<item><title>Old</title><guid>0</guid>" + day])
        try announcer.poll(["<item><title>Old</title><guid>0</guid>" + day, "<item><title>New</title><guid>1</guid>" + day])
        #expect(try announcer.state().outbox.count == 1)
        let report = try announcer.poll(["<item><title>Elsewhere</title><guid>2</guid>" + day], in: "other.xml")
        #expect(report.shown == 3 && report.notes.contains { $0.contains("taken quietly") })
        #expect(try announcer.state().outbox.count == 1)
    }

    @Test func `a feed that was away for a while and is another now is a new one`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        let day = "<pubDate>Mon, 23 Nov 2026 15:00:00 +0000</pubDate></item>"
        func item(_ number: Int) -> String { "<item><title>No \(number)</title><guid>\(number)</guid>" + day }
        try announcer.poll([item(0)])
        // Not named in feeds.toml for one run.
        let feeds = (announcer.settings.feeds, announcer.settings.configuration.feeds)
        (announcer.settings.feeds, announcer.settings.configuration.feeds) = ([], [])
        try announcer.poll()
        (announcer.settings.feeds, announcer.settings.configuration.feeds) = feeds
        let report = try announcer.poll((1...20).map(item), in: "other.xml")
        #expect(report.shown == 21 && report.notes.contains { $0.contains("taken quietly") })
        #expect(try announcer.state().announcements.isEmpty)
        // Back at its own address it is known, and what is new there is announced.
        try announcer.poll([item(30), item(0)])
        #expect(try announcer.state().outbox.count == 1)
    }

    /// What is known of the address may be deleted at any time: before, after, and while it cannot be asked.
    @Test(arguments: 0..<3)
    func `also when polls json is deleted`(place: Int) throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.poll([item(0)])
        try announcer.poll([item(1), item(0)])
        if place == 0 { try announcer.disk.unlink(announcer.folder.polls) }
        if place == 2 {
            announcer.follow(try #require(announcer.settings.configuration.feeds.first), in: "other.xml")
            _ = try announcer.poll()
            try announcer.finish("By hand")
            try announcer.disk.unlink(announcer.folder.polls)
        }
        let owed = try announcer.state().announcements.count
        let report = try announcer.poll((10...39).map(item), in: "other.xml")
        #expect(report.shown == (place == 2 ? 33 : 32) && report.notes.contains { $0.contains("taken quietly") })
        #expect(try announcer.state().announcements.count == owed)
        // The next one is news, and it stays so when polls.json is deleted once more.
        try announcer.disk.unlink(announcer.folder.polls)
        try announcer.poll([item(40)], in: "other.xml")
        #expect(try announcer.state().announcements.count == owed + 1)
        #expect(announcer.log.components(separatedBy: "feed-moved").count == 2)
    }

    @Test func `where entries are known, the same feed has another address, and what is new is announced`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.poll([item(0)])
        try announcer.disk.unlink(announcer.folder.polls)
        let report = try announcer.poll([item(1), item(0)], in: "other.xml")
        #expect(try announcer.state().outbox.count == 1 && report.isWorse == false)
        let moved = try #require(announcer.log.split(separator: "\n").last { $0.contains("feed-moved") })
        #expect(moved.contains(#""reason":"feeds.toml names another address","address":""#))
        #expect(!moved.contains("other.xml"))
    }

    /// Stores of an earlier version have no mark of any address.
    @Test func `a log that knows no address goes by polls json, and without that by doubt`() throws {
        for isDeleted in [false, true] {
            let announcer = Announcer(networks: ["mastodon"])
            let key = "feed:essays:id:0"
            let store = try Store.openForWriting(
                announcer.disk, root: announcer.folder.root, newStore: Array(repeating: 1, count: 32), now: announcer.now)
            let old = Finished(
                id: FinishID(key), keys: [key], feed: "essays", entry: "0", rule: .id,
                finish: Finish(kind: .article, title: "No 0"))
            store.record(.feedAdopted(feed: "essays", service: "generic", entries: 1), at: announcer.now)
            store.record(.finished(old), at: announcer.now)
            try store.commit(cause: "import", version: "0", at: announcer.now)
            announcer.disk.restart(after: .kill)
            var polls = Polls()
            let path = "file://\(Announcer.root)/essays.xml"
            var poll = Poll(name: "essays", address: hex(SHA256.digest(Array(path.utf8))))
            poll.window = [key]
            polls.set(poll)
            if !isDeleted { try polls.write(announcer.disk, announcer.folder.polls) }
            try announcer.poll([item(1)])
            #expect(try announcer.state().outbox.count == (isDeleted ? 0 : 1))
        }
    }
}
