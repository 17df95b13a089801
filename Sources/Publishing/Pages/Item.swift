import Catalogue
import Formats

/// A finish as the pages show it: texts cleaned, addresses checked, dates chosen. Every page takes what
/// it needs from here, so that no two of them differ.
///
/// Texts are UTF-8, and one that is absent is empty. The feeds read one finish after the other into the same
/// memory: a value of strings for each of ten thousand took longer than all their pages.
struct Item {
    private(set) var id: [UInt8] = []
    private(set) var urn: [UInt8] = []
    /// On one line; season and episode included.
    private(set) var title: [UInt8] = []
    /// As it was stated.
    private(set) var fullTitle: [UInt8] = []
    /// On one line.
    private(set) var creator: [UInt8] = []
    /// As it was stated.
    private(set) var fullCreator: [UInt8] = []
    private(set) var kind: Kind?
    /// Digits.
    private(set) var year: [UInt8] = []
    /// As precisely as it is known.
    private(set) var day: [UInt8] = []
    private(set) var instant: [UInt8] = []
    private(set) var rating: Rating?
    private(set) var stars: [UInt8] = []
    private(set) var isRepeat = false
    /// HTML of the short list only.
    private(set) var review: [UInt8] = []
    private(set) var isSpoiler = false
    private(set) var link: [UInt8] = []
    /// Whether `link` is a page of the site itself.
    private(set) var isOwn = false
    private(set) var cover = Cover()
    private(set) var identifiers: [Identifier] = []
    /// The instant, else noon of the day, else first sight (PRODUCT section 7).
    private(set) var published: [UInt8] = []
    /// When the last event changed it.
    private(set) var modified: [UInt8] = []
    private var firstSight: [UInt8] = []
    private var scratch: [UInt8] = []

    /// A picture, and where it lies.
    struct Cover {
        /// Relative to the published directory for a copy, else a web address; empty: there is none.
        fileprivate(set) var source: [UInt8] = []
        /// The same as an address that holds outside that directory, too; empty where nobody knows it.
        fileprivate(set) var address: [UInt8] = []
        /// In pixels; 0: not known.
        fileprivate(set) var width = 0
        fileprivate(set) var height = 0
    }

    init() {}

    init(_ body: StandingBody, _ site: Site) {
        read(body, site)
    }

    /// Takes over what another finish says; nothing of the one before stays.
    mutating func read(_ body: StandingBody, _ site: Site) {
        let fields = body.fields
        Item.take(fields.id, body, &id)
        takeName()
        kind = body.kind
        isRepeat = fields.isRepeat
        isSpoiler = fields.isSpoiler
        Item.copy(fields.year, body, &year)
        takeTitle(body, site.words)
        takeCreator(body)
        takeDates(body)
        rating = body.rating
        stars.removeAll(keepingCapacity: true)
        if let rating { Stars.write(rating, to: &stars) }
        identifiers = body.identifiers
        Item.take(address: fields.url, body, &link)
        isOwn = !link.isEmpty && site.isOwn(link)
        takeCover(body, site)
        takeReview(body)
    }

    // MARK: its parts

    private static func copy(_ range: Range<Int>, _ body: StandingBody, _ bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        if !range.isEmpty { bytes.append(contentsOf: body.bytes[range]) }
    }

    private static func take(_ range: Range<Int>, _ body: StandingBody, _ text: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        if !range.isEmpty { JSONReader.unescape(body.bytes, range, onto: &text) }
    }

