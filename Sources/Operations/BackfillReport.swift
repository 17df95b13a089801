import Catalogue
public import Formats
import Services

/// What a backfill did: values only, the sentences are the front's.
public struct BackfillReport: Equatable, Sendable {
    public var isDryRun: Bool
    /// What `--undo` takes; `nil`: nothing was recorded.
    public var id: String?
    /// Files or pages in the order in which they were read.
    public var sources: [Source] = []
    /// Why no further page was asked for; `nil` for files.
    public var ending: PagesEnding?
    /// That were appended, or would be.
    public var events = 0
    public var changed: [String] = []
    /// Finishes shown in all.
    public var shown = 0
    public var notes: [String] = []

    init(isDryRun: Bool) {
        self.isDryRun = isDryRun
    }

    /// A file or a page.
    public struct Source: Equatable, Sendable {
        public var name: String
        /// Why it could not be read at all; empty: it was.
        public var problem: String
        public var rows = 0
        public var finished = 0
        /// Finishes that got keys or fields they did not have.
        public var completed = 0
        public var unused: [Unused] = []
        /// Whether nothing in it was new.
        var isKnown = true

        init(name: String, problem: String = "") {
            self.name = name
            self.problem = problem
        }

        mutating func count(_ facts: [Fact]) {
            if !facts.isEmpty { isKnown = false }
            var isCompleted = false
            for fact in facts {
                switch fact {
                case .finished: finished += 1
                case .revised, .merged: isCompleted = true
                default: break
                }
            }
            if isCompleted { completed += 1 }
        }
    }

    /// A row that is no finish.
    public struct Unused: Equatable, Sendable {
        /// From 1; `nil` for an entry of a page.
        public var line: Int?
        public var title: String
        public var reason: String

        init(_ row: Recognised) {
            line = row.line
            title = row.sighting.finish.title
            reason = row.reason
        }
    }

    /// Whether a file could not be read, or a page.
    public var isWorse: Bool {
        if case .failed = ending { return true }
        return sources.contains { !$0.problem.isEmpty }
    }

    public var json: JSONValue {
        var members = [JSONMember("dry_run", .bool(isDryRun))]
        if let id { members.append(JSONMember("backfill", .string(id))) }
        members.append(JSONMember("sources", .array(sources.map(\.json))))
        if let ending { members.append(JSONMember("ended", .string(ending.words))) }
        members += [
            JSONMember("events", .integer(Int64(events))),
            JSONMember("published", .array(changed.map { .string($0) })),
            JSONMember("finishes", .integer(Int64(shown))),
            JSONMember("notes", .array(notes.map { .string($0) })),
        ]
        return .object(members)
    }
}

extension BackfillReport.Source {
    fileprivate var json: JSONValue {
        var members = [JSONMember("name", .string(name))]
        if !problem.isEmpty { members.append(JSONMember("problem", .string(problem))) }
        members += [
            JSONMember("rows", .integer(Int64(rows))),
            JSONMember("finished", .integer(Int64(finished))),
            JSONMember("completed", .integer(Int64(completed))),
            JSONMember("unused", .array(unused.map(\.json))),
        ]
        return .object(members)
    }
}

extension BackfillReport.Unused {
    fileprivate var json: JSONValue {
        var members: [JSONMember] = []
        if let line { members.append(JSONMember("line", .integer(Int64(line)))) }
        members += [JSONMember("title", .string(title)), JSONMember("reason", .string(reason))]
        return .object(members)
    }
}

/// How far a backfill is, for a person who waits.
public struct BackfillProgress: Equatable, Sendable {
    public var name: String
    /// Rows of a file, or pages.
    public var done: Int
    /// Of a file: bytes read, and all it has. 0 of 0 where nobody can tell, as with pages.
    public var read = 0
    public var bytes = 0
}
