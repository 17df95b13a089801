public import Formats

/// All that the state knows of one finish.
public struct Standing: Equatable, Sendable {
    public var id: FinishID
    public var keys: [String]
    /// The feed, import or hand that brought it.
    public var feed: String
    public var entry: String
    public var rule: Rule
    public var backfill: String?
    /// Of its `finished` event.
    public var sequence: Int64
    public var firstSight: Instant
    /// When the last event changed it.
    public var modified: Instant
    /// As it is believed now, corrections included.
    public var finish: Finish
    /// Others that have shown it, too: feeds by name, imports as `backfill:ID`.
    public var sources: [String]
    /// Who stated a field, where it is another than `feed`.
    public var owners: [FieldOwner]
    /// Fields on which a person has the last word.
    public var corrected: [FinishField]
    public var cover: SavedCover?

    /// Who stated a field.
    public struct FieldOwner: Equatable, Sendable {
        public var field: FinishField
        public var source: String
    }

    /// The source that brought it, as `sources` and `owners` name it.
    public var origin: String { Standing.source(feed: feed, backfill: backfill) }

    public static func source(feed: String, backfill: String?) -> String {
        backfill.map { "backfill:" + $0 } ?? feed
    }

    public func owner(of field: FinishField) -> String {
        for owner in owners where owner.field == field { return owner.source }
        return origin
    }

    mutating func setOwner(of field: FinishField, to source: String) {
        owners.removeAll { $0.field == field }
        if source != origin { owners.append(FieldOwner(field: field, source: source)) }
    }
}

/// A standing as bytes. One that nothing has changed is its `finished` line itself, less `stated`, so
/// that a replay copies instead of decoding; whatever came later follows in members of its own.
extension Standing {
    /// `nil` for bytes that are none.
    ///
    /// Read member by member, without a tree of them first: every page is made of thousands of these.
    init?(body: [UInt8]) {
        var parts = Parts()
        var pieces = JSONPieces(body)
        do {
            try pieces.eachMember { (name, pieces) throws(SyntaxError) in try parts.take(name, &pieces) }
            try pieces.end()
        } catch {
            return nil
        }
        guard let id = parts.id, let feed = parts.feed, let rule = parts.rule, !parts.isWrong,
            !parts.finish.title.isEmpty, let sequence = parts.sequence, let firstSight = parts.at
        else { return nil }
        self.id = FinishID(id)
        self.feed = feed
        self.rule = rule
        finish = parts.finish
        self.sequence = sequence
        self.firstSight = firstSight
        keys = parts.keys
        entry = parts.entry
        backfill = parts.backfill
        modified = parts.modified ?? firstSight
        sources = parts.sources
        owners = parts.owners
        corrected = parts.corrected
        cover = parts.cover
    }

    /// What was met of a body so far.
    private struct Parts {
        var id: String?
        var keys: [String] = []
        var feed: String?
        var entry = ""
        var rule: Rule?
        var backfill: String?
        var finish = Finish(title: "")
        /// A field of the finish has none of its forms.
        var isWrong = false
        var sequence: Int64?
        var at: Instant?
        var modified: Instant?
        var sources: [String] = []
        var owners: [FieldOwner] = []
        var corrected: [FinishField] = []
        var cover: SavedCover?

        mutating func take(_ name: String, _ pieces: inout JSONPieces) throws(SyntaxError) {
            switch name {
            case "seq": sequence = try pieces.value().integerValue
            case "at": at = try pieces.value().stringValue.flatMap { Instant(rfc3339: $0) }
            case "id": id = try pieces.value().stringValue
            case "keys": keys = strings(try pieces.value())
            case "feed": feed = try pieces.value().stringValue
            case "entry": entry = try pieces.value().stringValue ?? ""
            case "rule": rule = try pieces.value().stringValue.flatMap(Rule.init(rawValue:))
            case "backfill": backfill = try pieces.value().stringValue
            case "finish":
                var (finish, isWrong) = (self.finish, self.isWrong)
                try pieces.eachMember { (name, pieces) throws(SyntaxError) in
                    let value = try pieces.value()
                    guard let field = FinishField(rawValue: name) else { return }
                    if !finish.set(field, to: value) { isWrong = true }
                }
                self.finish = finish
                self.isWrong = isWrong
            case "modified": modified = try pieces.value().stringValue.flatMap { Instant(rfc3339: $0) }
            case "sources": sources = strings(try pieces.value())
            case "owners":
                owners = (try pieces.value().objectValue ?? []).compactMap { member in
                    guard let field = FinishField(rawValue: member.name), let source = member.value.stringValue
                    else { return nil }
                    return FieldOwner(field: field, source: source)
                }
            case "corrected": corrected = strings(try pieces.value()).compactMap(FinishField.init(rawValue:))
            case "saved_cover": cover = SavedCover(body: try pieces.value())
            default: _ = try pieces.value()
            }
        }
    }

    var body: [UInt8] {
        var line = LineWriter(sequence: sequence, at: firstSight, type: "finished")
        line.add(
            .finished(
                Finished(
                    id: id, keys: keys, feed: feed, entry: entry, rule: rule, backfill: backfill,
                    finish: finish)))
        line.add("modified", modified == firstSight ? "" : modified.description)
        line.add("sources", sources)
        line.add(
            "owners",
            .object(owners.map { JSONMember($0.field.rawValue, .string($0.source)) }))
        line.add("corrected", corrected.map(\.rawValue))
        if let cover {
            line.add(
                "saved_cover",
                .object([
                    JSONMember("sha256", .string(cover.sha256)),
                    JSONMember("media_type", .string(cover.mediaType)),
                    JSONMember("width", .integer(Int64(cover.width))),
                    JSONMember("height", .integer(Int64(cover.height))),
                ]))
        }
        return line.finished()
    }
}

extension SavedCover {
    fileprivate init?(body json: JSONValue) {
        guard let sha256 = json["sha256"]?.stringValue else { return nil }
        self.init(
            sha256: sha256, mediaType: json["media_type"]?.stringValue ?? "",
            width: Int(json["width"]?.integerValue ?? 0), height: Int(json["height"]?.integerValue ?? 0))
    }
}
