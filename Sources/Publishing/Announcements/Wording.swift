public import Catalogue
import Formats

/// What a post says (PRODUCT section 8): the person's template, or the wording of the kind in the site's
/// language, cut to what the network takes; never a spoiler (a review is no variable), never a link that
/// nobody asked for.
public struct Wording {
    /// The names that a template of `[announce]` may use.
    public static let variables = [
        "title", "creator", "year", "season", "episode", "kind", "rating", "repeat", "date", "link",
    ]

    /// A text, and its length as X counts it.
    public struct Post: Equatable, Sendable {
        public var text: String
        public var weightedLength: Int

        /// Whether X takes anything in it for a link, and charges for that.
        public var hasLink: Bool { !LinkFinder.links(in: Array(text.unicodeScalars)).isEmpty }
    }

    private let template: Template
    private let templates: [(kind: Kind, template: Template)]
    private let networks: [Configuration.Network]
    private let words: PostWords

    /// Stands for the link until the rest is said and cut: nothing of the link is ever changed.
    private static let linkMark: Unicode.Scalar = "\u{FFFC}"

    /// Fails only for a person's template.
    public init(_ configuration: Configuration) throws(PageError) {
        template = try Wording.template(configuration.announce.template, name: "template")
        var templates: [(kind: Kind, template: Template)] = []
        for own in configuration.announce.templates {
            let name = "templates." + own.kind.rawValue
            templates.append((own.kind, try Wording.template(own.template, name: name)))
        }
        self.templates = templates
        networks = configuration.announce.networks
        words = PostWords(language: configuration.site.language)
    }

    private static func template(_ text: String, name: String) throws(PageError) -> Template {
        try Template(plain(text), name: name)
    }

    public static func text(
        for standing: Standing, network: String, configuration: Configuration
    ) throws(PageError) -> Post {
        try Wording(configuration).post(for: standing, network: network)
    }

    /// The wording of each kind where `feeds.toml` has none.
    ///
    /// - Parameters:
    ///   - language: of the site.
    ///   - kind: `nil`: what has no kind.
    public static func builtIn(_ kind: Kind?, language: String) -> String {
        PostWords(language: language).template(kind)
    }

    /// Whether posts to this network have a link by what `feeds.toml` says, whatever their titles are.
    public static func hasLinks(_ configuration: Configuration, network: String) -> Bool {
        guard let wording = try? Wording(configuration) else { return false }
        return Kind.allCases.contains { kind in
            wording.post(of: Finish(kind: kind, title: "A", url: "https://example.org/"), network: network).hasLink
        }
    }

    /// Refuses a template that cannot be read, asks for something unknown, or says nothing.
    ///
    /// - Parameter name: the key that holds it.
    public static func check(_ template: String, name: String = "template") throws(PageError) {
        try Template.check(template, name: name, variables: variables)
        let parsed = try Template(plain(template), name: name)
        if !variables.contains(where: parsed.mentions), Visible.isBlank(parsed.literals.joined()) {
            throw PageError(
                file: name, line: 1, column: 1, found: "a template that says nothing",
                mend: "write at least {{title}}")
        }
    }

    /// What an announcement says. X refuses words that it has had before (`specs/x-posting.md` section 6): where
    /// another post of ours has said them, the day of this finish tells the two apart.
    public func post(of announcement: Announcement, for standing: Standing, in state: State) -> Post {
        let post = post(for: standing, network: announcement.network)
        guard state.saidAlready(post.text, but: announcement) != nil else { return post }
        return self.post(of: standing.finish, network: announcement.network, tellsDay: true)
    }

    public func post(for standing: Standing, network: String) -> Post {
        post(of: standing.finish, network: network)
    }

    private func post(of finish: Finish, network: String, tellsDay: Bool = false) -> Post {
        let settings = networks.first { $0.name == network } ?? Configuration.Network(network)
        let limit = PostLimit(settings)
        let sentence = Sentence(
            finish, template: template(for: finish.kind), words: words,
            link: settings.link ? link(finish, limit) : nil, tellsDay: tellsDay)
        let defusing = Defusing(network: network, literals: sentence.template.literals)
        let text = fitted(sentence, limit) { defusing.defused($0) }
        return Post(text: text, weightedLength: WeightedLength.of(text))
    }

    /// Of an address that no network takes for a link every letter counts: it may leave no room for words.
    private func link(_ finish: Finish, _ limit: PostLimit) -> String? {
        let words = String(repeating: "m", count: Wording.wordsKept)
        return PostLink.text(finish.url).flatMap { limit.admits(words + " " + $0) ? $0 : nil }
    }

    private func template(for kind: Kind?) -> Template {
        for own in templates where own.kind == kind { return own.template }
        return template
    }

