import Catalogue
import Formats
import Testing

@testable import Publishing

struct WordingTests {
    private func text(
        _ finish: Finish, network: String = "x", _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> String {
        var configuration = Configuration()
        change(&configuration)
        var sample = SampleState()
        sample.finish("a:b:c", finish)
        let standing = try #require(sample.state.finish(withKey: "a:b:c"))
        let post = try Wording.text(for: standing, network: network, configuration: configuration)
        #expect(post.weightedLength == WeightedLength.of(post.text))
        #expect(post.weightedLength <= 280)
        return post.text
    }

    @Test func `names the work, who made it and how it was`() throws {
        let finish = Finish(
            kind: .book, title: "Piranesi", creator: "Susanna Clarke",
            rating: Rating(value: 450, best: 500), review: "secret", spoiler: true)
        #expect(try text(finish) == "Finished Piranesi by Susanna Clarke ★★★★½")
    }

    @Test func `says what is known and no more`() throws {
        #expect(try text(Finish(title: "Piranesi")) == "Finished Piranesi")
    }

    @Test func `a second time says so`() throws {
        let finish = Finish(title: "Dune", isRepeat: true)
        #expect(try text(finish) == "Finished Dune (again)")
        let own = try text(finish) { $0.announce.template = "{{#repeat}}Re{{/repeat}}read {{title}}" }
        #expect(own == "Reread Dune")
    }

    @Test(arguments: [
        ("ASP.NET Core in Action", "Finished ASP.\u{2060}NET Core in Action"),
        ("Booking.com", "Finished Booking.\u{2060}com"),
        ("www.foo.co.uk", "Finished www.\u{2060}foo.\u{2060}co.\u{2060}uk"),
        ("https://foo.com/a.b", "Finished https://foo.\u{2060}com/a.\u{2060}b"),
        ("it.so far", "Finished it.\u{2060}so far"),
        ("Node.js", "Finished Node.js"),
    ])
    func `a title is no link on X`(title: String, expected: String) throws {
        let text = try text(Finish(title: title))
        #expect(text == expected)
        #expect(LinkFinder.links(in: Array(text.unicodeScalars)).isEmpty)
    }

    /// X looks into it at each letter that no domain has; all of it is longer than DNS lets a name be.
    @Test func `a title of one endless host is no link on X either`() throws {
        for run in ["½dot.coma.co.uk", "½" + String(repeating: "a", count: 70) + ".co.uk"] {
            let text = try text(Finish(title: String(repeating: run, count: 14)))
            #expect(text.contains(".\u{2060}") && !text.contains(".co") && !text.contains(".uk"), "\(text)")
        }
    }

    @Test func `elsewhere a bare domain costs nothing and stays`() throws {
        #expect(try text(Finish(title: "Booking.com"), network: "mastodon") == "Finished Booking.com")
    }

    @Test func `a link comes only when asked for`() throws {
        let finish = Finish(title: "Dune.com", url: "https://example.org/a.b")
        #expect(try text(finish) == "Finished Dune.\u{2060}com")
        let linked = try text(finish) { $0.announce.networks = [.init("x", link: true)] }
        #expect(linked == "Finished Dune.\u{2060}com https://example.org/a.b")
        let placed = try text(finish) {
            $0.announce.networks = [.init("x", link: true)]
            $0.announce.template = "{{title}}{{#link}} ({{link}}){{/link}}!"
        }
        #expect(placed == "Dune.\u{2060}com (https://example.org/a.b)!")
    }

    @Test func `what the template spells out is meant`() throws {
        let text = try text(Finish(title: "Dune")) { $0.announce.template = "{{title}}, via example.com" }
        #expect(text == "Dune, via example.com")
    }

    @Test func `a long title is cut at a word`() throws {
        let finish = Finish(
            title: String(repeating: "interminable ", count: 40), creator: "Anon",
            rating: Rating(value: 500, best: 500))
        let text = try text(finish)
        #expect(text.hasPrefix("Finished interminable interminable"))
        #expect(text.hasSuffix(" interminable… by Anon ★★★★★"))
        #expect(WeightedLength.of(text) > 260)
    }

    @Test func `a script without spaces is cut at a character`() throws {
        let text = try text(Finish(title: String(repeating: "灯", count: 300), creator: "港"))
        #expect(text.hasSuffix("灯… by 港"))
        #expect(WeightedLength.of(text) > 275)
    }

    @Test func `many creators give way before the title`() throws {
        let many = String(repeating: "Somebody Longname, ", count: 40)
        let text = try text(Finish(title: "Dune", creator: many))
        #expect(text.hasPrefix("Finished Dune by Somebody Longname, Somebody"))
        #expect(text.hasSuffix("Somebody…") || text.hasSuffix("Longname…"))
        let long = String(repeating: "interminable ", count: 40)
        let both = try self.text(Finish(title: long, creator: many))
        #expect(both.hasPrefix("Finished interminable interminable interminable"))
        #expect(both.contains("… by Somebody Longname, Somebody Longname, Somebody"))
    }

    @Test func `a template that is too long itself is cut, but never its link`() throws {
        let words = String(repeating: "very ", count: 100)
        let text = try text(Finish(title: "Dune", url: "https://example.org/d")) {
            $0.announce.template = "{{title}} " + words
            $0.announce.networks = [.init("x", link: true)]
        }
        #expect(text.hasSuffix("very… https://example.org/d"))
    }

    @Test func `hostile text cannot turn or break a post`() throws {
        let finish = Finish(title: "A\u{202E}B\u{0}\nC <b> & \"D\"", creator: "\u{2067}E")
        #expect(try text(finish) == "Finished AB C <b> & \"D\" by E")
    }

    @Test(arguments: [
        (450, 500, "★★★★½"), (500, 500, "★★★★★"), (50, 500, "½"), (425, 500, "★★★★¼"),
        (8, 10, "★★★★"), (700, 1000, "★★★½"), (87, 100, "0.87/1"), (8700, 10000, "87/100"),
        (433, 500, "4.33/5"),
    ])
    func `stars are exact or are not drawn`(value: Int, best: Int, expected: String) throws {
        let rating = try #require(Rating(value: value, best: best))
        #expect(Stars.text(rating) == expected)
    }

    @Test func `a template is refused with its place and the names there are`() {
        #expect(throws: PageError.self) { try Wording.check("{{tittle}}") }
        #expect(throws: Never.self) { try Wording.check(Configuration.Announce.defaultTemplate) }
    }
}
