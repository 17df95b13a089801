import Catalogue
import Formats

/// The markup of one item: a person's `item_template`, or the one below, which is also the example to
/// begin with. The classes are those of microformats2 (`specs/widget.md` sections 3 and 4) and, with the
/// prefix `colophon-`, those of `widget.css`.
public struct ItemMarkup {
    public static let standard = """
        <li class="colophon-item h-entry"{{#kind}} data-kind="{{kind}}"{{/kind}}>
        <div class="colophon-work{{#property}} {{property}}{{/property}} h-cite">
        {{#cover}}
        <img class="colophon-cover u-photo" src="{{src}}" alt="" width="{{width}}" height="{{height}}" loading="lazy" decoding="async">
        {{/cover}}
        {{^cover}}
        <span class="colophon-cover" data-letter="{{letter}}"></span>
        {{/cover}}
        {{#url}}
        <a class="colophon-title u-url p-name" href="{{url}}" rel="nofollow ugc"><bdi>{{title}}</bdi></a>
        {{/url}}
        {{^url}}
        <span class="colophon-title p-name"><bdi>{{title}}</bdi></span>
        {{/url}}
        {{#creator}}
        <span class="colophon-by"><bdi>{{by}} <bdi class="p-author h-card">{{creator}}</bdi></bdi></span>
        {{/creator}}
        </div>
        <p class="colophon-facts">
        {{#rating}}
        <data class="p-rating" value="{{value}}"><span role="img" aria-label="{{label}}">{{stars}}</span></data>
        {{#best}}
        <data class="p-best" value="{{best}}"></data>
        {{/best}}
        {{/rating}}
        {{#kind}}
        <span class="p-category">{{kind_name}}</span>{{#date}}, {{/date}}
        {{/kind}}
        {{#date}}
        {{verb}} <time class="dt-published" datetime="{{datetime}}">{{date}}</time>
        {{/date}}
        </p>
        {{#review}}
        <details class="colophon-review"><summary>{{review_label}}</summary><div class="e-content">{{{review}}}</div></details>
        {{/review}}
        </li>

        """

    /// The names that an `item_template` may use.
    public static let variables = [
        "id", "kind", "kind_name", "property", "title", "creator", "by", "year", "url", "cover",
        "src", "width", "height", "letter", "rating", "value", "best", "label", "stars", "date",
        "datetime", "verb", "repeat", "review", "review_label", "spoiler",
    ]

    /// A review longer than this is left to the feed and to the page that the title leads to.
    static let reviewBytesMax = 4096

    private let template: Template
    private let isStandard: Bool

    /// Fails only for a person's template.
    init(_ configuration: Configuration) throws(PageError) {
        let own = configuration.publish.itemTemplate
        isStandard = own.isEmpty
        template = try Template(isStandard ? ItemMarkup.standard : own, name: "item_template")
    }

    /// Refuses an `item_template` that cannot be read or asks for something unknown.
    public static func check(_ text: String) throws(PageError) {
        try Template.check(text, name: "item_template", variables: variables)
    }

    /// - Parameter address: where a cover lies, seen from the page.
    func html(
        _ item: Item, _ words: Words, showsReview: Bool, address: (Item.Cover) -> [UInt8]
    ) -> String {
        let text = template.render(values(item, words, showsReview, address))
        guard isStandard, item.kind == nil, item.rating == nil, item.day.isEmpty else { return text }
        // An item without facts has no line for them.
        return text.split(separator: "<p class=\"colophon-facts\">\n</p>\n", omittingEmptySubsequences: false)
            .joined()
    }

    private func values(
        _ item: Item, _ words: Words, _ showsReview: Bool, _ address: (Item.Cover) -> [UInt8]
    ) -> TemplateValue {
        let title = text(item.title)
        var fields = [
            TemplateField("id", text(item.urn)),
            TemplateField("kind", item.kind?.rawValue),
            TemplateField("kind_name", item.kind.map(words.name)),
            TemplateField("property", item.kind.map(ItemMarkup.property) ?? ""),
            TemplateField("title", title),
            TemplateField("creator", text(item.creator)),
            TemplateField("by", words.by),
            TemplateField("year", text(item.year)),
            TemplateField("url", text(item.link)),
            TemplateField("letter", ItemMarkup.letter(of: title)),
            TemplateField("repeat", .flag(item.isRepeat)),
            TemplateField("spoiler", .flag(item.isSpoiler)),
            TemplateField("verb", item.isRepeat ? words.finishedAgain : words.finished),
        ]
        let cover = item.cover
        if !cover.source.isEmpty {
            let size = ItemMarkup.size(of: cover)
            fields.append(
                TemplateField(
                    "cover",
                    .fields([
                        TemplateField("src", text(address(cover))),
                        TemplateField("width", String(size.width)),
                        TemplateField("height", String(size.height)),
                    ])))
        }
        if let rating = item.rating {
            fields.append(
                TemplateField(
                    "rating",
                    .fields([
                        TemplateField("value", Stars.decimal(rating.value)),
                        TemplateField("best", rating.best == 500 ? nil : Stars.decimal(rating.best)),
                        TemplateField("stars", text(item.stars)),
                        TemplateField("label", words.rated(rating)),
                    ])))
        }
        if let day = Day(item.day, item.day.indices) {
            fields.append(TemplateField("date", words.date(day)))
            fields.append(TemplateField("datetime", text(item.instant.isEmpty ? item.day : item.instant)))
        }
        if showsReview, !item.review.isEmpty, item.review.count <= ItemMarkup.reviewBytesMax {
            fields.append(TemplateField("review", text(item.review)))
            fields.append(
                TemplateField("review_label", item.isSpoiler ? words.reviewWithSpoilers : words.review))
        }
        return .fields(fields)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func property(_ kind: Kind) -> String {
        switch kind {
        case .book, .article: "u-read-of"
        case .movie, .tv: "u-watch-of"
        case .game: "u-play-of"
        case .podcast, .music: "u-listen-of"
        }
    }

    /// What stands on a cover that is missing.
    private static func letter(of title: String) -> String {
        for character in title where character.utf8.count <= 32 {
            if character.isLetter || character.isNumber { return character.uppercased() }
        }
        return "·"
    }

    /// The size as the widget shows it, so that the page does not jump when the picture arrives.
    private static func size(of cover: Item.Cover) -> (width: Int, height: Int) {
        guard cover.width > 0, cover.height > 0, cover.width < 100_000, cover.height < 100_000
        else { return (96, 144) }
        return (96, max(1, min(480, cover.height * 96 / cover.width)))
    }
}
