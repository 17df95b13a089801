import XML

/// The names by which a feed with faults is put together again. That one is missing here costs nothing but
/// in a document where a tag beside it was lost.
enum FeedOutline {
    static let outline = Outline(
        roots: ["rss", "rdf:rdf", "rdf", "feed", "atom:feed"],
        lists: ["channel"],
        entries: ["item", "entry", "atom:entry"],
        fields: [
            "title", "link", "guid", "id", "pubdate", "published", "issued", "created", "updated",
            "modified", "lastbuilddate", "date", "author", "managingeditor", "webmaster", "contributor",
            "category", "keywords", "tags", "enclosure", "comments", "source", "language", "ttl",
            "copyright", "rights", "generator", "docs", "cloud", "skiphours", "skipdays", "image",
            "textinput", "icon", "logo", "atom:link", "atom:id", "atom:title", "atom:updated",
            "atom:published", "atom:author", "dc:title", "dc:creator", "dc:date", "dc:subject",
            "dc:identifier", "dc:publisher", "dc:language", "dcterms:created", "dcterms:modified",
            "media:content", "media:group", "media:thumbnail", "media:title", "media:category",
            "media:credit", "media:keywords", "itunes:author", "itunes:title", "itunes:duration",
            "itunes:explicit", "itunes:image", "itunes:keywords", "itunes:category", "slash:comments",
            "wfw:commentrss", "feedburner:origlink", "thr:total", "sy:updateperiod",
            "sy:updatefrequency",
        ],
        bodies: [
            "description", "summary", "content", "content:encoded", "encoded", "subtitle", "tagline",
            "info", "abstract", "fullitem", "body", "xhtml:body", "dc:description", "itunes:summary",
            "itunes:subtitle", "media:description", "atom:content", "atom:summary",
        ],
        usualPrefix: { Space.usualPrefix(of: $0) })
}
