import Catalogue
import Formats
import Simulation
import Testing

@testable import Operations

/// What a person says of an attempt without an outcome, and what servers make of a text: never two posts.
@Suite struct AnnounceAgainTests {
    private func lose(_ announcer: Announcer, _ mishap: Mishap) {
        announcer.network.mishap = { _ in mishap }
    }

    @Test(arguments: ["mastodon", "bluesky"])
    func `"retry" looks first: what did arrive is not posted again`(network: String) throws {
        let announcer = Announcer(networks: [network])
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .loseAnswer)
        try announcer.announce()
        // The keys of Mastodon are forgotten by now, and nobody has looked.
        announcer.wait(4200)
        lose(announcer, .none)
        try announcer.say(.released, announcer.announcement(network, "Dune")!.id)
        #expect(try announcer.status(network, "Dune") == .pending)
        announcer.wait(120)
        try announcer.announce()
        #expect(try announcer.status(network, "Dune") == .sent)
        let servers = announcer.network.servers
        #expect(servers.mastodon.count + servers.bluesky.count == 1)
    }

    @Test(arguments: ["mastodon", "bluesky"])
    func `"retry" sends what did not arrive, and nothing while the network cannot be asked`(
        network: String
    ) throws {
        let announcer = Announcer(networks: [network])
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .loseRequest)
        try announcer.announce()
        try announcer.say(.released, announcer.announcement(network, "Dune")!.id)
        let posts = { announcer.network.servers.mastodon + announcer.network.servers.bluesky }
        lose(announcer, .none)
        if network != "bluesky" {
            // The server may still be at it; Bluesky's would take it for the same.
            try announcer.announce()
            #expect(posts().isEmpty)
        }
        announcer.wait(120)
        announcer.network.glance = { _ in .down }
        try announcer.announce()
        #expect(posts().isEmpty)
        #expect(try announcer.announcement(network, "Dune")?.isReleasedByPerson == true)
        announcer.network.glance = { _ in .clear }
        announcer.wait(900)
        try announcer.announce()
        #expect(posts().count == 1)
        #expect(try announcer.status(network, "Dune") == .sent)
    }

    @Test func `a run that waits between two attempts says so`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .loseRequest)
        try announcer.announce()
        announcer.wait(900)
        try announcer.announce()
        announcer.wait(900)
        #expect(
            try announcer.announce().items.map(\.outcome)
                == [.later("not there after 2 attempts; the next is made from \(announcer.now.adding(seconds: 900)) on")])
    }

    @Test func `a person's word outlives a network that is over capacity`() throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .forbid)
        try announcer.announce()
        #expect(try announcer.status("x", "Dune") == .held)
        try announcer.say(.released, announcer.announcement("x", "Dune")!.id)
        lose(announcer, .askToWait)
        announcer.wait(120)
        try announcer.announce()
        #expect(try announcer.announcement("x", "Dune")?.isReleasedByPerson == true)
        lose(announcer, .none)
        announcer.wait(7200)
        try announcer.announce()
        #expect(announcer.network.servers.x.count == 1)
    }

    /// Whether Mastodon's server knows a request by its key, and the credentials say so.
    private func keepKeys(_ announcer: Announcer, _ keepsKeys: Bool) {
        announcer.network.servers.keepsKeys = keepsKeys
        announcer.write(
            "secrets/mastodon.toml",
            "server = \"https://social.example\"\ntoken = \"mastodon-token\"\nidempotency = \(keepsKeys)")
    }

    @Test(arguments: [true, false])
    func `a mention, which Mastodon shows without its server, is found again`(keepsKeys: Bool) throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Read {{title}} @books@a.gup.pe #books"
        keepKeys(announcer, keepsKeys)
        try announcer.finish("Dune")
        announcer.wait(3600)
        for _ in 0..<4 {
            lose(announcer, .loseAnswer)
            try announcer.announce()
            announcer.wait(4000)
        }
        #expect(announcer.network.servers.mastodon.count == 1)
        #expect(try announcer.status("mastodon", "Dune") == .sent)
    }

    /// What may stand in the timeline of the one account is not looked for in vain in the other's, and sent there.
    @Test func `credentials of another account leave an open attempt to a person`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .loseAnswer)
        try announcer.announce()
        lose(announcer, .none)
        announcer.network.servers.account = "43"
        announcer.wait(900)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 1)
        let held = try #require(try announcer.announcement("mastodon", "Dune"))
        #expect(held.status == .held && held.reason == AnnouncementStep.nobodyKnows)
        // On the word of a person who has looked it is said here, too.
        try announcer.say(.released, held.id)
        announcer.wait(900)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.map(\.account) == ["42", "43"])
    }

    /// Its words no longer tell it: within the hour its key does, then a person has to.
    @Test(arguments: [(Int64(900), true), (4200, true), (900, false)])
    func `a post whose answer was lost, and which was edited since, is not posted again`(
        wait: Int64, keepsKeys: Bool
    ) throws {
        let announcer = Announcer(networks: ["mastodon"])
        keepKeys(announcer, keepsKeys)
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .loseAnswer)
        try announcer.announce()
        lose(announcer, .none)
        announcer.network.servers.editByHand("Finished Dune. What a book!")
        announcer.wait(wait)
        try announcer.announce()
        let id = try #require(try announcer.announcement("mastodon", "Dune")).id
        #expect(try announcer.status("mastodon", "Dune") == (wait < 3000 && keepsKeys ? .attempted : .held))
        for _ in 0..<8 {
            announcer.wait(900)
            try announcer.announce()
        }
        #expect(announcer.network.servers.mastodon.map(\.text) == ["Finished Dune. What a book!"])
        let held = try #require(try announcer.announcement("mastodon", "Dune"))
        #expect(held.status == .held && held.reason == AnnouncementStep.nobodyKnows)
        #expect(try Status.read(announcer.world, announcer.folder, announcer.settings).held.map(\.id) == [id])
        // A person who has looked knows, and is believed.
        try announcer.say(.released, id)
        announcer.wait(900)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 2)
    }

    @Test func `what was edited is no doubt where it is older, or another announcement's, or beside what is found`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.network.servers.postByHand("Good morning")
        announcer.network.servers.editByHand("Good evening")
        announcer.wait(2 * 86_400)
        for (title, mishap) in [("Dune", Mishap.none), ("Ran", .loseRequest), ("Ulysses", .loseAnswer)] {
            try announcer.finish(title)
            announcer.wait(3600)
            lose(announcer, mishap)
            try announcer.announce()
            lose(announcer, .none)
            if title == "Dune" { announcer.network.servers.editByHand("Finished Dune!") }
            announcer.wait(4200)
            if title == "Ulysses" {
                announcer.network.servers.postByHand("Good night")
                announcer.network.servers.editByHand("Good night!")
            }
            try announcer.announce()
            #expect(try announcer.status("mastodon", title) == .sent)
        }
        #expect(announcer.network.servers.mastodon.map(\.text)
            == ["Good evening", "Finished Dune!", "Finished Ran", "Finished Ulysses", "Good night!"])
    }

    /// Row 23: nothing in the store tells that it was put back, and no key of then is the same.
    @Test(arguments: ["mastodon", "bluesky"])
    func `a store that was put back from a copy finds what it has said since`(network: String) throws {
        let first = Announcer(networks: [network])
        first.network.servers.isPleroma = true
        try first.finish("Dune")
        first.wait(3600)
        try first.announce()
        let post = try #require(try first.announcement(network, "Dune"))
        let copy = Announcer(seed: 2, networks: [network])
        copy.network.servers = first.network.servers
        copy.now = first.now.adding(seconds: 7200)
        for title in ["Dune", "Ran"] { try copy.finish(title) }
        copy.wait(3600)
        try copy.announce()
        let texts = (copy.network.servers.mastodon + copy.network.servers.bluesky).map(\.text)
        #expect(texts == ["Finished Dune", "Finished Ran"])
        let found = try #require(try copy.announcement(network, "Dune"))
        #expect(found.status == .sent && found.reason == Announce.thereAlready)
        #expect(found.post == post.post && found.url == post.url && found.uri == post.uri && !found.url.isEmpty)
        // What a known post has said is another's words.
        let again = Finish(kind: .game, title: "Dune", day: Day(of: copy.now))
        _ = try Amend.run(.add(again, isRepeat: false), copy.world, copy.folder, copy.settings)
        copy.wait(3600)
        try copy.announce()
        #expect((copy.network.servers.mastodon + copy.network.servers.bluesky).count == 3)
    }

    /// A film and a book of one name, which a template of one's own tells in the same words.
    @Test(arguments: [
        ("mastodon", "https://social.example/@ada/", false), ("mastodon", "https://social.example/notice/", true),
        ("mastodon", "https://social.example/objects/8a7c6b1e-1111-4222-8333-", true),
        ("bluesky", "https://bsky.app/profile/ada.example/post/", false),
        ("bluesky", "https://bsky.app/profile/did:plc:ada/post/", false),
        ("x", "https://x.com/ada/status/", false),
    ])
    func `a post that a person has sent for one is not taken for another's`(
        network: String, address: String, isPleroma: Bool
    ) throws {
        let announcer = Announcer(networks: [network])
        announcer.network.servers.isPleroma = isPleroma
        announcer.network.servers.findsDuplicates = false
        try announcer.finish("Dune")
        announcer.network.servers.postByHand("Finished Dune")
        let servers = announcer.network.servers
        let name = network == "bluesky" ? servers.bluesky[0].key : (network == "x" ? servers.x : servers.mastodon)[0].id
        let post = address + (address.contains("/objects/") ? String(name.suffix(12)) : name)
        let id = try #require(try announcer.announcement(network, "Dune")).id
        _ = try Amend.run(.announcement(id: id, .sent, post: post), announcer.world, announcer.folder, announcer.settings)
        let film = Finish(kind: .game, title: "Dune", day: Day(of: announcer.now))
        _ = try Amend.run(.add(film, isRepeat: false), announcer.world, announcer.folder, announcer.settings)
        announcer.wait(3600)
        // At X it is a look that finds posts.
        announcer.network.mishap = { _ in network == "x" ? .loseRequest : .none }
        try announcer.announce()
        announcer.wait(1800)
        try announcer.announce()
        let other = try #require(try announcer.state().announcements.last)
        #expect(other.status == (network == "x" ? .held : .sent) && other.url != post)
        let count = { (posts: [FakeServers.Post]) in posts.count { $0.text == "Finished Dune" } }
        let found = announcer.network.servers
        #expect([count(found.x), count(found.mastodon), count(found.bluesky)].max() == (network == "x" ? 1 : 2))
    }

    /// An app password of another account.
    @Test func `an attempt in another account's repository is left to a person, and keeps nothing else back`() throws {
        let announcer = Announcer(networks: ["bluesky"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        lose(announcer, .loseRequest)
        try announcer.announce()
        lose(announcer, .none)
        announcer.network.servers.did = "did:plc:bob"
        try announcer.finish("Ran")
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(try announcer.announcement("bluesky", "Dune")?.reason == AnnouncementStep.nobodyKnows)
        #expect(report.isWorse && report.silences.isEmpty)
        #expect(announcer.network.servers.bluesky.map(\.text) == ["Finished Ran"])
        // A person has seen that it is nowhere, and wants it here.
        try announcer.say(.released, announcer.announcement("bluesky", "Dune")!.id)
        try announcer.announce()
        #expect(announcer.network.servers.bluesky.map(\.text) == ["Finished Ran", "Finished Dune"])
    }

    @Test(arguments: ["mastodon", "bluesky"])
    func `the words of weeks ago, and posts that cannot be asked for, keep nothing back`(network: String) throws {
        let first = Announcer(networks: [network])
        try first.finish("Dune")
        first.wait(3600)
        try first.announce()
        for (days, glance) in [(Int64(15), Glance.clear), (1, .refuse), (1, .garble), (1, .down)] {
            let copy = Announcer(seed: 2, networks: [network])
            copy.network.servers = first.network.servers
            copy.now = first.now.adding(seconds: days * 86_400)
            try copy.finish("Dune")
            copy.wait(3600)
            var asked = 0
            copy.network.glance = { _ in
                asked += 1
                return asked == 2 ? glance : .clear
            }
            try copy.announce()
            #expect((copy.network.servers.mastodon + copy.network.servers.bluesky).count == 2, "\(glance)")
        }
    }
}
