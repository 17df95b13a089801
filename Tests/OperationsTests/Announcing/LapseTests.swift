import Catalogue
import Files
import Formats
import HTTP
import Simulation
import Testing

@testable import Operations

/// A store that was put back whole, from a copy of an earlier day (STORE section 2, row 23): X has no key that would make
/// a repetition harmless, and charges for a look.
@Suite struct LapseTests {
    private static func item(_ title: String) -> String { "<item><title>\(title)</title><guid>\(title)</guid></item>" }
    private static let old = item("Old")
    private static let dune = item("Dune")
    private static let ran = item("Ran")

    /// A feed is followed, a copy made of the store, "Dune" is said, and the copy put back hours later. X itself notices
    /// no repetition, as happens when it is unwell.
    private func putBack(_ network: String = "x", after seconds: Int64 = 6 * 3600) throws -> Announcer {
        let follower = Announcer(networks: [network])
        follower.network.servers.findsDuplicates = false
        follower.network.servers.keepsKeys = false
        try follower.poll([Self.old])
        try follower.poll([Self.old])
        let copy = follower.disk.copy()
        try follower.poll([Self.dune, Self.old])
        follower.wait(3600)
        try follower.announce()
        #expect(texts(follower) == ["Finished Dune"])
        try putBack(copy, follower)
        #expect(try follower.announcement(network, "Dune") == nil)
        follower.wait(seconds)
        return follower
    }

    private func putBack(_ copy: FaultyDisk, _ follower: Announcer) throws {
        for folder in [follower.folder.root, follower.folder.log] {
            for name in follower.disk.names(folder) {
                let path = folder + "/" + name
                if let bytes = copy.peek(path) { try follower.disk.publish(bytes, at: path, mode: 0o600) }
            }
        }
    }

    private func texts(_ announcer: Announcer) -> [String] {
        let servers = announcer.network.servers
        return (servers.x + servers.mastodon + servers.bluesky).map(\.text)
    }

    private func looks(_ announcer: Announcer) -> Int {
        announcer.network.requests.filter { $0.address.contains("/tweets?") }.count
    }

    private func announce(_ announcer: Announcer, times: Int = 4) throws {
        for _ in 0..<times {
            announcer.wait(3600)
            try announcer.announce()
        }
    }

    @Test(arguments: ["x", "mastodon", "bluesky"])
    func `what a copy does not know that it has said is found, and only what is new is said`(network: String) throws {
        let follower = try putBack(network)
        try follower.poll([Self.ran, Self.dune, Self.old])
        try announce(follower)
        #expect(texts(follower) == ["Finished Dune", "Finished Ran"])
        let found = try #require(try follower.announcement(network, "Dune"))
        #expect(found.status == .sent && found.reason == Announce.thereAlready && !found.post.isEmpty)
        #expect(try follower.status(network, "Ran") == .sent)
    }

    /// Somebody who says more by hand than fits on a page of a timeline.
    @Test(arguments: ["mastodon", "bluesky"])
    func `what a copy does not know that it has said is found behind pages of other posts`(network: String) throws {
        for (posts, isFound) in [(120, true), (600, false)] {
            let follower = try putBack(network)
            for number in 0..<posts { follower.network.servers.postByHand("Hello \(number)") }
            follower.wait(6 * 3600)
            try follower.poll([Self.ran, Self.dune, Self.old])
            try announce(follower)
            let said = texts(follower).filter { $0.hasPrefix("Finished") }
            #expect(said.sorted() == (isFound ? [] : ["Finished Dune"]) + ["Finished Dune", "Finished Ran"])
        }
        // Where runs follow each other the newest posts do.
        let follower = Announcer(networks: [network])
        try follower.poll([Self.old])
        for number in 0..<120 { follower.network.servers.postByHand("Hello \(number)") }
        try follower.poll([Self.dune, Self.old])
        for _ in 0..<4 { try follower.poll([Self.dune, Self.old]) }
        try follower.announce()
        let pages = follower.network.requests.filter {
            $0.address.contains("exclude_replies") || $0.address.contains("listRecords")
        }
        #expect(pages.count == 1)
    }

    /// Known and tried when the copy was made, in vain or held, and said since.
    @Test(arguments: [("x", Mishap.askToWait), ("x", .unpaid), ("mastodon", .askToWait), ("bluesky", .askToWait)])
    func `what a copy has tried in vain is looked for, too`(network: String, mishap: Mishap) throws {
        let follower = Announcer(networks: [network])
        follower.network.servers.findsDuplicates = false
        follower.network.servers.keepsKeys = false
        try follower.poll([Self.old])
        try follower.poll([Self.dune, Self.old])
        follower.network.mishap = { _ in mishap }
        try announce(follower, times: 1)
        follower.network.mishap = { _ in .none }
        let tried = try #require(try follower.announcement(network, "Dune"))
        #expect(tried.attempts == 1 && tried.status != .sent)
        let copy = follower.disk.copy()
        let goOn = {
            _ = try Amend.run(.releaseAll, follower.world, follower.folder, follower.settings)
            try announce(follower)
        }
        try goOn()
        let posts = texts(follower)
        try putBack(copy, follower)
        follower.wait(6 * 3600)
        try goOn()
        #expect(texts(follower) == posts)
        #expect(posts == ["Finished Dune"])
    }