    /// A list of creators gives way first, down to a line's worth; then the title, then the rest of the
    /// creators, then whatever the template says. Stars, year and link are never cut.
    private func fitted(
        _ sentence: Sentence, _ limit: PostLimit, _ defused: @escaping (String) -> String
    ) -> String {
        let title = sentence.title
        let creator = sentence.creator
        let make = { (title: String, creator: String) in
            sentence.linked(defused(sentence.text(title: title, creator: creator)))
        }
        let whole = make(title, creator)
        if limit.admits(whole) { return whole }
        let least = Wording.creatorKept
        if let cut = Cut.longest(of: creator, least: least, where: { limit.admits(make(title, $0)) }) {
            return make(title, cut)
        }
        // In scalars: a character may have a thousand accents.
        let kept =
            creator.unicodeScalars.count <= least
            ? creator : Cut.longest(of: creator) { $0.unicodeScalars.count <= least } ?? ""
        if let cut = Cut.longest(of: title, where: { limit.admits(make($0, kept)) }) {
            return make(cut, kept)
        }
        let shortest = String(title.unicodeScalars.prefix(1)) + "…"
        if let cut = Cut.longest(of: creator, where: { limit.admits(make(shortest, $0)) }) {
            return make(shortest, cut)
        }
        let body = sentence.text(title: title, creator: creator)
        let cut = Cut.longest(of: Wording.plain(body)) {
            limit.admits(sentence.closed(defused($0)))
        }
        return sentence.closed(defused(cut ?? "…"))
    }

    /// In characters.
    private static let creatorKept = 60
    /// Beside a link, in characters.
    private static let wordsKept = 60

    /// Without what no post may hold: the mark of byte order, for which X refuses a post, and our own mark.
    static func plain(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in Markup.clean(text).unicodeScalars {
            if scalar == "\u{FEFF}" || scalar == linkMark { continue }
            view.append(scalar)
        }
        return String(view)
    }

    /// The parts of one post, before it is cut.
    private struct Sentence {
        let template: Template
        let title: String
        let creator: String
        /// Behind the title, also when that is cut: season, episode, "(again)".
        private let suffix: String
        private let finish: Finish
        private let words: PostWords
        private let link: String?
        private let placesLink: Bool

        init(_ finish: Finish, template: Template, words: PostWords, link: String?, tellsDay: Bool) {
            self.finish = finish
            self.template = template
            self.words = words
            self.link = link
            placesLink = template.mentions("link")
            let stated = Sentence.line(finish.title, max: Bounds.titleMax)
            title = Visible.isBlank(stated) ? words.untitled : stated
            let maker = Sentence.line(finish.creator ?? "", max: Bounds.creatorMax)
            creator = Visible.isBlank(maker) ? "" : maker
            // What the template has no place for.
            var suffix = ""
            for (name, word, number) in [
                ("season", words.season, finish.season), ("episode", words.episode, finish.episode),
            ] {
                guard let number, !template.mentions(name) else { continue }
                if Sentence.names(word, or: name, title) { continue }
                suffix += ", \(word) \(number)"
            }
            // A second time says so, or X would refuse it as said already.
            if finish.isRepeat, !template.mentions("repeat") { suffix += " " + words.again }
            if tellsDay, let day = finish.day, !template.mentions("date") { suffix += " (" + words.date(day) + ")" }
            self.suffix = suffix
        }

        /// "Severance: Season 2" names its season, "The Four Seasons" none.
        private static func names(_ word: String, or english: String, _ title: String) -> Bool {
            let lower = title.lowercased()
            return lower.contains(word.lowercased() + " ") || lower.contains(english + " ")
        }

        private static func line(_ text: String, max: Int) -> String {
            let bounded = Bounds.cut(text, to: max)
            return Markup.line(Markup.withoutTurns(Wording.plain(bounded)))
        }

        /// With a mark where the link belongs.
        func text(title: String, creator: String) -> String {
            let text = template.render(
                .fields([
                    TemplateField("title", title + suffix),
                    TemplateField("creator", creator),
                    TemplateField("year", finish.year.map { String($0) }),
                    TemplateField("season", finish.season.map { String($0) }),
                    TemplateField("episode", finish.episode.map { String($0) }),
                    TemplateField("kind", finish.kind.map(words.name)),
                    TemplateField("rating", finish.rating.map { Stars.text($0) }),
                    TemplateField("repeat", .flag(finish.isRepeat)),
                    TemplateField("date", finish.day.map(words.date)),
                    TemplateField("link", link.map { _ in String(Wording.linkMark) }),
                ]), escape: { $0 })
            // A template of several lines may stay one; white space around a post never shows.
            let body = Visible.trimmed(text)
            // Nothing of this finish is in the template's words: an empty post would be refused.
            let said = Visible.isBlank(body) ? title + suffix : body
            return link == nil || placesLink ? said : said + " \(Wording.linkMark)"
        }

        func linked(_ text: String) -> String {
            guard let link else { return text }
            var view = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                if scalar == Wording.linkMark {
                    view += link.unicodeScalars
                } else {
                    view.append(scalar)
                }
            }
            return String(view)
        }

        /// What was cut somewhere, with the link at its end.
        func closed(_ text: String) -> String { link.map { text + " " + $0 } ?? text }
    }
}

/// Whether anything of a text can be seen.
private enum Visible {
    static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
                || scalar.properties.generalCategory == .format || scalar == "\u{2800}"
        }
    }

    static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
