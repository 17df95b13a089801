import Catalogue
import Formats
import Testing

@testable import Publishing

struct PostLimitTests {
    func post(
        _ finish: Finish, _ network: Configuration.Network, _ template: String? = nil
    ) throws -> String {
        var configuration = Configuration()
        configuration.announce.networks = [network]
        if let template { configuration.announce.template = template }
        var sample = SampleState()
        sample.finish("a:b:c", finish)
        let standing = try #require(sample.state.finish(withKey: "a:b:c"))
        let text = try Wording.text(
            for: standing, network: network.name, configuration: configuration
        ).text
        #expect(PostLimit(network).admits(text))
        return text
    }

    private static let long = Finish(
        title: String(repeating: "interminable ", count: 100), creator: "Anon",
        rating: Rating(value: 500, best: 500))

    @Test func `each network gets as much as it takes, and the stars`() throws {
        let x = try post(Self.long, .init("x"))
        let mastodon = try post(Self.long, .init("mastodon"))
        let bluesky = try post(Self.long, .init("bluesky"))
        for text in [x, mastodon, bluesky] { #expect(text.hasSuffix("interminable… by Anon ★★★★★")) }
        #expect((260...280).contains(WeightedLength.of(x)))
        #expect((480...500).contains(mastodon.count))
        #expect((280...300).contains(bluesky.count))
        let roomy = try post(Self.long, .init("mastodon", charactersMax: 1000))
        #expect((980...1000).contains(roomy.count))
    }

    @Test func `what fits nowhere but in 500 is whole there`() throws {
        let title = String(repeating: "灯", count: 200)
        #expect(try post(Finish(title: title), .init("mastodon")) == "Finished " + title)
        #expect(try post(Finish(title: title), .init("bluesky")) == "Finished " + title)
        #expect(try post(Finish(title: title), .init("x")).hasSuffix("灯…"))
    }

    @Test func `on Bluesky bytes count, too`() throws {
        // 110 families of 25 bytes and two spaces are few enough characters, but 3190 bytes.
        let title = String(repeating: "👨‍👩‍👧‍👦  👨‍👩‍👧‍👦", count: 60)
        #expect(title.count < 300 && title.utf8.count > 3000)
        let text = RichText("Finished " + title)
        #expect(!PostLimit.richText.admits(text.text))
        let cut = try post(Finish(title: title), .init("bluesky"), "Finished {{title}} {{title}} {{title}}")
        #expect(cut.utf8.count <= 3000 && cut.count <= 300)
    }

    @Test func `on Mastodon a link counts 23 whatever its length, and a bare domain what it is`() {
        #expect(PostLimit.characters("a https://example.org/" + String(repeating: "x", count: 500)) == 25)
        #expect(PostLimit.characters("a http://t.co") == 25)
        #expect(PostLimit.characters("a example.org") == 13)
        #expect(PostLimit.characters("👨‍👩‍👧‍👦e\u{301}") == 2)
    }

    @Test func `a link keeps its place when the title is cut`() throws {
        let url = "https://example.org/" + String(repeating: "p/", count: 300) + "end"
        let finish = Finish(
            title: String(repeating: "interminable ", count: 100), rating: Rating(value: 1, best: 1), url: url)
        for name in ["x", "mastodon", "bluesky"] {
            let text = try post(finish, .init(name, link: true))
            #expect(text.hasSuffix("interminable… ★★★★★ " + url), "\(name)")
        }
        // The whole of it is meant, though it is shown short.
        let shown = RichText(try post(finish, .init("bluesky", link: true)))
        #expect(shown.text.count <= 300)
        #expect(shown.facets.map(\.feature) == [.link(url)])
    }
}

extension PostLimitTests {
    /// No host has a label of 64 letters, so no network counts it as 23.
    @Test(arguments: ["x", "mastodon", "bluesky"])
    func `a link that leaves no room for words is left out, a long one stays`(name: String) throws {
        func linked(_ count: Int) throws -> String {
            let host = String(repeating: "a", count: 64) + ".org/"
            let url = "https://" + host + String(repeating: "b", count: count)
            return try post(Finish(title: "Wall", url: url), .init(name, link: true))
        }
        #expect(try linked(600) == "Finished Wall")
        #expect(try linked(100).hasSuffix("bbb"))
    }
}

struct CutTests {
    private func cut(_ text: String, _ max: Int, least: Int = 1) -> String? {
        Cut.longest(of: text, least: least) { $0.unicodeScalars.count <= max }
    }

    @Test(arguments: [
        ("one two three", 12, "one two…"), ("one two three", 8, "one two…"), ("one two three", 7, "one…"),
        ("one, two", 7, "one…"), ("one — two", 8, "one…"), ("灯灯灯灯灯", 4, "灯灯灯…"),
        ("A 灯灯灯灯灯灯灯灯灯灯灯", 9, "A 灯灯灯灯灯灯…"), ("one", 2, "o…"), ("one", 1, nil), ("", 9, nil),
        ("e\u{301}\u{302}\u{303}\u{304}", 3, "e\u{301}…"), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 9, "👨‍👩‍👧‍👦…"),
    ])
    func `cuts at a word, at a character where words are endless, at an accent at last`(
        text: String, max: Int, expected: String?
    ) {
        #expect(cut(text, max) == expected)
    }

    @Test func `no shorter than asked`() {
        #expect(cut("one two three four", 12, least: 9) == "one two thr…")
        #expect(cut("one two three", 9, least: 9) == nil)
    }
}