    private mutating func takeName() {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: "colophon:".utf8)
        scratch.append(contentsOf: id)
        urn.removeAll(keepingCapacity: true)
        UUID8.write(of: scratch, to: &urn)
    }

    private mutating func takeTitle(_ body: StandingBody, _ words: Words) {
        let fields = body.fields
        Item.take(fields.title, body, &fullTitle)
        Markup.clean(&fullTitle)
        Item.copy(fullTitle, &title)
        Markup.makeVisibleLine(&title)
        if title.isEmpty { title.append(contentsOf: words.untitled.utf8) }
        if fields.season.isEmpty, fields.episode.isEmpty { return }
        let lower = String(decoding: title, as: UTF8.self).lowercased()
        append(fields.season, body, ["season", words.season], unlessIn: lower)
        append(fields.episode, body, ["episode", words.episode], unlessIn: lower)
    }

    /// Behind the title, unless that names it itself.
    private mutating func append(
        _ number: Range<Int>, _ body: StandingBody, _ names: [String], unlessIn lower: String
    ) {
        guard !number.isEmpty, let name = names.last, !names.contains(where: { lower.contains($0) }) else { return }
        title.append(contentsOf: ", \(name) ".utf8)
        title.append(contentsOf: body.bytes[number])
    }

    private mutating func takeCreator(_ body: StandingBody) {
        Item.take(body.fields.creator, body, &fullCreator)
        Markup.clean(&fullCreator)
        Item.copy(fullCreator, &creator)
        Markup.makeVisibleLine(&creator)
    }

    private static func copy(_ text: [UInt8], _ copy: inout [UInt8]) {
        copy.removeAll(keepingCapacity: true)
        copy.append(contentsOf: text)
    }

    private mutating func takeDates(_ body: StandingBody) {
        let fields = body.fields
        Item.copy(fields.day, body, &day)
        Item.take(instant: fields.instant, body, &instant)
        Item.take(instant: fields.at, body, &firstSight)
        Item.take(instant: fields.modified, body, &modified)
        if modified.isEmpty { Item.copy(firstSight, &modified) }
        if !instant.isEmpty {
            Item.copy(instant, &published)
        } else if day.isEmpty {
            Item.copy(firstSight, &published)
        } else {
            takeNoon()
        }
    }

    /// In the one form that we write, `2026-11-20T14:05:00Z`. A log of others may hold another.
    private static func take(instant range: Range<Int>, _ body: StandingBody, _ instant: inout [UInt8]) {
        instant.removeAll(keepingCapacity: true)
        guard !range.isEmpty else { return }
        if Instant(written: body.bytes, at: range.lowerBound) != nil, range.count == 20,
            !body.bytes[range].dropLast().suffix(2).elementsEqual("60".utf8)
        {
            instant.append(contentsOf: body.bytes[range])
        } else {
            Instant(rfc3339: Array(body.bytes[range]))?.write(to: &instant)
        }
    }

    /// Noon of the first day that the day can mean. One that has not begun anywhere on earth when the event was
    /// recorded is a mistake and counts as the event's (PRODUCT section 6).
    private mutating func takeNoon() {
        Item.copy(day, &published)
        while published.count < 10 { published.append(contentsOf: "-01".utf8) }
        if firstSight.prefix(10).lexicographicallyPrecedes(published),
            let first = Day(published, 0..<published.count), let today = Day(firstSight, 0..<10),
            today.days(to: first) > 1
        {
            published.removeAll(keepingCapacity: true)
            published.append(contentsOf: firstSight.prefix(10))
        }
        published.append(contentsOf: "T12:00:00Z".utf8)
    }

    private static func take(address range: Range<Int>, _ body: StandingBody, _ address: inout [UInt8]) {
        address.removeAll(keepingCapacity: true)
        guard !range.isEmpty else { return }
        // Hardly any address has an escape, and then it can be taken as it stands.
        guard body.holdsEscape(range) else { return Link.web(body.bytes, range, onto: &address) }
        var text: [UInt8] = []
        JSONReader.unescape(body.bytes, range, onto: &text)
        Link.web(text, 0..<text.count, onto: &address)
    }

    private mutating func takeCover(_ body: StandingBody, _ site: Site) {
        cover.source.removeAll(keepingCapacity: true)
        cover.address.removeAll(keepingCapacity: true)
        guard site.covers != .none else { return }
        let saved = body.savedCover
        cover.width = saved?.width ?? 0
        cover.height = saved?.height ?? 0
        switch site.covers {
        case .none: break
        case .copy:
            guard let saved else { return }
            Item.writeName(body.bytes, saved.sha256, saved.mediaType, to: &cover.source)
            if !cover.source.isEmpty { site.append(addressOf: cover.source, to: &cover.address) }
        case .link:
            Item.take(address: body.fields.cover, body, &cover.source)
            cover.address.append(contentsOf: cover.source)
        }
    }

    private mutating func takeReview(_ body: StandingBody) {
        review.removeAll(keepingCapacity: true)
        guard !body.fields.review.isEmpty else { return }
        Item.take(body.fields.review, body, &scratch)
        Markup.clean(&scratch)
        review = ReviewHTML.reduced(scratch)
    }

    // MARK: names of covers

    static func name(of cover: SavedCover) -> String? {
        var name: [UInt8] = []
        let (digits, type) = (Array(cover.sha256.utf8), Array(cover.mediaType.utf8))
        writeName(digits + type, 0..<digits.count, digits.count..<(digits.count + type.count), to: &name)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// Nothing for what is no image that pages show.
    private static func writeName(
        _ bytes: [UInt8], _ sha256: Range<Int>, _ mediaType: Range<Int>, to name: inout [UInt8]
    ) {
        guard let suffix = suffix(of: bytes[mediaType]), sha256.count == 64 else { return }
        let digits = bytes.span.extracting(sha256)
        // Counted to the end, which goes sixteen at a time.
        var wrong: UInt8 = 0
        for index in digits.indices {
            let (number, letter) = (digits[index] &- UInt8(ascii: "0"), digits[index] &- UInt8(ascii: "a"))
            wrong |= (number > 9 ? 1 : 0) & (letter > 5 ? 1 : 0)
        }
        guard wrong == 0 else { return }
        name.append(contentsOf: "covers/".utf8)
        name.append(contentsOf: bytes[sha256])
        name.append(contentsOf: suffix.utf8)
    }

    private static func suffix(of mediaType: ArraySlice<UInt8>) -> String? {
        switch String(decoding: mediaType, as: UTF8.self) {
        case "image/jpeg": ".jpg"
        case "image/png": ".png"
        case "image/webp": ".webp"
        case "image/gif": ".gif"
        case "image/avif": ".avif"
        default: nil
        }
    }
}

/// A rating in writing.
enum Stars {
    /// Out of five, with the quarters that there are signs for: `★★★★½`. What does not come out even
    /// is given as it was stated: `8.7/10`.
    static func text(_ rating: Rating) -> String {
        let scaled = rating.value * 500
        guard scaled % rating.best == 0, scaled / rating.best % 25 == 0 else {
            return decimal(rating.value) + "/" + decimal(rating.best)
        }
        let hundredths = scaled / rating.best
        let part = ["", "¼", "½", "¾"][hundredths % 100 / 25]
        return String(repeating: "★", count: hundredths / 100) + part
    }

    static func write(_ rating: Rating, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text(rating).utf8)
    }

    /// Hundredths as a decimal without needless zeros: 425 is `4.25`, 400 is `4`.
    static func decimal(_ hundredths: Int) -> String {
        let fraction = hundredths % 100
        var text = String(hundredths / 100)
        if fraction > 0 {
            text += "." + String(fraction / 10)
            if fraction % 10 > 0 { text += String(fraction % 10) }
        }
        return text
    }

    static func json(_ hundredths: Int) -> JSONValue {
        hundredths % 100 == 0 ? .integer(Int64(hundredths / 100)) : .number(decimal(hundredths))
    }
}
