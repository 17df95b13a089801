import Catalogue
import Formats
import Operations

extension Command {
    static let why = Command(
        name: "why", group: .history, summary: "everything that ever happened to one finish",
        operands: "ID", operandCount: 1...1,
        details: ["ID is a finish's id, one of its keys, or enough of its id's beginning."],
        json: "{finish {as \"list --json\" has it}, events [as they stand in the log]}"
    ) { invocation in
        let archive = try Archive(invocation.world, invocation.folder)
        let why = try Why.find(invocation.arguments.operands[0], archive)
        if invocation.wantsJSON {
            let state = try archive.state()
            let events = why.events.compactMap { try? JSONReader.read($0.line) }
            try invocation.printJSON(
                .object([
                    JSONMember("finish", why.standing.json(in: state)),
                    JSONMember("events", .array(events)),
                ]))
        } else {
            try invocation.terminal.print(lines: Reports.lines(why, invocation.terminal))
        }
        return .done
    }

    static let log = Command(
        name: "log", group: .history, summary: "the events, one a line",
        options: [
            Option("from", value: "WHEN", "a sequence number, a day or an instant"),
            Option("to", value: "WHEN", "the same; included"),
            Option("type", "t", value: "TYPE", "only events of this type"),
            Option("json", "print the lines as they stand in the log"),
        ]
    ) { invocation in
        let archive = try Archive(invocation.world, invocation.folder)
        let arguments = invocation.arguments
        let range = try archive.range(
            from: try arguments.value("from").map { text throws(OperationError) in try When(text) },
            to: try arguments.value("to").map { text throws(OperationError) in try When(text) })
        let type = arguments.value("type")
        var hasType = type == nil
        let wantsLines = arguments.has("json")
        var piece: [UInt8] = []
        var failure: OutputError?
        func write() {
            do throws(OutputError) { try invocation.terminal.write(piece) } catch { failure = failure ?? error }
            piece.removeAll(keepingCapacity: true)
        }
        try archive.events(in: range, holding: type.map { [$0] }) { event, line in
            if let type, event.fact.type != type { return }
            hasType = true
            piece += wantsLines ? line : Array(Reports.line(event).utf8)
            piece.append(UInt8(ascii: "\n"))
            if piece.count > 1 << 15 { write() }
        }
        // A newer version's events may bear names that are not known here.
        if let type, !hasType, !Fact.types.contains(type) {
            let hint = nearest(to: type, in: Fact.types).map { " (did you mean \"\($0)\"?)" } ?? ""
            throw UsageError(message: "no event is of the type \"\(type)\"\(hint)", command: "log")
        }
        write()
        if let failure { throw failure }
        return .done
    }

    static let state = Command(
        name: "state", group: .history, summary: "what is known, now or at any moment",
        options: [Option("at", value: "WHEN", "a sequence number, a day (its end) or an instant")],
        json: "{sequence (of the last event), at (its time), settings {site, publish, announce, feeds: as in feeds.toml}, "
            + "feeds [{name, service, changed, news (when it last brought some), adopted, address (a mark of it), condition "
            + "and reason}], finishes [as \"list --json\" has them], announcements [{id (of the finish), network, status and "
            + "so on: as \"tweets --json\" has them}]}. Two machines with one log print the same bytes"
    ) { invocation in
        let archive = try Archive(invocation.world, invocation.folder)
        let when = try invocation.arguments.value("at").map { text throws(OperationError) in
            try When(text)
        }
        let state = try archive.state(at: when)
        if invocation.wantsJSON {
            try invocation.printJSON(state.json)
        } else {
            try invocation.terminal.print(lines: Reports.lines(state))
            try Reports.list(state.listed()) { bytes throws(OutputError) in try invocation.terminal.write(bytes) }
        }
        return .done
    }

    static let diff = Command(
        name: "diff", group: .history, summary: "what changed between two moments",
        operands: "WHEN WHEN", operandCount: 2...2,
        json: "{from and to (sequence numbers), added and removed [as \"list --json\" has them], changed [{id, fields {name: "
            + "[before, after]}}]}"
    ) { invocation in
        let archive = try Archive(invocation.world, invocation.folder)
        let before = try archive.state(at: try When(invocation.arguments.operands[0]))
        let after = try archive.state(at: try When(invocation.arguments.operands[1]))
        let difference = Difference(before, after)
        if invocation.wantsJSON {
            try invocation.printJSON(difference.json)
        } else {
            try invocation.terminal.print(lines: Reports.lines(difference))
        }
        return .done
    }

