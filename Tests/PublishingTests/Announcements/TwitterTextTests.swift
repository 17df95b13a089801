import Catalogue
import Formats
import Testing

@testable import Publishing

/// twitter-text's conformance files, group by group: which of them concern posts about finishes, and what
/// is held to each. Lengths are in `WeightedLengthTests`, links and their places in `LinkFinderTests`.
struct TwitterTextTests {
    /// Groups that are run, here or there.
    private static let used: Set<String> = [
        "validate/tweets", "validate/urls", "validate/urls_without_protocol",
        "validate/WeightedTweetsCounterTest", "validate/WeightedTweetsWithDiscountedEmojiCounterTest",
        "validate/UnicodeDirectionalMarkerCounterTest", "extract/urls", "extract/urls_with_indices",
        "extract/urls_with_directional_markers", "extract/tco_urls_with_params", "extract/mentions",
        "extract/mentions_with_indices", "extract/mentions_or_lists_with_indices", "extract/replies",
        "extract/cashtags", "extract/cashtags_with_indices", "tlds/country", "tlds/generic",
    ]

    /// Groups that are not, and why.
    private static let unused = [
        "validate/usernames": "whether a whole input is a name: nobody types one here",
        "validate/lists": "the same of lists",
        "validate/hashtags": "the same of hashtags",
        "extract/hashtags": "a hashtag costs nothing and calls nobody, and X itself finds it; on Bluesky "
            + "we mark tags, by Bluesky's rules",
        "extract/hashtags_from_astral": "the same",
        "extract/hashtags_with_indices": "the same",
    ]

    private func groups(_ file: String) -> [(name: String, tests: [JSONValue])] {
        let suite = Fixture.conformance("twitter-text/\(file).json")
        return (suite?["tests"]?.objectValue ?? []).map { ($0.name, $0.value.arrayValue ?? []) }
    }

    private func tests(_ path: String) -> [JSONValue] {
        let parts = path.split(separator: "/").map(String.init)
        return groups(parts[0]).first { $0.name == parts[1] }?.tests ?? []
    }

    private func text(_ test: JSONValue) -> String { test["text"]?.stringValue ?? "" }

    private func about(_ test: JSONValue) -> Comment {
        Comment(rawValue: test["description"]?.stringValue ?? text(test))
    }

    private func links(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return LinkFinder.links(in: scalars).map { String(String.UnicodeScalarView(scalars[$0])) }
    }

    @Test func `every group is run, or it is said why not`() {
        if Fixture.conformance("twitter-text/extract.json") == nil { return }
        var names: Set<String> = []
        for file in ["validate", "extract", "tlds"] {
            for group in groups(file) { names.insert(file + "/" + group.name) }
        }
        #expect(names == Self.used.union(Self.unused.keys))
        #expect(Self.used.isDisjoint(with: Self.unused.keys))
    }

    @Test(arguments: [("tlds/country", 315), ("tlds/generic", 1259)])
    func `a link may end in each of the top-level domains`(group: String, count: Int) {
        let tests = tests(group)
        #expect(tests.count == count || tests.isEmpty)
        for test in tests {
            #expect(links(text(test)) == (test["expected"]?.arrayValue ?? []).compactMap(\.stringValue), about(test))
        }
    }

    /// Addresses that somebody may type into a form, but of which X makes no link in a post, or one that
    /// ends before them: `extract.yml` has no user names, numbers or brackets for a host, and no link that
    /// ends in a plus behind its question mark.
    private static let formsOnly: Set<String> = [
        "Valid url: port and userinfo", "Valid url: ipv4", "Valid url: ipv6",
        "Valid url: sub delims and question marks",
    ]

    @Test(arguments: ["validate/urls", "validate/urls_without_protocol"])
    func `what is an address is one link, and what is none is not`(group: String) {
        for test in tests(group) {
            let isLink = links(text(test)) == [text(test)]
            if Self.formsOnly.contains(test["description"]?.stringValue ?? "") {
                #expect(!isLink, about(test))
            } else {
                #expect(.bool(isLink) == test["expected"], about(test))
            }
        }
    }

    /// These cases are of the time of 140 characters, in which each counted one, and a link 23.
    @Test func `a post of 140 characters was one, and one of 141 was none`() {
        for test in tests("validate/tweets") {
            let scalars = Array(text(test).unicodeScalars)
            var length = scalars.count
            for range in LinkFinder.links(in: scalars) { length += 23 - range.count }
            #expect(.bool((1...140).contains(length)) == test["expected"], about(test))
        }
    }

    @Test(arguments: [
        "validate/WeightedTweetsWithDiscountedEmojiCounterTest", "validate/UnicodeDirectionalMarkerCounterTest",
    ])
    func `a post is valid when it says something, fits and holds nothing that X refuses`(group: String) {
        for test in tests(group) {
            let text = text(test)
            let isValid = !text.isEmpty && PostLimit.weighted.admits(text) && Wording.plain(text) == text
            #expect(.bool(isValid) == test["expected"]?["valid"], about(test))
        }
    }

    // MARK: titles that would call somebody

    @Test func `the patterns that posts are measured by find what twitter-text finds`() {
        for test in tests("extract/mentions") {
            #expect(
                Marks.mentions(in: text(test)) == (test["expected"]?.arrayValue ?? []).compactMap(\.stringValue),
                about(test))
        }
        for test in tests("extract/cashtags") {
            #expect(
                Marks.cashtags(in: text(test)) == (test["expected"]?.arrayValue ?? []).compactMap(\.stringValue),
                about(test))
        }
    }

    @Test(arguments: [
        "extract/mentions", "extract/mentions_with_indices", "extract/mentions_or_lists_with_indices",
        "extract/replies", "extract/cashtags", "extract/cashtags_with_indices", "extract/urls",
        "extract/urls_with_indices", "extract/urls_with_directional_markers", "extract/tco_urls_with_params",
        "tlds/country",
    ])
    func `as a title none of them is a mention, a cashtag or a link`(group: String) throws {
        let wording = try Wording(Configuration())
        for test in tests(group) {
            var sample = SampleState()
            sample.finish("a:b:c", Finish(title: text(test)))
            let standing = try #require(sample.state.finish(withKey: "a:b:c"))
            let post = wording.post(for: standing, network: "x").text
            #expect(Marks.mentions(in: post) == [], about(test))
            #expect(Marks.cashtags(in: post) == [], about(test))
            #expect(links(post) == [], about(test))
            // Nothing that is seen has changed.
            let title = PostText.normal(Markup.withoutTurns(Wording.plain(text(test))))
            if post.hasSuffix("…") { continue }
            #expect(PostText.normal(post) == "Finished " + title, about(test))
        }
    }
}
