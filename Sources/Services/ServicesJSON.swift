import Catalogue
public import Formats

/// A reading in the form that `conformance/finish_conformance.py` compares and `parse --finishes`
/// prints.
extension Reading {
    public var conformance: JSONValue {
        .object([
            JSONMember("service", .string(service)),
            JSONMember("why", .string(why)),
            JSONMember("entries", .array(recognised.map(\.conformance))),
        ])
    }
}

extension Recognised {
    /// One entry. What it is not finished for stands in `reason`; what is not known is null.
    public var conformance: JSONValue {
        let finish = sighting.finish
        let isFinish = finished == true
        var members = [
            JSONMember("id", text(hasOwnID ? sighting.entry : nil)),
            JSONMember("url", text(finish.url)),
            JSONMember("title", .string(finish.title)),
            JSONMember("creator", text(finish.creator)),
            JSONMember("year", finish.year.map { .integer(Int64($0)) } ?? .null),
            JSONMember("kind", text(finish.kind?.rawValue)),
            JSONMember("finishedAt", isFinish ? finishedAt : .null),
            JSONMember("rating", finish.rating.map(\.conformance) ?? .null),
            JSONMember("finished", finished.map { .bool($0) } ?? .null),
            JSONMember("repeat", .bool(finish.isRepeat)),
            JSONMember("dedupe", text(sighting.keys.first { $0.rule == .service }?.text)),
        ]
        if !finish.identifiers.isEmpty {
            let values = finish.identifiers.map { JSONMember($0.name, .string($0.value)) }
            members.append(JSONMember("identifiers", .object(values)))
        }
        if !reason.isEmpty { members.append(JSONMember("reason", .string(reason))) }
        if let line { members.append(JSONMember("line", .integer(Int64(line)))) }
        return .object(members)
    }

    /// Whether the entry's name is its own and not a key that stands for it.
    private var hasOwnID: Bool {
        !sighting.keys.contains { $0.rule != .service && $0.text == sighting.entry }
    }

    private var finishedAt: JSONValue {
        if let instant = sighting.finish.instant { return .string(instant.description) }
        return text(sighting.finish.day?.description)
    }

    private func text(_ text: String?) -> JSONValue {
        text.flatMap { $0.isEmpty ? nil : .string($0) } ?? .null
    }
}

extension Rating {
    /// `{"value": 4.5, "best": 5}`: decimals without zeros at the end.
    fileprivate var conformance: JSONValue {
        .object([
            JSONMember("value", Rating.decimal(value)), JSONMember("best", Rating.decimal(best)),
        ])
    }

    private static func decimal(_ hundredths: Int) -> JSONValue {
        let whole = hundredths / 100
        let part = hundredths % 100
        if part == 0 { return .integer(Int64(whole)) }
        if part % 10 == 0 { return .number("\(whole).\(part / 10)") }
        return .number("\(whole).\(part < 10 ? "0" : "")\(part)")
    }
}
