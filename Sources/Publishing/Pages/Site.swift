import Catalogue
import Formats

/// What all pages say about the site, cleaned and checked once.
struct Site {
    let title: String
    let homePage: String?
    let feed: String?
    let authorName: String
    let authorURL: String?
    let authorAvatar: String?
    /// A tag of RFC 5646; empty: nobody says.
    let language: String
    let words: Words
    let covers: Configuration.Covers
    let hasJSONLD: Bool
    /// What stands before the name of a file beside `feed.json`; `nil`: nobody says.
    private let base: String?
    /// Of the site's own pages, in lower case.
    private let homeOrigin: [UInt8]?

    init(_ configuration: Configuration) {
        let site = configuration.site
        let title = Markup.line(site.title)
        self.title = title.isEmpty ? Configuration.Site().title : title
        homePage = Link.web(site.homePageURL)
        feed = Link.web(site.feedURL)
        authorName = Markup.line(site.authorName)
        authorURL = Link.web(site.authorURL)
        authorAvatar = Link.web(site.authorAvatar)
        language = LanguageTag.from(site.language) ?? ""
        words = Words(language: language)
        covers = configuration.publish.covers
        hasJSONLD = configuration.publish.jsonLD
        // Resolved once, for any name: of ten thousand covers that alone took 66 ms.
        base = feed.flatMap { WebAddress($0) }.flatMap { WebAddress("-", relativeTo: $0) }
            .map { String($0.text.dropLast()) }
        homeOrigin = homePage.flatMap(Link.origin).map { Array($0.utf8) }
    }

    /// Appends the address of a file beside `feed.json`; nothing where nobody says where that is.
    func append(addressOf name: [UInt8], to address: inout [UInt8]) {
        guard let base else { return }
        address.append(contentsOf: base.utf8)
        address.append(contentsOf: name)
    }

    /// The address of a file beside `feed.json`; `nil` where nobody says where that is.
    /// - Parameter name: one of ours, in which nothing has to be encoded.
    func address(of name: String) -> String? { base.map { $0 + name } }

    /// Whether an address is a page of the site itself.
    func isOwn(_ address: [UInt8]) -> Bool {
        guard let homeOrigin, address.count >= homeOrigin.count else { return false }
        for index in homeOrigin.indices {
            let byte = address[index]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard lower == homeOrigin[index] else { return false }
        }
        guard address.count > homeOrigin.count else { return true }
        switch address[homeOrigin.count] {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
        default: return false
        }
    }

    /// Permanent, though pages move: it hangs on the address that the feed was given, and without one
    /// on what else names the site.
    var feedID: String {
        UUID8.urn(of: "colophon-feed:" + (feed ?? homePage ?? title))
    }
}

/// Identifiers that anyone can derive again: RFC 9562 section 5.8, version 8, from the first 16 bytes
/// of a SHA-256 (PRODUCT section 7).
enum UUID8 {
    static func urn(of text: String) -> String {
        var urn: [UInt8] = []
        write(of: Array(text.utf8), to: &urn)
        return String(decoding: urn, as: UTF8.self)
    }

    static func write(of text: [UInt8], to urn: inout [UInt8]) {
        var bytes = SHA256.digest(text)
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let start = urn.count
        urn.append(contentsOf: form)
        // In its place: appending one by one asks at each whether there is room.
        var place = start + 9
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { place += 1 }
            urn[place] = digit(bytes[index] >> 4)
            urn[place + 1] = digit(bytes[index] & 15)
            place += 2
        }
    }

    private static let form = Array("urn:uuid:00000000-0000-0000-0000-000000000000".utf8)

    private static func digit(_ value: UInt8) -> UInt8 { value &+ (value < 10 ? 0x30 : 0x57) }
}
