public import Formats

/// What sort of thing was finished.
public enum Kind: String, CaseIterable, Sendable {
    case book, movie, tv, game, article, podcast, music
}

/// A rating and the best one possible, both in hundredths: 4.25 of 5 is 425 of 500.
public struct Rating: Equatable, Sendable {
    public var value: Int
    public var best: Int

    /// `nil` for what is no rating: nothing at all, or more than the best.
    public init?(value: Int, best: Int) {
        guard value > 0, best > 0, value <= best else { return nil }
        self.value = value
        self.best = best
    }
}

/// A number by which others know the work: `isbn13`, `tmdbMovie`, …
public struct Identifier: Equatable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// That a work was finished: PRODUCT section 5, `finish`.
public struct Finish: Equatable, Sendable {
    /// `nil`: nobody says.
    public var kind: Kind?
    public var title: String
    public var creator: String?
    public var year: Int?
    public var season: Int?
    public var episode: Int?
    /// When it was finished, as precisely as it is known.
    public var day: Day?
    /// Beside `day` when the source gave a time.
    public var instant: Instant?
    public var rating: Rating?
    /// A rewatch, reread, replay.
    public var isRepeat: Bool
    /// HTML, already reduced to the short allow-list.
    public var review: String?
    /// Whether the review tells the end.
    public var spoiler: Bool
    public var cover: String?
    public var url: String?
    /// Sorted by bytes of their names.
    public var identifiers: [Identifier]

    public init(
        kind: Kind? = nil, title: String, creator: String? = nil, year: Int? = nil,
        season: Int? = nil, episode: Int? = nil, day: Day? = nil, instant: Instant? = nil,
        rating: Rating? = nil, isRepeat: Bool = false, review: String? = nil, spoiler: Bool = false,
        cover: String? = nil, url: String? = nil, identifiers: [Identifier] = []
    ) {
        self.kind = kind
        self.title = title
        self.creator = creator
        self.year = year
        self.season = season
        self.episode = episode
        self.day = day
        self.instant = instant
        self.rating = rating
        self.isRepeat = isRepeat
        self.review = review
        self.spoiler = spoiler
        self.cover = cover
        self.url = url
        self.identifiers = identifiers.sorted { left, right in
            left.name.utf8.elementsEqual(right.name.utf8)
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
    }
}

/// One field of a finish. The raw value is its name in the log, the order of the cases its place there.
public enum FinishField: String, CaseIterable, Sendable {
    case kind, title, creator, year, season, episode, day, instant, rating
    case isRepeat = "repeat"
    case review, spoiler, cover, url, identifiers
}

/// Every field as the log writes it, so that comparing, changing and coding need no list of their own.
extension Finish {
    /// `nil` where the field is absent: empty, false and null are left out.
    public func value(of field: FinishField) -> JSONValue? {
        switch field {
        case .kind: kind.map { .string($0.rawValue) }
        case .title: text(title)
        case .creator: text(creator)
        case .year: year.map { .integer(Int64($0)) }
        case .season: season.map { .integer(Int64($0)) }
        case .episode: episode.map { .integer(Int64($0)) }
        case .day: day.map { .string($0.description) }
        case .instant: instant.map { .string($0.description) }
        case .rating:
            rating.map {
                .object([
                    JSONMember("value", .integer(Int64($0.value))),
                    JSONMember("best", .integer(Int64($0.best))),
                ])
            }
        case .isRepeat: isRepeat ? .bool(true) : nil
        case .review: text(review)
        case .spoiler: spoiler ? .bool(true) : nil
        case .cover: text(cover)
        case .url: text(url)
        case .identifiers:
            identifiers.isEmpty
                ? nil : .object(identifiers.map { JSONMember($0.name, .string($0.value)) })
        }
    }

    private func text(_ text: String?) -> JSONValue? {
        text.flatMap { $0.isEmpty ? nil : .string($0) }
    }

    /// Takes a value over, or removes the field with `nil`; false, and nothing changed, when the value
    /// is none that the field can have.
    public mutating func set(_ field: FinishField, to value: JSONValue?) -> Bool {
        switch field {
        case .kind: return Finish.take(value, &kind) { $0.stringValue.flatMap(Kind.init(rawValue:)) }
        case .title:
            guard let text = value?.stringValue else { return false }
            title = text
        case .creator: return Finish.take(value, &creator) { $0.stringValue }
        case .year: return Finish.take(value, &year) { $0.integerValue.flatMap { Int(exactly: $0) } }
        case .season: return Finish.take(value, &season) { $0.integerValue.flatMap { Int(exactly: $0) } }
        case .episode: return Finish.take(value, &episode) { $0.integerValue.flatMap { Int(exactly: $0) } }
        case .day: return Finish.take(value, &day) { $0.stringValue.flatMap { Day($0) } }
        case .instant:
            return Finish.take(value, &instant) { $0.stringValue.flatMap { Instant(rfc3339: $0) } }
        case .rating: return Finish.take(value, &rating, Rating.init(json:))
        case .isRepeat: isRepeat = value == .bool(true)
        case .review: return Finish.take(value, &review) { $0.stringValue }
        case .spoiler: spoiler = value == .bool(true)
        case .cover: return Finish.take(value, &cover) { $0.stringValue }
        case .url: return Finish.take(value, &url) { $0.stringValue }
        case .identifiers:
            var list: [Identifier] = []
            for member in value?.objectValue ?? [] {
                guard let text = member.value.stringValue else { return false }
                list.append(Identifier(member.name, text))
            }
            identifiers = list
        }
        return true
    }

    private static func take<Value>(
        _ value: JSONValue?, _ field: inout Value?, _ read: (JSONValue) -> Value?
    ) -> Bool {
        guard let value else {
            field = nil
            return true
        }
        guard let read = read(value) else { return false }
        field = read
        return true
    }
}

extension Rating {
    init?(json: JSONValue) {
        guard let value = json["value"]?.integerValue, let best = json["best"]?.integerValue,
            let value = Int(exactly: value), let best = Int(exactly: best)
        else { return nil }
        self.init(value: value, best: best)
    }
}
