import Catalogue
import Formats

/// `feed.atom` and its pages by year: Atom 1.0 (RFC 4287) with archives (RFC 5005 section 4), the same
/// items as `feed.json` under the same identifiers.
enum AtomFeed {
    /// - Parameters:
    ///   - page: the name of the archive page this is; `nil`: the current feed.
    ///   - older: the name of the page that goes on where this one ends.
    static func document(
        _ items: [Item], _ site: Site, page: String?, older: String?
    ) -> [UInt8] {
        var xml = Writer()
        xml.bytes.reserveCapacity(1024 * (items.count + 1))
        xml.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
        xml.raw("<feed xmlns=\"http://www.w3.org/2005/Atom\"")
        if page != nil { xml.raw(" xmlns:fh=\"http://purl.org/syndication/history/1.0\"") }
        if !site.language.isEmpty { xml.attribute("xml:lang", site.language) }
        xml.raw(">\n")
        xml.element("  ", "id", site.feedID)
        xml.element("  ", "title", site.title)
        xml.element("  ", "updated", updated(items).description)
        let name = page ?? "feed"
        xml.link("  ", "self", site.address(of: name + ".atom"), "application/atom+xml")
        xml.link("  ", "alternate", site.homePage, "text/html")
        if page != nil {
            xml.link("  ", "current", site.address(of: "feed.atom"), "application/atom+xml")
        }
        xml.link(
            "  ", "prev-archive", older.flatMap { site.address(of: $0 + ".atom") },
            "application/atom+xml")
        xml.raw("  <author>\n")
        xml.element("    ", "name", site.authorName.isEmpty ? site.title : site.authorName)
        if let address = site.authorURL { xml.element("    ", "uri", address) }
        xml.raw("  </author>\n")
        if let avatar = site.authorAvatar { xml.element("  ", "icon", avatar) }
        if page != nil { xml.raw("  <fh:archive/>\n") }
        for item in items { write(item, site, to: &xml) }
        xml.raw("</feed>\n")
        return xml.bytes
    }

    /// The last change of any entry. A feed that never had one has never changed: it says the beginning
    /// of time, the one instant that is not made up and does not move.
    private static func updated(_ items: [Item]) -> Instant {
        var latest = Instant(seconds: 0)
        for item in items where item.standing.modified > latest { latest = item.standing.modified }
        return latest
    }

    private static func write(_ item: Item, _ site: Site, to xml: inout Writer) {
        xml.raw("  <entry>\n    <id>")
        xml.raw(item.urn)
        xml.raw("</id>\n    <title>")
        xml.text(item.title)
        xml.raw("</title>\n    <updated>")
        item.standing.modified.write(to: &xml.bytes)
        xml.raw("</updated>\n    <published>")
        item.published.write(to: &xml.bytes)
        xml.raw("</published>\n")
        if let link = item.link {
            xml.raw(item.isOwn ? "    <link rel=\"alternate\" href=\"" : "    <link rel=\"related\" href=\"")
            xml.text(link)
            xml.raw("\"/>\n")
        }
        if let kind = item.kind {
            xml.raw("    <category term=\"")
            xml.text(kind.rawValue)
            xml.raw("\" label=\"")
            xml.text(site.words.name(kind))
            xml.raw("\"/>\n")
        }
        if let review = item.reviewForReaders(site.words) {
            xml.raw("    <content type=\"html\">")
            xml.text(review)
        } else {
            xml.raw("    <content type=\"text\">")
            xml.text(item.summary(site.words))
        }
        xml.raw("</content>\n  </entry>\n")
    }

    /// Elements one a line. All text has been cleaned of what XML forbids.
    private struct Writer {
        var bytes: [UInt8] = []

        mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

        mutating func text(_ text: String) { Markup.escape(text, into: &bytes) }

        mutating func attribute(_ name: String, _ value: String) {
            raw(" \(name)=\"")
            Markup.escape(value, into: &bytes)
            raw("\"")
        }

        mutating func element(_ indent: String, _ name: String, _ text: String) {
            raw("\(indent)<\(name)>")
            self.text(text)
            raw("</\(name)>\n")
        }

        mutating func link(_ indent: String, _ relation: String, _ address: String?, _ type: String?) {
            guard let address else { return }
            raw(indent + "<link")
            attribute("rel", relation)
            if let type { attribute("type", type) }
            attribute("href", address)
            raw("/>\n")
        }
    }
}
