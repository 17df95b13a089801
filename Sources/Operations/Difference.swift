public import Catalogue
public import Formats

/// What changed between two states of one store.
public struct Difference: Sendable {
    public var added: [Standing] = []
    public var removed: [Standing] = []
    /// Finishes of both whose fields differ.
    public var changed: [(before: Standing, after: Standing, fields: [FinishField])] = []
    private let after: State
    private let before: State

    public init(_ before: State, _ after: State) {
        self.before = before
        self.after = after
        for (was, now) in after.changes(since: before) {
            switch (was, now) {
            case (nil, let now?): added.append(now)
            case (let was?, nil): removed.append(was)
            case (let was?, let now?):
                let fields = FinishField.allCases.filter {
                    was.finish.value(of: $0) != now.finish.value(of: $0)
                }
                if !fields.isEmpty { changed.append((was, now, fields)) }
            case (nil, nil): break
            }
        }
    }

    public var json: JSONValue {
        .object([
            JSONMember("from", .integer(before.sequence)),
            JSONMember("to", .integer(after.sequence)),
            JSONMember("added", .array(added.map { $0.json(in: after) })),
            JSONMember("removed", .array(removed.map { $0.json(in: before) })),
            JSONMember(
                "changed",
                .array(
                    changed.map { change in
                        .object([
                            JSONMember("id", .string(change.after.id.text)),
                            JSONMember(
                                "fields",
                                .object(
                                    change.fields.map { field in
                                        JSONMember(
                                            field.rawValue,
                                            .array([
                                                change.before.finish.value(of: field) ?? .null,
                                                change.after.finish.value(of: field) ?? .null,
                                            ]))
                                    })),
                        ])
                    })),
        ])
    }
}
