import Catalogue
import Formats

/// `widget.html`: a fragment to include in any page as it is. No script, no inline style, nothing that a
/// strict content security policy would refuse, and nothing that a site generator would take for its own
/// language: Jekyll and Eleventy run Liquid over whatever they include, and Markdown over that.
struct Widget {
    let site: Site
    let markup: ItemMarkup

    func fragment(_ items: [Item]) -> String {
        var html = open(heading: "h2", site.title)
        html += list(items) { $0.address.isEmpty ? $0.source : $0.address }
        html = Markup.withoutEmptyLines(Markup.withoutTemplateSigns(html + "</section>\n"))
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

    /// - Parameter address: where a cover lies, seen from the page.
    func list(_ items: [Item], address: (Item.Cover) -> [UInt8]) -> String {
        guard !items.isEmpty else { return "<p>\(site.words.nothingYet)</p>\n" }
        var html = "<ul class=\"colophon-list\" role=\"list\">\n"
        for item in items {
            html += markup.html(item, site.words, address: address)
        }
        return html + "</ul>\n"
    }
}
