import Simulation
import Testing

@testable import Publishing

@Suite struct RichTextTests {
    @Test func `links and tags are told by their bytes`() {
        let post = RichText("Finished “Dune” by Frank Herbert 📚 https://example.org/dune #books")
        #expect(post.facets == [
            RichText.Facet(range: 42..<66, feature: .link("https://example.org/dune")),
            RichText.Facet(range: 67..<73, feature: .tag("books")),
        ])
    }

    @Test func `a title with a dot is no link, a number no tag, and C# none`() {
        let post = RichText("Finished ASP.NET in C# and #1")
        #expect(post.text == "Finished ASP.NET in C# and #1")
        #expect(post.facets.isEmpty)
    }

    @Test func `a tag may stand anywhere between spaces`() {
        let post = RichText("#Alive again")
        #expect(post.facets == [RichText.Facet(range: 0..<6, feature: .tag("Alive"))])
    }

    @Test func `where the whole would be too long, links are shown short and meant whole`() {
        let link = "https://example.org/b/" + String(repeating: "a", count: 200)
        let post = RichText(String(repeating: "x", count: 250) + " " + link)
        #expect(post.text.count == 250 + 1 + 23)
        #expect(post.text.hasSuffix(" example.org/b/aaaaaaaa…"))
        #expect(post.facets == [RichText.Facet(range: 251..<(251 + 25), feature: .link(link))])
    }

    @Test func `what fits is left as it is`() {
        let text = "Finished Dune https://books.example/" + String(repeating: "a", count: 100)
        #expect(RichText(text).text == text)
    }

    @Test(arguments: [(64, 1), (65, 0)])
    func `a tag that Bluesky would refuse is none`(length: Int, count: Int) {
        #expect(RichText("#" + String(repeating: "a", count: length)).facets.count == count)
    }

    @Test func `a tag of few letters under many accents is none`() {
        #expect(RichText("#" + String(repeating: "e" + String(repeating: "\u{301}", count: 40), count: 10)).facets == [])
    }

    @Test func `whatever stands around them, links and tags are where they are said to be`() {
        let words = [
            "Täuschung", "夜の灯台", "מגדלור", "👨‍👩‍👧‍👦", "e\u{301}\u{302}", "\u{200F}", "plain", "ASP.NET", "“—”", "#", "C#",
            "#1", "@name",
        ]
        let links = ["https://example.org/dune", "http://münchen.example.com/ä", "https://example.org/a?b=c#d"]
        let tags = ["#books", "#Ünder_wegs", "#夜"]
        var dice = SeededGenerator(seed: 8)
        for _ in 0..<500 {
            var parts: [String] = []
            var wanted: [String] = []
            for _ in 0..<dice.below(10) {
                switch dice.below(5) {
                case 0: parts.append(links[dice.below(links.count)]); wanted.append(parts.last ?? "")
                case 1: parts.append(tags[dice.below(tags.count)]); wanted.append(parts.last ?? "")
                default: parts.append(words[dice.below(words.count)])
                }
            }
            let post = RichText(parts.joined(separator: " "))
            let bytes = Array(post.text.utf8)
            let isShort = post.text.count <= 300
            var end = 0
            var found: [String] = []
            for facet in post.facets {
                #expect(facet.range.lowerBound >= end && facet.range.upperBound <= bytes.count)
                end = facet.range.upperBound
                let shown = String(validating: bytes[facet.range], as: UTF8.self)
                switch facet.feature {
                case .link(let link):
                    #expect(!isShort || shown == link)
                    found.append(link)
                case .tag(let tag):
                    #expect(shown == "#" + tag)
                    found.append("#" + tag)
                }
            }
            #expect(found == wanted)
        }
    }

    @Test func `an address that Bluesky takes is a link as it is`() {
        guard let data = Fixture.conformanceData("atproto/syntax/uri_syntax_valid.txt") else { return }
        var count = 0
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            // X's rules end at 4096 characters, and so do addresses in our log.
            guard line.hasPrefix("https://"), line.count <= 4096 else { continue }
            count += 1
            #expect(RichText("see \(line) now").facets.map(\.feature) == [.link(String(line))])
        }
        #expect(count == 2)
    }
}
