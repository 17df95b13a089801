public import Catalogue
import Formats

/// What a post says (PRODUCT section 8): the person's template, cut to what X takes, never a spoiler (a
/// review is no variable), never a link that nobody asked for.
public struct Wording {
    /// The names that the `template` of `[announce]` may use.
    public static let variables = [
        "title", "creator", "year", "kind", "rating", "repeat", "date", "link",
    ]

    /// A text, and its length as X counts it.
    public struct Post: Equatable, Sendable {
        public var text: String
        public var weightedLength: Int
    }

    private let template: Template
    private let configuration: Configuration
    private let words: Words

    /// Fails only for a person's template.
    public init(_ configuration: Configuration) throws(PageError) {
        template = try Template(configuration.announce.template, name: "template")
        self.configuration = configuration
        words = Words(language: configuration.site.language)
    }

    public static func text(
        for standing: Standing, network: String, configuration: Configuration
    ) throws(PageError) -> Post {
        try Wording(configuration).post(for: standing, network: network)
    }

    /// Refuses a template that cannot be read or asks for something unknown.
    public static func check(_ template: String) throws(PageError) {
        try Template.check(template, name: "template", variables: variables)
    }

    public func post(for standing: Standing, network: String) -> Post {
        let finish = standing.finish
        let link = wantsLink(network) ? Link.web(finish.url) : nil
        var suffix = ""
        if let link, !template.mentions("link") { suffix = " " + link }
        let title = Markup.withoutTurns(Item.title(of: finish, words))
        let creator = Markup.withoutTurns(Markup.line(finish.creator ?? ""))
        let make = { (title: String, creator: String) -> String in
            let text = template.render(
                values(finish, title: title, creator: creator, link: link), escape: { $0 })
            // A template of several lines may stay one; white space around a post never shows.
            let body = trimmed(Markup.clean(text))
            return (network == "x" ? defused(body, keeping: link) : body) + suffix
        }
        let text = fitted(title, creator, suffix, make)
        return Post(text: text, weightedLength: WeightedLength.of(text))
    }

    private func wantsLink(_ network: String) -> Bool {
        for settings in configuration.announce.networks where settings.name == network {
            return settings.link
        }
        return false
    }

    private func values(
        _ finish: Finish, title: String, creator: String, link: String?
    ) -> TemplateValue {
        // A second time says so, or X would refuse it as said already.
        let again = finish.isRepeat && !template.mentions("repeat") ? " (again)" : ""
        return .fields([
            TemplateField("title", title + again),
            TemplateField("creator", creator),
            TemplateField("year", finish.year.map { String($0) }),
            TemplateField("kind", finish.kind.map(words.name)),
            TemplateField("rating", finish.rating.map { Stars.text($0) }),
            TemplateField("repeat", .flag(finish.isRepeat)),
            TemplateField("date", finish.day.map(words.date)),
            TemplateField("link", link),
        ])
    }

    /// A list of creators gives way first, down to a line's worth; then the title, then the rest of the
    /// creators, then whatever the template says.
    private func fitted(
        _ title: String, _ creator: String, _ suffix: String, _ make: (String, String) -> String
    ) -> String {
        var text = make(title, creator)
        if fits(text) { return text }
        let creators = Cut.shortened(creator)
        let fair = creators.filter { $0.count >= Wording.creatorKept }
        for cut in fair {
            text = make(title, cut)
            if fits(text) { return text }
        }
        let kept = fair.last ?? creator
        let titles = Cut.shortened(title)
        for cut in titles {
            text = make(cut, kept)
            if fits(text) { return text }
        }
        let shortest = titles.last ?? title
        for cut in creators {
            text = make(shortest, cut)
            if fits(text) { return text }
        }
        for cut in Cut.shortened(String(text.dropLast(suffix.count))) where fits(cut + suffix) {
            return cut + suffix
        }
        return "…" + suffix
    }

    /// In characters.
    private static let creatorKept = 60

    private func fits(_ text: String) -> Bool { WeightedLength.of(text) <= WeightedLength.max }

    private func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A word joiner behind each dot of what X would take for a link: "ASP.NET" reads the same and costs
    /// nothing. What the template itself spells out is meant.
    private func defused(_ text: String, keeping link: String?) -> String {
        let scalars = Array(text.unicodeScalars)
        let links = LinkFinder.links(in: scalars)
        guard !links.isEmpty else { return text }
        var meant: [String] = []
        if let link { meant.append(link) }
        for literal in template.literals {
            let scalars = Array(literal.unicodeScalars)
            meant += LinkFinder.links(in: scalars).map { Wording.text(scalars[$0]) }
        }
        var result = String.UnicodeScalarView()
        var index = 0
        for range in links {
            result.append(contentsOf: scalars[index..<range.lowerBound])
            let isMeant = meant.contains(Wording.text(scalars[range]))
            for scalar in scalars[range] {
                result.append(scalar)
                if scalar == ".", !isMeant { result.append("\u{2060}") }
            }
            index = range.upperBound
        }
        result.append(contentsOf: scalars[index...])
        return String(result)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// Shorter and shorter forms of a text.
enum Cut {
    /// Cut at a word, longest first, each with an ellipsis; then, where the first word itself is too long
    /// (or the script knows no spaces), at a character. Nothing here is longer than a post can be.
    static func shortened(_ text: String) -> [String] {
        let characters = Array(text.prefix(WeightedLength.max))
        var forms: [String] = []
        var firstWord = characters.count
        for end in stride(from: characters.count - 1, to: 0, by: -1) where characters[end].isWhitespace {
            firstWord = end
            forms.append(form(characters[..<end]))
        }
        for end in stride(from: firstWord - 1, to: 0, by: -1) { forms.append(form(characters[..<end])) }
        return forms
    }

    private static func form(_ characters: ArraySlice<Character>) -> String {
        var kept = characters
        while let last = kept.last, last.isWhitespace || ",;:–—-(".contains(last) { kept.removeLast() }
        return String(kept) + "…"
    }
}
