import Catalogue
import Formats

/// `feed.atom` and its pages by year: Atom 1.0 (RFC 4287) with archives (RFC 5005 section 4), the same
/// items as `feed.json` under the same identifiers.
struct AtomFeed {
    private let site: Site
    private let frames: Frames
    private var xml = Writer()
    /// Where the last change of any entry is written.
    private let updatedAt: Int
    private var updated: [UInt8]

    /// - Parameters:
    ///   - page: the name of the archive page this is; `nil`: the current feed.
    ///   - older: the name of the page that goes on where this one ends.
    ///   - count: how many items are to come.
    init(_ site: Site, page: String?, older: String?, count: Int) {
        self.site = site
        frames = Frames(site.words)
        xml.bytes.reserveCapacity(768 * (count + 1))
        xml.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
        xml.raw("<feed xmlns=\"http://www.w3.org/2005/Atom\"")
        if page != nil { xml.raw(" xmlns:fh=\"http://purl.org/syndication/history/1.0\"") }
        if !site.language.isEmpty { xml.attribute("xml:lang", site.language) }
        xml.raw(">\n")
        xml.element("  ", "id", site.feedID)
        xml.element("  ", "title", site.title)
        xml.raw("  <updated>")
        // A feed that never had an entry has never changed: it says the beginning of time, the one instant that
        // is not made up and does not move.
        updated = Array("1970-01-01T00:00:00Z".utf8)
        updatedAt = xml.bytes.count
        xml.bytes.append(contentsOf: updated)
        xml.raw("</updated>\n")
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
    }

    mutating func add(_ item: borrowing Item) {
        if updated.lexicographicallyPrecedes(item.modified) { updated = item.modified }
        xml.add(frames.id)
        xml.add(item.urn)
        xml.add(frames.title)
        xml.text(item.title)
        xml.add(frames.updated)
        xml.add(item.modified)
        xml.add(frames.published)
        xml.add(item.published)
        xml.add(frames.publishedEnd)
        if !item.link.isEmpty {
            xml.add(item.isOwn ? frames.alternate : frames.related)
            xml.text(item.link)
            xml.add(frames.linkEnd)
        }
        xml.add(frames.categories[Totals.place(of: item.kind)])
        if item.review.isEmpty {
            xml.add(frames.text)
            item.eachPartOfSummary(site.words) { xml.text($0) }
        } else {
            xml.add(frames.html)
            item.eachPartOfReview(site.words) { xml.text($0) }
        }
        xml.add(frames.end)
    }

    /// The whole document; the value must not be used afterwards.
    mutating func finish() -> [UInt8] {
        xml.raw("</feed>\n")
        // Of the same length, as every instant is.
        xml.bytes.replaceSubrange(updatedAt..<(updatedAt + updated.count), with: updated)
        return xml.bytes
    }

    /// What stands around the values of an entry, as bytes: it is written ten thousand times.
    private struct Frames {
        let id = Array("  <entry>\n    <id>".utf8)
        let title = Array("</id>\n    <title>".utf8)
        let updated = Array("</title>\n    <updated>".utf8)
        let published = Array("</updated>\n    <published>".utf8)
        let publishedEnd = Array("</published>\n".utf8)
        let alternate = Array("    <link rel=\"alternate\" href=\"".utf8)
        let related = Array("    <link rel=\"related\" href=\"".utf8)
        let linkEnd = Array("\"/>\n".utf8)
        /// By place in `Totals.kinds`.
        let categories: [[UInt8]]
        let text = Array("    <content type=\"text\">".utf8)
        let html = Array("    <content type=\"html\">".utf8)
        let end = Array("</content>\n  </entry>\n".utf8)

        init(_ words: Words) {
            categories = Totals.kinds.map { kind in
                guard let kind else { return [] }
                return Array("    <category term=\"\(kind.rawValue)\" label=\"\(words.name(kind))\"/>\n".utf8)
            }
        }
    }

    /// Elements one a line. All text has been cleaned of what XML forbids.
    private struct Writer {
        var bytes: [UInt8] = []

        mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

        mutating func add(_ text: [UInt8]) { bytes.append(contentsOf: text) }

        mutating func text(_ text: [UInt8]) { Markup.escape(text, into: &bytes) }

        mutating func attribute(_ name: String, _ value: String) {
            raw(" \(name)=\"")
            Markup.escape(value, into: &bytes)
            raw("\"")
        }

        mutating func element(_ indent: String, _ name: String, _ text: String) {
            raw("\(indent)<\(name)>")
            Markup.escape(text, into: &bytes)
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
