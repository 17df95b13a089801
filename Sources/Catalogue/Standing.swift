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
    init?(body: [UInt8]) {
        guard let value = try? JSONReader.read(body), let sequence = value["seq"]?.integerValue,
            let at = value["at"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
            let finished = try? Finished(members: value)
        else { return nil }
        id = finished.id
        keys = finished.keys
        feed = finished.feed
        entry = finished.entry
        rule = finished.rule
        backfill = finished.backfill
        finish = finished.finish
        self.sequence = sequence
        firstSight = at
        modified = value["modified"]?.stringValue.flatMap { Instant(rfc3339: $0) } ?? at
        sources = strings(value["sources"])
        owners = (value["owners"]?.objectValue ?? []).compactMap { member in
            guard let field = FinishField(rawValue: member.name),
                let source = member.value.stringValue
            else { return nil }
            return FieldOwner(field: field, source: source)
        }
        corrected = strings(value["corrected"]).compactMap(FinishField.init(rawValue:))
        if let copy = value["saved_cover"], let sha256 = copy["sha256"]?.stringValue {
            cover = SavedCover(
                sha256: sha256, mediaType: copy["media_type"]?.stringValue ?? "",
                width: Int(copy["width"]?.integerValue ?? 0),
                height: Int(copy["height"]?.integerValue ?? 0))
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