    static let correct = Command(
        name: "correct", group: .history, summary: "set right what a feed states wrongly",
        operands: "ID", operandCount: 1...1,
        options: [
            Option("title", value: "TEXT", "the title"),
            Option("by", value: "NAME", "who made it; empty: nobody is named"),
            Option("on", value: "DAY", "when it was finished"),
            Option("rating", value: "4.5/5", "the rating; empty: none"),
            Option("year", value: "YEAR", "when the work appeared"),
            Option("url", value: "ADDRESS", "where it can be found"),
        ],
        details: ["A correction beats whatever a feed says later. The log keeps the old fact."]
    ) { invocation in
        let arguments = invocation.arguments
        var change = Change()
        func set(_ field: FinishField, _ value: JSONValue) { change.set.append(FieldValue(field, value)) }
        if let title = arguments.value("title") {
            if title.isEmpty { throw UsageError(message: "a title cannot be empty", command: "correct") }
            set(.title, .string(title))
        }
        if let name = arguments.value("by") {
            if name.isEmpty { change.unset.append(.creator) } else { set(.creator, .string(name)) }
        }
        if let year = arguments.value("year") {
            guard let number = Int64(year) else {
                throw UsageError(message: "\"\(year)\" is no year", command: "correct")
            }
            set(.year, .integer(number))
        }
        if let day = try day(arguments.value("on"), "correct") {
            set(.day, .string(day.description))
            change.unset.append(.instant)
        }
        if let text = arguments.value("rating") {
            if text.isEmpty {
                change.unset.append(.rating)
            } else if let rating = try rating(text, "correct") {
                set(
                    .rating,
                    .object([
                        JSONMember("value", .integer(Int64(rating.value))),
                        JSONMember("best", .integer(Int64(rating.best))),
                    ]))
            }
        }
        if let url = arguments.value("url") {
            if url.isEmpty { change.unset.append(.url) } else { set(.url, .string(url)) }
        }
        if change.isEmpty { throw UsageError(message: "nothing to correct was given", command: "correct") }
        return try amend(.correct(id: arguments.operands[0], change), invocation)
    }

    static let hide = Command(
        name: "hide", group: .history, summary: "keep a finish out of all pages",
        operands: "ID", operandCount: 1...1
    ) { try amend(.hide($0.arguments.operands[0]), $0) }

    static let unhide = Command(
        name: "unhide", group: .history, summary: "show a hidden finish again",
        operands: "ID", operandCount: 1...1
    ) { try amend(.unhide($0.arguments.operands[0]), $0) }

    static let merge = Command(
        name: "merge", group: .history, summary: "say that two finishes are one; the older one stays",
        operands: "ID INTO", operandCount: 2...2
    ) { try amend(.merge($0.arguments.operands[0], into: $0.arguments.operands[1]), $0) }

    static let forget = Command(
        name: "forget", group: .history, summary: "as if never seen; the next sight takes it quietly",
        operands: "ID", operandCount: 1...1
    ) { try amend(.forget($0.arguments.operands[0]), $0) }

    static let publish = Command(
        name: "publish", group: .history, summary: "render the pages without asking any feed",
        options: [
            Option("at", value: "WHEN", "render the past; needs --to"),
            Option("to", value: "DIR", "into this folder"),
        ]
    ) { invocation in
        let arguments = invocation.arguments
        let when = try arguments.value("at").map { text throws(OperationError) in try When(text) }
        let report: RepublishReport
        if let directory = arguments.value("to") {
            report = try Republish.run(
                invocation.world, invocation.folder, at: when, to: Invocation.absolute(directory),
                site: try invocation.publishDirectory())
        } else if when != nil {
            throw UsageError(message: "\"--at\" needs \"--to DIR\": the site shows the present", command: "publish")
        } else {
            report = try Republish.run(invocation.world, invocation.folder, try invocation.optionalSettings())
        }
        if !invocation.isQuiet { try invocation.terminal.print(lines: Reports.lines(report)) }
        return .done
    }
}
