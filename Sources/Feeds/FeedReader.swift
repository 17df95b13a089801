import Formats
import XML

/// Any feed's bytes as a `FeedDocument`.
public enum FeedReader {
    /// - Parameters:
    ///   - contentType: the header as it came; its charset counts.
    ///   - address: where the bytes came from in the end, after redirects.
    public static func read(
        _ bytes: [UInt8], contentType: String? = nil, address: String? = nil,
        limits: FeedLimits = .standard
    ) throws(FeedError) -> FeedDocument {
        guard bytes.count <= limits.inputBytesMax else {
            throw .tooLarge(bytes: bytes.count, bytesMax: limits.inputBytesMax)
        }
        if let error = OtherBytes.error(bytes) { throw error }
        var decoded = Decoding.decode(bytes, charset: contentType.flatMap(charset), outline: FeedOutline.outline)
        guard let first = firstByte(decoded.bytes) else { throw .empty }
        let base = address.flatMap { WebAddress($0) }
        var refusal: FeedError?
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            do {
                return try JSONFeedReader.read(&decoded, base: Base(base), limits: limits)
            } catch {
                // It may be a line of a log before a feed that begins so.
                guard case .brokenJSON = error else { throw error }
                refusal = error
            }
        }
        let start = DocumentStart.find(in: decoded.bytes)
        if let start, start.kind == .json, let line = decoded.bytes.blank(to: start.place) {
            return try JSONFeedReader.read(&decoded, base: Base(base), limits: limits, lineOfJunk: line)
        }
        if let values = start?.values, start?.kind == .markup { decoded.bytes.hideMarkup(in: values) }
        guard let refusal, start.map({ $0.kind == .json || $0.isBehindQuote }) ?? true else {
            return try readXML(consume decoded, address: base, limits: limits)
        }
        // JSON may show such a feed in a text.
        guard start?.kind == .markup, let document = try? readXML(decoded, address: base, limits: limits),
            !document.entries.isEmpty
        else { throw refusal }
        return document
    }

    /// The document whose entries had these elements, as far as evidence of them was kept: a name is a
    /// path with prefixes (`book/num_pages`), and what stands behind an `@` is an attribute.
    ///
    /// - Parameter address: that of the feed, for addresses that are relative to it.
    public static func restore(
        _ evidence: [[(name: String, text: String)]], address: String?
    ) -> FeedDocument {
        let base = Base(address.flatMap { WebAddress($0) })
        var document = FeedDocument(format: .rss, version: "rss")
        document.entries = evidence.map { RestoredEntry.read($0, base: base) }
        EntryKeys.compare(&document.entries)
        return document
    }

    private static func readXML(
        _ decoded: consuming DecodedText, address: WebAddress?, limits: FeedLimits
    ) throws(FeedError) -> FeedDocument {
        // What was decoded is let go when it has been mended: in another encoding it is up to three times the document.
        let bytes = decoded.bytes
        decoded.bytes = Array(bytes.prefix(headBytesMax))
        let reading = self.reading(consume bytes, address, limits)
        let handler = reading.handler
        guard !handler.hasTooManyEntries else {
            throw .tooManyEntries(entriesMax: limits.entriesMax)
        }
        guard !reading.hasTooManyNames else { throw .tooManyNames(namesMax: XMLReader.namesMax) }
        guard let root = handler.root else { throw .unreadable(beginning: beginning(decoded.bytes)) }
        guard handler.hasRoot, let (format, version) = kind(root, handler) else {
            if isPage(root, decoded.bytes) { throw .page(title: pageTitle(decoded.bytes)) }
            throw .otherXML(root: root.prefix.map { $0 + ":" + root.name } ?? root.name)
        }
        var document = handler.feed.document(format: format, version: version)
        document.encoding = decoded.encoding
        document.entries = handler.takeEntries()
        document.lastEntryIsCut = !document.entries.isEmpty && handler.isCutInEntry
        if reading.defects.contains(where: { $0.fault == .cutOff }) { document.lack = .end }
        document.defects = defects(decoded, reading)
        document.judgeDoubled()
        document.judgeTorn()
        document.malformed = !document.defects.isEmpty
        document.defects += limits.defects(of: document.entries) + handler.room.defects
        return document
    }

    /// What is looked at of a document that is no feed, to tell what it is.
    private static let headBytesMax = 65_536

    /// Read again where entries stand in entries and every element has its own end: only then does it tell whose
    /// they are.
    private static func reading(
        _ bytes: consuming [UInt8], _ address: WebAddress?, _ limits: FeedLimits
    ) -> XMLReading<FeedHandler> {
        XMLReader.read(consume bytes, outline: FeedOutline.outline, textBytesMax: limits.fieldBytesMax) {
            FeedHandler(address: address, limits: limits)
        } again: { reading in
            guard reading.handler.hasNestedEntries, reading.error?.isFatal != true,
                !reading.defects.contains(where: { unsound.contains($0.fault) })
            else { return nil }
            return FeedHandler(address: address, limits: limits, isSound: true)
        }
    }

    /// Faults that leave it open where an element ends. What is cut off was as its author meant it up to there, but for
    /// what is open then.
    private static let unsound: Set<RepairedText.Fault> = [
        .bareAngle, .strayEnd, .missingEnd, .tooDeep, .markup, .afterEnd,
    ]

    private static func defects(
        _ decoded: DecodedText, _ reading: XMLReading<FeedHandler>
    ) -> [String] {
        var defects: [String] = []
        if let defect = decoded.defect { defects.append(defect) }
        for defect in reading.defects { defects.append("line \(defect.line): \(defect.fault.rawValue)") }
        let hasUndeclaredPrefix = reading.handler.hasUndeclaredPrefix
        if hasUndeclaredPrefix { defects.append("a prefix is not declared") }
        if reading.hasLongText { defects.append("a field is longer than what is read of one") }
        if let error = reading.error,
            error.isFatal || reading.defects.isEmpty && !hasUndeclaredPrefix
        {
            defects.append("line \(error.line): \(error.message)")
        }
        return defects
    }

    // MARK: What it is

    private static func kind(
        _ root: Tag, _ handler: FeedHandler
    ) -> (FeedDocument.Format, String)? {
        switch root.field {
        case .rss, .channel:
            return (.rss, rssVersion(handler.versionAttribute))
        case .rdf:
            guard let space = handler.itemNamespace else { return (.rdf, "rss10") }
            return (.rdf, space.contains("netscape.com") ? "rss090" : "rss10")
        case .feed, .item:
            if root.name.lowercased() == "item" { return (.rss, "rss") }
            let space = root.namespace ?? ""
            if space.lowercased().hasSuffix("/2005/atom") { return (.atom, "atom10") }
            let is03 = space.contains("purl.org/atom") || handler.versionAttribute == "0.3"
            return (.atom, is03 ? "atom03" : "atom")
        default:
            return nil
        }
    }

    private static func rssVersion(_ stated: String?) -> String {
        let version = stated.map(Text.trimmed) ?? ""
        switch version {
        case "0.90", "0.9": return "rss090"
        case "0.91", "0.92", "0.93", "0.94": return "rss0" + version.suffix(2)
        case "1.0": return "rss10"
        default: return version.hasPrefix("2") ? "rss20" : "rss"
        }
    }

    private static func isPage(_ root: Tag, _ bytes: [UInt8]) -> Bool {
        if root.name.lowercased() == "html" { return true }
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self).lowercased()
        return head.contains("<!doctype html") || head.contains("<html")
            || ["head", "body", "div", "p", "h1", "title", "meta"].contains(root.name.lowercased())
    }

    /// The text of the first `<title>`, on one line.
    private static func pageTitle(_ bytes: [UInt8]) -> String? {
        let head = bytes[...]
        guard let name = head.indices.first(where: { opensTitle(head[$0...]) }),
            let start = head[name...].firstIndex(of: UInt8(ascii: ">")),
            let end = head[start...].indices.first(where: { head[$0...].starts(with: "</".utf8) })
        else { return nil }
        let title = HTMLText.plain(Array(head[(start + 1)..<end]))
        return title.isEmpty ? nil : String(title.prefix(120))
    }

    private static func opensTitle(_ rest: ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: "<"), rest.count > 6, isSpace(rest[rest.startIndex + 6])
            || rest[rest.startIndex + 6] == UInt8(ascii: ">")
        else { return false }
        return rest.dropFirst().prefix(5).elementsEqual("title".utf8) { $0 | 0x20 == $1 }
    }

    /// The `charset` parameter of a Content-Type (RFC 9110 §8.3). Some servers forget the semicolon
    /// before it.
    static func charset(_ contentType: String) -> String? {
        let bytes = Array(contentType.utf8)
        var index = 0
        while let place = bytes[index...].firstIndex(where: { $0 == UInt8(ascii: ";") || isSpace($0) }) {
            index = place + 1
            guard bytes[index...].prefix(7).elementsEqual("charset".utf8, by: { $0 | 0x20 == $1 }) else {
                continue
            }
            let rest = bytes[(index + 7)...].drop(while: isSpace)
            guard rest.first == UInt8(ascii: "=") else { continue }
            let value = rest.dropFirst().drop(while: isSpace)
                .prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") && !isSpace($0) }
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func firstByte(_ bytes: [UInt8]) -> UInt8? { bytes.first { $0 > 0x20 } }

    private static func beginning(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(200).filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
        return String(Text.trimmed(text).prefix(40))
    }
}

extension FeedFields {
    func document(format: FeedDocument.Format, version: String) -> FeedDocument {
        FeedDocument(
            format: format, version: version, title: name, subtitle: subtitle, link: link,
            otherLink: link == nil ? otherLink : nil, id: id,
            language: language, updated: updated, published: published ?? created, authors: authors,
            categories: categories, links: links, isComplete: isComplete, isArchive: isArchive,
            timeToLiveMinutes: timeToLiveMinutes, skipHours: skipHours.sorted(),
            skipDays: skipDays.sorted(), updateIntervalSeconds: updateIntervalSeconds)
    }
}