    /// Another feed, which is asked once a day, tells it when others have been said since.
    @Test func `what was said is found also after other things have been said`() throws {
        let follower = try putBack()
        try follower.poll([Self.ran, Self.old])
        try announce(follower, times: 20)
        try follower.poll([Self.dune, Self.ran, Self.old])
        try announce(follower)
        #expect(texts(follower) == ["Finished Dune", "Finished Ran"])
        #expect(try follower.announcement("x", "Dune")?.reason == Announce.thereAlready)
    }

    @Test func `what is not there is said, after a lapse as ever`() throws {
        let follower = Announcer(networks: ["x"])
        try follower.poll([Self.old])
        follower.wait(30 * 3600)
        try follower.poll([Self.dune, Self.old])
        follower.network.servers.postByHand("Reading Dune")
        try announce(follower, times: 1)
        #expect(follower.network.servers.x.map(\.text) == ["Reading Dune", "Finished Dune"])
        #expect(looks(follower) == 1)
    }

    @Test func `where runs follow each other nothing is looked for, and X has nothing to charge`() throws {
        let follower = Announcer(networks: ["x"])
        try follower.poll([Self.old])
        for title in ["A", "B", "C"] {
            for _ in 0..<8 { try follower.poll([Self.item(title), Self.old]) }
            try follower.announce()
        }
        #expect(texts(follower) == ["Finished A", "Finished B", "Finished C"])
        #expect(looks(follower) == 0)
        #expect(follower.disk.peek(follower.folder.polls).map { String(decoding: $0, as: UTF8.self) }?.contains("lapses") == false)
    }

    @Test(arguments: [Simulation.Glance.down, .overCapacity, .garble, .askToWait])
    func `while X cannot be asked nothing is said, and later it is`(glance: Simulation.Glance) throws {
        let follower = try putBack()
        try follower.poll([Self.ran, Self.dune, Self.old])
        follower.network.glance = { _ in glance }
        try announce(follower)
        #expect(texts(follower) == ["Finished Dune"])
        #expect(try follower.status("x", "Dune") == .pending && follower.status("x", "Ran") == .pending)
        follower.network.glance = { _ in .clear }
        try announce(follower)
        #expect(texts(follower) == ["Finished Dune", "Finished Ran"])
    }

    /// An app that may post and not read.
    @Test func `who may not look leaves it to a person, whose word is not asked for twice`() throws {
        let follower = try putBack()
        try follower.poll([Self.ran, Self.dune, Self.old])
        follower.network.glance = { _ in .refuse }
        try announce(follower)
        #expect(texts(follower) == ["Finished Dune"])
        let rows = try Tweets(follower.state(), all: false).rows.map(\.announcement)
        #expect(rows.map(\.status) == [.held, .held])
        // A word for all of them is none of somebody who has looked.
        for _ in 0..<3 {
            _ = try Amend.run(.releaseAll, follower.world, follower.folder, follower.settings)
            try announce(follower)
        }
        #expect(texts(follower) == ["Finished Dune"])
        #expect(try follower.state().announcements.map(\.reason) == [AnnouncementStep.notLookedFor, AnnouncementStep.notLookedFor])
        try follower.say(.released, follower.announcement("x", "Ran")!.id)
        try announce(follower)
        #expect(texts(follower) == ["Finished Dune", "Finished Ran"])
        #expect(try follower.status("x", "Dune") == .held)
    }

    @Test func `too many posts to look through leave it to a person`() throws {
        let follower = try putBack()
        for number in 0..<101 { follower.network.servers.postByHand("Hello \(number)") }
        try follower.poll([Self.dune, Self.old])
        try announce(follower)
        #expect(texts(follower).filter { $0.hasPrefix("Finished") } == ["Finished Dune"])
        let held = try #require(try follower.announcement("x", "Dune"))
        #expect(held.status == .held && held.reason == AnnouncementStep.tooManyToTell && held.isForOneByOne)
        #expect(try Status.read(follower.world, follower.folder, follower.settings).held.map(\.id) == [held.id])
    }

    @Test func `lapses are kept for two weeks, and those of a clock that was ahead not at all`() throws {
        var polls = Polls()
        let start = Announcer.start
        let at = { (hours: Int64) in start.adding(seconds: hours * 3600) }
        polls.noteLapse(since: nil, now: at(0))
        polls.noteLapse(since: at(0), now: at(2))
        #expect(polls.lapses.isEmpty)
        polls.noteLapse(since: at(0), now: at(3))
        // A run every quarter of an hour writes it down once in a while.
        polls.noteLapse(since: at(0), now: at(4))
        #expect(polls.lapses == [Lapse(from: at(0), to: at(3))])
        polls.noteLapse(since: at(0), now: at(6))
        polls.noteLapse(since: at(5), now: at(9))
        #expect(polls.lapses == [Lapse(from: at(0), to: at(6)), Lapse(from: at(5), to: at(9))])
        #expect(try Polls(json: polls.json) == polls)
        polls.noteLapse(since: at(399), now: at(400))
        #expect(polls.lapses.isEmpty)
        polls.lapses = [Lapse(from: at(0), to: at(999))]
        polls.noteLapse(since: at(399), now: at(400))
        #expect(polls.lapses.isEmpty)
    }
}
