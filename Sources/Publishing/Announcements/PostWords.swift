import Catalogue
import Formats

/// What posts say in words of their own, in the language of the site: a reader who knows the person's pages
/// in German is not told in English. A language that is not here is spoken in English.
struct PostWords {
    /// What was done, and what was done again, before the title.
    typealias Leads = (once: String, again: String)

    let untitled: String
    let season: String
    let episode: String
    /// Behind the title of a second time, where a template says nothing of it.
    let again: String
    /// What joins the creator to the title.
    private let by: String
    /// Behind everything but the stars: where the word for a second time has its place at the end.
    private let tail: String
    /// One of each kind, in the order of `Kind`.
    private let kinds: [String]
    /// In the order of `Kind`, and one for what has none.
    private let leads: [Leads]
    private let months: [String]
    private let date: DateForm

    /// How a date is put together from day, name of the month and year.
    private enum DateForm {
        /// `20 November 2026`
        case plain
        /// `November 20, 2026`
        case monthFirst
        /// `20. November 2026`
        case dotted
        /// `20 de noviembre de 2026`
        case joined
        /// `1er novembre 2026`, `2 novembre 2026`
        case ordinalFirst(String)
    }

    static let languages = ["en", "de", "fr", "es", "nl", "it", "pt"]

    /// - Parameter language: an RFC 5646 tag; its first part decides.
    init(language: String) {
        let tag = language.lowercased()
        switch tag.prefix(while: { $0 != "-" && $0 != "_" }) {
        case "de": self = .german
        case "fr": self = .french
        case "es": self = .spanish
        case "nl": self = .dutch
        case "it": self = .italian
        case "pt": self = .portuguese
        default: self = tag == "en-us" ? .american : .english
        }
    }

    private init(
        untitled: String, season: String, episode: String, again: String, by: String,
        tail: String = "", kinds: [String], leads: [Leads], months: [String], date: DateForm
    ) {
        self.untitled = untitled
        self.season = season
        self.episode = episode
        self.again = again
        self.by = by
        self.tail = tail
        self.kinds = kinds
        self.leads = leads
        self.months = months
        self.date = date
    }

    /// One of a kind.
    func name(_ kind: Kind) -> String { kinds[PostWords.place(of: kind)] }

    /// No more precise than the day is known.
    func date(_ day: Day) -> String {
        guard let month = day.month else { return String(day.year) }
        let name = months[month - 1]
        guard let number = day.day else {
            if case .joined = date { return "\(name) de \(day.year)" }
            return "\(name) \(day.year)"
        }
        return switch date {
        case .plain: "\(number) \(name) \(day.year)"
        case .monthFirst: "\(name) \(number), \(day.year)"
        case .dotted: "\(number). \(name) \(day.year)"
        case .joined: "\(number) de \(name) de \(day.year)"
        case .ordinalFirst(let mark): "\(number)\(number == 1 ? mark : "") \(name) \(day.year)"
        }
    }

    /// The wording of a kind, where `feeds.toml` has none. A film's year tells it from its namesakes.
    func template(_ kind: Kind?) -> String {
        let lead = kind.map { leads[PostWords.place(of: $0)] } ?? leads[Kind.allCases.count]
        let start =
            lead.once == lead.again
            ? lead.once
            : "{{^repeat}}\(lead.once){{/repeat}}{{#repeat}}\(lead.again){{/repeat}}"
        let year = kind == .movie ? "{{#year}} ({{year}}){{/year}}" : ""
        let second = tail.isEmpty ? "" : "{{#repeat}}\(tail){{/repeat}}"
        return start + " {{title}}" + year + "{{#creator}}\(by) {{creator}}{{/creator}}" + second
            + "{{#rating}} {{rating}}{{/rating}}"
    }

    private static func place(of kind: Kind) -> Int { Kind.allCases.firstIndex(of: kind) ?? 0 }
}

// Kinds are books, films, series, games, articles, podcasts, albums; then what has no kind.
extension PostWords {
    fileprivate static let english = inEnglish(.plain)
    fileprivate static let american = inEnglish(.monthFirst)

    private static func inEnglish(_ date: DateForm) -> PostWords {
        PostWords(
            untitled: "Untitled", season: "season", episode: "episode", again: "(again)", by: " by",
            tail: " again",
            kinds: ["book", "film", "series", "game", "article", "podcast", "album"],
            leads: [
                "Finished", "Watched", "Finished", "Finished", "Read", "Listened to", "Listened to",
                "Finished",
            ].map { (once: $0, again: $0) },
            months: Words.months, date: date)
    }

