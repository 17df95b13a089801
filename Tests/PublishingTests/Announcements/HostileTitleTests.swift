import Catalogue
import Formats
import Simulation
import Testing

@testable import Publishing

/// Titles as the worst feed could have them. A post stays a post: it fits, says something, calls nobody,
/// leads nowhere, and its stars are there.
struct HostileTitleTests {
    private static let networks = ["x", "mastodon", "bluesky"]

    private func post(
        _ finish: Finish, _ network: String, _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> String {
        var configuration = Configuration()
        configuration.announce.networks = Self.networks.map { Configuration.Network($0) }
        change(&configuration)
        var sample = SampleState()
        sample.finish("a:b:c", finish)
        let standing = try #require(sample.state.finish(withKey: "a:b:c"))
        return try Wording.text(for: standing, network: network, configuration: configuration).text
    }

    /// What is wrong with a post; empty: nothing.
    private func faults(_ text: String, _ network: String) -> [String] {
        var faults: [String] = []
        let scalars = Array(text.unicodeScalars)
        let links = LinkFinder.links(in: scalars, isWary: true)
        let isBad = { (range: Range<Int>) in network == "x" || LinkFinder.hasScheme(scalars[range]) }
        if links.contains(where: isBad) { faults.append("a link") }
        if !Marks.mentions(in: text).isEmpty { faults.append("a mention") }
        if network == "x", !Marks.cashtags(in: text).isEmpty { faults.append("a cashtag") }
        if !PostLimit(Configuration.Network(network)).admits(text) { faults.append("too long") }
        if RichText(text).facets.contains(where: { if case .link = $0.feature { true } else { false } }) {
            faults.append("a facet")
        }
        for scalar in scalars {
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFC, 0xFFFE, 0xFFFF,
                0x2028, 0x2029:
                faults.append("U+" + String(scalar.value, radix: 16))
            default: break
            }
        }
        return faults
    }

    @Test(arguments: [
        // Addresses, of every sort.
        ("http://münchen.de/straße", "Finished http://münchen.\u{2060}de/straße ★★★★"),
        ("münchen.de", "Finished münchen.\u{2060}de ★★★★"),
        ("https://例え.みんな/本", "Finished https://例え.\u{2060}みんな/本 ★★★★"),
        ("пример.рф", "Finished пример.рф ★★★★"),
        ("xn--mnchen-3ya.de", "Finished xn--mnchen-3ya.\u{2060}de ★★★★"),
        ("listen.music and learn.kids", "Finished listen.\u{2060}music and learn.\u{2060}kids ★★★★"),
        ("my.app, your.dev, our.zip", "Finished my.\u{2060}app, your.\u{2060}dev, our.\u{2060}zip ★★★★"),
        ("It ended.It was over", "Finished It ended.\u{2060}It was over ★★★★"),
        // Calls, and what only looks like one.
        ("@ada and ＠bob", "Finished @\u{2060}ada and ＠\u{2060}bob ★★★★"),
        ("@foo.com", "Finished @\u{2060}foo.\u{2060}com ★★★★"),
        ("mail@example.com", "Finished mail@\u{2060}example.\u{2060}com ★★★★"),
        ("P@$$w0rd @ home", "Finished P@$$w0rd @ home ★★★★"),
        ("$TICKER $OTHER.A for $9.99", "Finished $\u{2060}TICKER $\u{2060}OTHER.A for $9.99 ★★★★"),
        ("$foo.com", "Finished $\u{2060}foo.\u{2060}com ★★★★"),
        ("#Alive", "Finished #Alive ★★★★"),
        // Signs that cannot be seen, or turn what stands around them.
        ("A\u{0}B\u{1B}[31mC", "Finished AB[31mC ★★★★"),
        ("\u{FEFF}Dune\u{FFFE}", "Finished Dune ★★★★"),
        ("one\u{2028}two\r\nthree", "Finished one two three ★★★★"),
        ("\u{202E}Evil\u{2066}", "Finished Evil ★★★★"),
        ("\u{FFFC}", "Finished Untitled ★★★★"),
        ("\u{200B}\u{2060}\u{3164}\u{2800}", "Finished Untitled ★★★★"),
        ("{{link}}{{#review}}x{{/review}}", "Finished {{link}}{{#review}}x{{/review}} ★★★★"),
        // Other scripts.
        ("מגדלור", "Finished מגדלור ★★★★"),
        ("😀", "Finished 😀 ★★★★"),
        ("👨‍👩‍👧‍👦", "Finished 👨‍👩‍👧‍👦 ★★★★"),
        ("\u{301}\u{302}", "Finished \u{301}\u{302} ★★★★"),
    ])
    func `a title is what it reads as, and nothing more`(title: String, expected: String) throws {
        let finish = Finish(title: title, rating: Rating(value: 4, best: 5), url: "https://example.org/1")
        let text = try post(finish, "x")
        #expect(Array(text.utf8) == Array(expected.utf8), "\(text.unicodeScalars.map { $0 })")
        for network in Self.networks { #expect(faults(try post(finish, network), network) == []) }
    }

    @Test(arguments: [
        "a", "ab ", "a.", "é.", "a.com ", "https://a.com/", "@a ", "$A ", "灯", "e\u{301}", "\u{301}", "👨‍👩‍👧‍👦", "👩\u{200D}",
        "🇩🇪", "1\u{FE0F}\u{20E3}", "\u{0}", "\u{202E}x", "(", "{{", "#a", "\u{200B}", "a\u{2060}.com ", "xn--", "://", "..",
    ])
    func `masses of anything become a post, with its stars`(piece: String) throws {
        // A whole megabyte of letters, brackets and zeros; of the rest as much as costs no second.
        let size = piece.utf8.count == 1 ? 1_000_000 : 20_000
        let title = String(repeating: piece, count: size / piece.utf8.count)
        let finish = Finish(title: title, creator: title, rating: Rating(value: 5, best: 5))
        for network in Self.networks {
            let text = try post(finish, network)
            #expect(faults(text, network) == [], "\(network)")
            #expect(text.utf8.starts(with: "Finished ".utf8) && text.hasSuffix(" ★★★★★"), "\(network) \(text)")
        }
    }

    private static let pieces = [
        "Dune", " ", " ", " ", ".", ".", "com", "de", "music", "みんな", "рф", "@", "＠", "$", "ada", "ABC", "http://",
        "https://", "t.co/a", "/", "?", "#", "-", "_", "é", "ü", "灯", "👩", "\u{200D}", "❤\u{FE0F}", "🏽", "🇩", "🇪", "\u{301}",
        "\u{200F}", "\u{202E}", "\u{FEFF}", "\u{2060}", "\u{0}", "\u{A0}", "\n", "(", ")", "“", "”", "1", "9.99", "rt", "RT:", "xn--",
    ]

    @Test func `whatever a title is made of, a post is a post`() throws {
        var dice = SeededGenerator(seed: 280)
        for round in 0..<600 {
            var title = ""
            for _ in 0..<(1 + dice.below(round % 10 == 0 ? 300 : 14)) {
                title += Self.pieces[dice.below(Self.pieces.count)]
            }
            let finish = Finish(
                title: title, creator: dice.below(2) == 0 ? nil : String(title.reversed()),
                rating: Rating(value: 5, best: 5))
            let network = Self.networks[dice.below(3)]
            let text = try post(finish, network)
            #expect(faults(text, network) == [] && text.hasSuffix("★★★★★"), "\(network): \(title.debugDescription)")
        }
    }

    @Test func `the asked-for link stays whole among links that nobody asked for`() throws {
        let finish = Finish(
            title: "See https://evil.com/@ada and example.org/1", rating: Rating(value: 5, best: 5),
            url: "https://example.org/@ada/1!")
        for network in Self.networks {
            for template in ["{{title}}", "{{link}} {{title}}", "({{link}}): {{title}}"] {
                let text = try post(finish, network) {
                    $0.announce.networks = [Configuration.Network(network, link: true)]
                    $0.announce.template = template
                }
                let scalars = Array(text.unicodeScalars)
                let links = LinkFinder.links(in: scalars).filter {
                    network == "x" || LinkFinder.hasScheme(scalars[$0])
                }
                #expect(
                    links.map { String(String.UnicodeScalarView(scalars[$0])) }
                        == ["https://example.org/@ada/1%21"], "\(network) \(template)")
            }
        }
    }

