import Formats
import Testing

@testable import Publishing

@Suite struct LanguageTagTests {
    @Test(arguments: [
        ("en", "en"), ("EN", "en"), ("gsw", "gsw"), ("de-CH-1901", "de-CH-1901"), ("zh-Hant-TW", "zh-Hant-TW"),
        ("sl-rozaj-biske", "sl-rozaj-biske"), ("es-419", "es-419"),
        // As a machine says it.
        ("de_DE", "de-DE"), ("en_US.UTF-8", "en"), ("pt_BR@euro", "pt"),
        // The part that is one.
        ("en-", "en"), ("en--GB", "en"), ("fr-Latn-x-mine", "fr-Latn"), ("de-DE-Latn", "de-DE"), ("de-a-b", "de"),
        ("english", nil), ("", nil), ("C", nil), ("x-klingon", nil), ("1a", nil), ("dé", nil), ("-de", nil),
    ] as [(String, String?)])
    func `a language is a tag, or nothing`(stated: String, tag: String?) {
        #expect(LanguageTag.from(stated) == tag)
    }

    @Test(arguments: [
        ("de_DE", #""langs":["de-DE"]"#, #""language":"de""#), ("PT", #""langs":["pt"]"#, #""language":"pt""#),
        ("gsw", #""langs":["gsw"]"#, nil), ("english", nil, nil), ("", nil, nil),
    ] as [(String, String?, String?)])
    func `a network is told a tag, or nothing`(stated: String, bluesky: String?, mastodon: String?) {
        for (name, wanted, member) in [("bluesky", bluesky, "langs"), ("mastodon", mastodon, "language")] {
            let draft = NetworkAnswersTests.network(name).draft(
                "Finished Dune", for: NetworkAnswersTests.attempt(name), language: stated, taken: [],
                now: NetworkAnswersTests.now)
            if let wanted { #expect(draft.record.contains(wanted)) }
            #expect(draft.record.contains("\"\(member)\"") == (wanted != nil))
        }
    }
}