    fileprivate static let german = PostWords(
        untitled: "Ohne Titel", season: "Staffel", episode: "Folge", again: "(noch einmal)",
        by: " von",
        kinds: ["Buch", "Film", "Serie", "Spiel", "Artikel", "Podcast", "Album"],
        leads: [
            ("Gelesen:", "Wieder gelesen:"), ("Gesehen:", "Wieder gesehen:"),
            ("Gesehen:", "Wieder gesehen:"), ("Durchgespielt:", "Wieder durchgespielt:"),
            ("Gelesen:", "Wieder gelesen:"), ("Gehört:", "Wieder gehört:"),
            ("Gehört:", "Wieder gehört:"), ("Abgeschlossen:", "Wieder abgeschlossen:"),
        ],
        months: [
            "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
            "Oktober", "November", "Dezember",
        ], date: .dotted)

    /// "de" would have to become "d’" before a vowel, which a template cannot know; "par" never changes.
    /// French sets a space that does not break before a colon.
    fileprivate static let french = PostWords(
        untitled: "Sans titre", season: "saison", episode: "épisode", again: "(à nouveau)",
        by: ", par",
        kinds: ["livre", "film", "série", "jeu", "article", "podcast", "album"],
        leads: [
            ("Lu\u{A0}:", "Relu\u{A0}:"), ("Vu\u{A0}:", "Revu\u{A0}:"), ("Vu\u{A0}:", "Revu\u{A0}:"),
            ("Terminé\u{A0}:", "Terminé à nouveau\u{A0}:"), ("Lu\u{A0}:", "Relu\u{A0}:"),
            ("Écouté\u{A0}:", "Réécouté\u{A0}:"), ("Écouté\u{A0}:", "Réécouté\u{A0}:"),
            ("Terminé\u{A0}:", "Terminé à nouveau\u{A0}:"),
        ],
        months: [
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre",
        ], date: .ordinalFirst("er"))

    fileprivate static let spanish = PostWords(
        untitled: "Sin título", season: "temporada", episode: "episodio", again: "(otra vez)",
        by: ", de",
        kinds: ["libro", "película", "serie", "juego", "artículo", "pódcast", "álbum"],
        leads: [
            ("Terminé de leer", "Releí"), ("Vi", "Volví a ver"), ("Terminé de ver", "Volví a ver"),
            ("Terminé", "Volví a terminar"), ("Leí", "Releí"), ("Escuché", "Volví a escuchar"),
            ("Escuché", "Volví a escuchar"), ("Terminé", "Volví a terminar"),
        ],
        months: [
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
            "octubre", "noviembre", "diciembre",
        ], date: .joined)

    fileprivate static let dutch = PostWords(
        untitled: "Zonder titel", season: "seizoen", episode: "aflevering", again: "(opnieuw)",
        by: " van",
        kinds: ["boek", "film", "serie", "game", "artikel", "podcast", "album"],
        leads: [
            ("Gelezen:", "Herlezen:"), ("Gezien:", "Opnieuw gezien:"),
            ("Gezien:", "Opnieuw gezien:"), ("Uitgespeeld:", "Opnieuw uitgespeeld:"),
            ("Gelezen:", "Herlezen:"), ("Beluisterd:", "Opnieuw beluisterd:"),
            ("Beluisterd:", "Opnieuw beluisterd:"), ("Afgerond:", "Opnieuw afgerond:"),
        ],
        months: [
            "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
            "oktober", "november", "december",
        ], date: .plain)

    fileprivate static let italian = PostWords(
        untitled: "Senza titolo", season: "stagione", episode: "episodio", again: "(di nuovo)",
        by: " di",
        kinds: ["libro", "film", "serie", "gioco", "articolo", "podcast", "album"],
        leads: [
            ("Letto:", "Riletto:"), ("Visto:", "Rivisto:"), ("Visto:", "Rivisto:"),
            ("Finito:", "Finito di nuovo:"), ("Letto:", "Riletto:"), ("Ascoltato:", "Riascoltato:"),
            ("Ascoltato:", "Riascoltato:"), ("Finito:", "Finito di nuovo:"),
        ],
        months: [
            "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
            "settembre", "ottobre", "novembre", "dicembre",
        ], date: .ordinalFirst("º"))

    fileprivate static let portuguese = PostWords(
        untitled: "Sem título", season: "temporada", episode: "episódio", again: "(de novo)",
        by: ", de",
        kinds: ["livro", "filme", "série", "jogo", "artigo", "podcast", "álbum"],
        leads: [
            ("Terminei de ler", "Reli"), ("Vi", "Revi"), ("Terminei de ver", "Revi"),
            ("Terminei", "Terminei de novo"), ("Li", "Reli"), ("Ouvi", "Ouvi de novo"),
            ("Ouvi", "Ouvi de novo"), ("Terminei", "Terminei de novo"),
        ],
        months: [
            "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
            "outubro", "novembro", "dezembro",
        ], date: .joined)
}
