import Catalogue
import Formats

/// `widget.html`: a fragment to include in any page as it is. No script, no inline style, nothing that a
/// strict content security policy would refuse, and nothing that a site generator would take for its own
/// language: Jekyll and Eleventy run Liquid over whatever they include, and Markdown over that.
struct Widget {
    let site: Site
    let markup: ItemMarkup

    /// What an item may weigh on the average: a widget is read in somebody else's page, before what comes below it.
    static let itemBytes = 1000

    func fragment(_ items: [Item]) -> String {
        let front = Markup.withoutTemplateSigns(open(heading: "h2", site.title))
        let texts = light(items, items.count * Widget.itemBytes - front.utf8.count - Widget.endBytes)
        var html = Markup.withoutEmptyLines(front + list(texts) + "</section>\n")
        if site.hasJSONLD, !items.isEmpty { html += LinkedData.script(items, site) }
        return html
    }

    /// The beginning of the section, with what h-feed wants to know.
    func open(heading: String, _ title: String) -> String {
        var html = "<section class=\"colophon h-feed\" aria-labelledby=\"colophon-heading\""
        if !site.words.isOfPage { html += " lang=\"\(site.words.language)\"" }
        html += ">\n<\(heading) class=\"p-name\" id=\"colophon-heading\""
        if !site.words.isOfPage { html += " lang=\"\(Markup.escaped(site.language))\"" }
        html += ">\(Markup.escaped(title))</\(heading)>\n"
        if !site.authorName.isEmpty {
            let name = Markup.escaped(site.authorName)
            if let address = site.authorURL {
                html += "<a class=\"p-author h-card\" href=\"\(Markup.escaped(address))\" hidden>\(name)</a>\n"
            } else {
                html += "<span class=\"p-author h-card\" hidden>\(name)</span>\n"
            }
        }
        return html
    }

    /// - Parameter items: as `ItemMarkup` writes them.
    func list(_ items: [String]) -> String {
        guard !items.isEmpty else { return "<p>\(site.words.nothingYet)</p>\n" }
        return "<ul class=\"colophon-list\" role=\"list\">\n" + items.joined() + "</ul>\n"
    }

    /// What `list` and `fragment` put around the items, and a few bytes more.
    private static let endBytes = 64

    /// The items, and of their reviews, newest first, those for which there is room. The others are left to the
    /// feed, to the page, and to where the title leads.
    private func light(_ items: [Item], _ bytes: Int) -> [String] {
        var texts = items.map { text($0, showsReview: false) }
        var room = texts.reduce(bytes) { $0 - $1.utf8.count }
        for (place, item) in items.enumerated() where !item.review.isEmpty {
            let whole = text(item, showsReview: true)
            let more = whole.utf8.count - texts[place].utf8.count
            guard more <= room else { continue }
            texts[place] = whole
            room -= more
        }
        return texts
    }

    private func text(_ item: Item, showsReview: Bool) -> String {
        Markup.withoutTemplateSigns(
            markup.html(item, site.words, showsReview: showsReview) { $0.address.isEmpty ? $0.source : $0.address })
    }
}
