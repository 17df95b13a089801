public import Formats

/// One item of a feed, as it states itself.
public struct Entry: Equatable, Sendable {
    /// guid, atom:id, rdf:about or a JSON id, trimmed and never resolved.
    public var id: String?
    /// Whether an RSS guid says of itself that it is an address (the default).
    public var idIsPermalink: Bool
    /// Plain text.
    public var title: String?
    /// The alternate, resolved; http or https.
    public var link: String?
    /// Where there is no such link, an alternate of another scheme (`ftp:`, `urn:`): to be shown in
    /// a report, never to be published or followed.
    public var otherLink: String?
    /// When it was published, else when it was updated; never the time of reading.
    public var published: Instant?
    public var updated: Instant?
    /// RSS description, Atom summary.
    public var summary: Body?
    /// content:encoded, xhtml:body, Atom content.
    public var content: Body?
    public var authors: [Person]
    public var categories: [Category]
    public var enclosures: [Enclosure]
    /// Every child element in document order, whatever its namespace: what services add and what
    /// the fields above were read from.
    public var elements: Elements
    /// Whether something in it, or beside it, could not be told apart: what it says may be less than its feed does.
    public var isDamaged = false
    /// Whether that may have been its id or its title, or a title is missing.
    public var isNameDamaged = false
    /// Whether it is two of which the border is lost: half of each would be one finish with the keys of both.
    public var isDoubled = false
    /// Whether a tag was torn in it, where others stand whole.
    var isTorn = false
    /// Whether it has a second id, or a second title, that is another.
    var hasOtherID = false
    var hasOtherTitle = false
    /// Whether it states more than is read of one (`FeedLimits`).
    var isCutShort = false
    /// By which another entry of the document has the same key.
    var repeatedRules: [EntryKey.Rule] = []

    public init(
        id: String? = nil, idIsPermalink: Bool = false, title: String? = nil, link: String? = nil,
        otherLink: String? = nil, published: Instant? = nil, updated: Instant? = nil, summary: Body? = nil,
        content: Body? = nil, authors: [Person] = [], categories: [Category] = [],
        enclosures: [Enclosure] = [], elements: Elements = Elements()
    ) {
        self.id = id
        self.idIsPermalink = idIsPermalink
        self.title = title
        self.link = link
        self.otherLink = otherLink
        self.published = published
        self.updated = updated
        self.summary = summary
        self.content = content
        self.authors = authors
        self.categories = categories
        self.enclosures = enclosures
        self.elements = elements
    }

    /// Whether it says anything, which `<item>favourites</item>` in a list of another entry does not. That it has no
    /// name by which it would be known again is not for us to judge: its author or its date may be asked for.
    var isStated: Bool { id != nil || elements.hasAny }

    /// The text of the first such element, trimmed; `nil` when there is none, empty when it is.
    /// - Parameters:
    ///   - name: local name, or a path of them: `book/num_pages`.
    ///   - namespace: the address; `nil` takes any.
    public func text(of name: String, namespace: String? = nil) -> String? {
        element(name, namespace: namespace)?.text
    }

    /// The first such element, found like `text(of:namespace:)`.
    public func element(_ name: String, namespace: String? = nil) -> Element? {
        var level = elements
        var found: Element?
        for step in name.split(separator: "/") {
            found = nil
            for element in level
            where element.name == step && (namespace == nil || element.namespace == namespace) {
                found = element
                break
            }
            guard let next = found else { return nil }
            level = next.children
        }
        return found
    }
}

public struct Person: Equatable, Sendable {
    public var name: String?
    public var email: String?
    /// Resolved.
    public var uri: String?

    public init(name: String? = nil, email: String? = nil, uri: String? = nil) {
        self.name = name
        self.email = email
        self.uri = uri
    }
}

public struct Category: Equatable, Sendable {
    public var term: String
    public var scheme: String?
    public var label: String?

    public init(term: String, scheme: String? = nil, label: String? = nil) {
        self.term = term
        self.scheme = scheme
        self.label = label
    }
}

public struct Enclosure: Equatable, Sendable {
    /// Resolved; empty where the feed leaves it blank.
    public var url: String
    public var type: String?
    /// Bytes, as written.
    public var length: String?

    public init(url: String, type: String? = nil, length: String? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}

public struct Link: Equatable, Sendable {
    /// Lower case; `alternate` when none is stated (RFC 4287 §4.2.7.2).
    public var rel: String
    /// Resolved.
    public var href: String
    public var type: String?

    public init(rel: String, href: String, type: String? = nil) {
        self.rel = rel
        self.href = href
        self.type = type
    }
}