    @Test func `what the template itself spells out is meant`() throws {
        let text = try post(Finish(title: "@bob.com"), "x") {
            $0.announce.template = "{{title}} via @ada, $BOOK, see example.com"
        }
        #expect(text == "@\u{2060}bob.\u{2060}com via @ada, $BOOK, see example.com")
    }

    @Test func `a template that has nothing to say of a finish says its title`() throws {
        let text = try post(Finish(title: "Dune"), "x") { $0.announce.template = "{{#rating}}{{rating}}{{/rating}}" }
        #expect(text == "Dune")
    }

    @Test func `never a spoiler`() throws {
        let finish = Finish(title: "Dune", review: "<p>He dies.</p>", spoiler: true)
        for name in Wording.variables {
            #expect(!(try post(finish, "x") { $0.announce.template = "{{title}} {{\(name)}}" }.contains("dies")))
        }
        #expect(throws: PageError.self) { try Wording.check("{{review}}") }
    }

    @Test(arguments: [
        ("{{title}}", "Severance, season 2, episode 3"), ("{{title}} S{{season}}E{{episode}}", "Severance S2E3"),
        ("{{title}}{{#season}}: {{season}}{{/season}}", "Severance, episode 3: 2"),
    ])
    func `a season and an episode stand where the template has them`(template: String, expected: String) throws {
        let finish = Finish(kind: .tv, title: "Severance", season: 2, episode: 3)
        #expect(try post(finish, "x") { $0.announce.template = template } == expected)
    }

    @Test(arguments: [
        ("The Four Seasons", "The Four Seasons, season 2"), ("Severance: Season 2", "Severance: Season 2"),
    ])
    func `a season is named once`(title: String, expected: String) throws {
        #expect(try post(Finish(title: title, season: 2), "x") { $0.announce.template = "{{title}}" } == expected)
    }

    @Test func `a long title keeps its season and its second time`() throws {
        let finish = Finish(
            kind: .tv, title: String(repeating: "interminable ", count: 60), season: 2,
            rating: Rating(value: 5, best: 5), isRepeat: true)
        for network in Self.networks {
            #expect(try post(finish, network).hasSuffix("interminable…, season 2 (again) ★★★★★"))
        }
    }
}
