import Catalogue
import Formats
import Testing

@testable import Publishing

struct PostWordsTests {
    private func text(_ finish: Finish, _ language: String) throws -> String {
        var configuration = Configuration()
        configuration.site.language = language
        configuration.announce.template = Wording.builtIn(nil, language: language)
        configuration.announce.templates = Kind.allCases.map {
            Configuration.KindTemplate($0, Wording.builtIn($0, language: language))
        }
        var sample = SampleState()
        sample.finish("a:b:c", finish)
        let standing = try #require(sample.state.finish(withKey: "a:b:c"))
        return try Wording.text(for: standing, network: "x", configuration: configuration).text
    }

    private static let stars = Rating(value: 450, best: 500)

    /// A book, a film seen before, a season, a game, an article, a podcast, an album, something.
    private static let shelf = [
        Finish(kind: .book, title: "Momo", creator: "Michael Ende", rating: stars),
        Finish(kind: .movie, title: "Ran", year: 1985, rating: stars, isRepeat: true),
        Finish(kind: .tv, title: "Severance", season: 2),
        Finish(kind: .game, title: "Hades", isRepeat: true),
        Finish(kind: .article, title: "Tides", creator: "Ana Ruiz"),
        Finish(kind: .podcast, title: "Episode One"),
        Finish(kind: .music, title: "Dummy", creator: "Portishead", isRepeat: true),
        Finish(title: "Something"),
    ]

    @Test(arguments: [
        ("en", [
            "Finished Momo by Michael Ende ★★★★½", "Watched Ran (1985) again ★★★★½",
            "Finished Severance, season 2", "Finished Hades again", "Read Tides by Ana Ruiz",
            "Listened to Episode One", "Listened to Dummy by Portishead again", "Finished Something",
        ]),
        ("de", [
            "Gelesen: Momo von Michael Ende ★★★★½", "Wieder gesehen: Ran (1985) ★★★★½",
            "Gesehen: Severance, Staffel 2", "Wieder durchgespielt: Hades",
            "Gelesen: Tides von Ana Ruiz", "Gehört: Episode One",
            "Wieder gehört: Dummy von Portishead", "Abgeschlossen: Something",
        ]),
        ("fr", [
            "Lu\u{A0}: Momo, par Michael Ende ★★★★½", "Revu\u{A0}: Ran (1985) ★★★★½",
            "Vu\u{A0}: Severance, saison 2", "Terminé à nouveau\u{A0}: Hades",
            "Lu\u{A0}: Tides, par Ana Ruiz", "Écouté\u{A0}: Episode One",
            "Réécouté\u{A0}: Dummy, par Portishead", "Terminé\u{A0}: Something",
        ]),
        ("es", [
            "Terminé de leer Momo, de Michael Ende ★★★★½", "Volví a ver Ran (1985) ★★★★½",
            "Terminé de ver Severance, temporada 2", "Volví a terminar Hades",
            "Leí Tides, de Ana Ruiz", "Escuché Episode One",
            "Volví a escuchar Dummy, de Portishead", "Terminé Something",
        ]),
        ("nl", [
            "Gelezen: Momo van Michael Ende ★★★★½", "Opnieuw gezien: Ran (1985) ★★★★½",
            "Gezien: Severance, seizoen 2", "Opnieuw uitgespeeld: Hades",
            "Gelezen: Tides van Ana Ruiz", "Beluisterd: Episode One",
            "Opnieuw beluisterd: Dummy van Portishead", "Afgerond: Something",
        ]),
        ("it", [
            "Letto: Momo di Michael Ende ★★★★½", "Rivisto: Ran (1985) ★★★★½",
            "Visto: Severance, stagione 2", "Finito di nuovo: Hades", "Letto: Tides di Ana Ruiz",
            "Ascoltato: Episode One", "Riascoltato: Dummy di Portishead", "Finito: Something",
        ]),
        ("pt", [
            "Terminei de ler Momo, de Michael Ende ★★★★½", "Revi Ran (1985) ★★★★½",
            "Terminei de ver Severance, temporada 2", "Terminei de novo Hades",
            "Li Tides, de Ana Ruiz", "Ouvi Episode One", "Ouvi de novo Dummy, de Portishead",
            "Terminei Something",
        ]),
    ])
    func `each kind has its own wording in the language of the site`(
        language: String, expected: [String]
    ) throws {
        #expect(try Self.shelf.map { try text($0, language) } == expected)
        #expect(try Self.shelf.map { try text($0, language.uppercased() + "-XX") } == expected)
    }

    @Test func `a language that is not spoken here is spoken in English`() throws {
        #expect(PostWords.languages.count == 7)
        #expect(try text(Self.shelf[4], "ja") == "Read Tides by Ana Ruiz")
        #expect(try text(Self.shelf[4], "") == "Read Tides by Ana Ruiz")
    }

    @Test(arguments: PostWords.languages)
    func `every built-in wording can be read and says what happened`(language: String) throws {
        for kind in Kind.allCases.map(Optional.init) + [nil] {
            let template = Wording.builtIn(kind, language: language)
            try Wording.check(template)
            #expect(try Template(template, name: "template").mentions("repeat"))
            #expect(try Template(template, name: "template").mentions("rating"))
        }
    }

    @Test(arguments: [
        ("en", "2 March 2026", "March 2026"), ("en-US", "March 2, 2026", "March 2026"),
        ("de", "2. März 2026", "März 2026"), ("fr", "2 mars 2026", "mars 2026"),
        ("es", "2 de marzo de 2026", "marzo de 2026"), ("nl", "2 maart 2026", "maart 2026"),
        ("it", "2 marzo 2026", "marzo 2026"), ("pt-BR", "2 de março de 2026", "março de 2026"),
    ])
    func `a date is written as there, and no more precisely than known`(
        language: String, day: String, month: String
    ) throws {
        let words = PostWords(language: language)
        #expect(words.date(try #require(Day("2026-03-02"))) == day)
        #expect(words.date(try #require(Day("2026-03"))) == month)
        #expect(words.date(try #require(Day("2026"))) == "2026")
    }

    @Test(arguments: [("fr", "1er mai 2026"), ("it", "1º maggio 2026"), ("de", "1. Mai 2026")])
    func `the first of a month`(language: String, day: String) throws {
        #expect(PostWords(language: language).date(try #require(Day("2026-05-01"))) == day)
    }
}
