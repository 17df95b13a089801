import Catalogue
import Files
import Formats
import Operations
import Services
import Storage

/// Every sentence that the program says. What went wrong is a value elsewhere; how it is said is here.
enum Reports {
    /// `2026-11-20  book     Piranesi by Susanna Clarke ★★★★½`, a line each, and below it what `id` says.
    /// `write` gets them a piece at a time: memory that is used again costs less than new.
    static func list(
        _ listed: Listing, id: (Listed) -> String? = { _ in nil }, write: ([UInt8]) throws(OutputError) -> Void
    ) throws(OutputError) {
        let pieceBytes = 1 << 15
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * pieceBytes)
        for one in listed {
            add(day: one.day, kind: one.kind, to: &bytes)
            add(title: one.title, by: one.creator, one.rating, isRepeat: one.isRepeat, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
            if let id = id(one) {
                bytes.append(contentsOf: (String(repeating: " ", count: 21) + id + "\n").utf8)
            }
            if bytes.count > pieceBytes {
                try write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        if !bytes.isEmpty { try write(bytes) }
    }

    /// The same line of a finish that is known whole.
    static func line(_ standing: Standing) -> String {
        var bytes: [UInt8] = []
        add(day: standing.finish.day, kind: standing.finish.kind, to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + work(standing.finish)
    }

    /// Title, creator and stars.
    static func work(_ finish: Finish) -> String {
        var bytes: [UInt8] = []
        add(title: finish.title, by: finish.creator, finish.rating, isRepeat: finish.isRepeat, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Two columns, 10 and 7 wide, with two blanks behind each.
    private static func add(day: Day?, kind: Kind?, to bytes: inout [UInt8]) {
        let start = bytes.count
        if let day { day.write(to: &bytes) } else { bytes.append(contentsOf: "undated".utf8) }
        while bytes.count < start + 12 { bytes.append(UInt8(ascii: " ")) }
        if let kind { bytes.append(contentsOf: kind.rawValue.utf8) }
        while bytes.count < start + 21 { bytes.append(UInt8(ascii: " ")) }
    }

    private static func add(
        title: String, by creator: String?, _ rating: Rating?, isRepeat: Bool, to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: oneLine(title).utf8)
        if let creator {
            bytes.append(contentsOf: " by ".utf8)
            bytes.append(contentsOf: oneLine(creator).utf8)
        }
        if let rating {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: stars(rating).utf8)
        }
        if isRepeat { bytes.append(contentsOf: " (again)".utf8) }
    }

    /// Stars out of five, halves included; other scales in numbers.
    static func stars(_ rating: Rating) -> String {
        let halves = (rating.value * 10 + rating.best / 2) / rating.best
        let isExact = rating.value * 10 % rating.best == 0
        guard isExact else { return decimal(rating.value) + "/" + decimal(rating.best) }
        return starsByHalves[halves]
    }

    private static let starsByHalves = (0...10).map { halves in
        String(repeating: "★", count: halves / 2) + (halves % 2 == 1 ? "½" : "")
    }

    static func decimal(_ hundredths: Int) -> String {
        let fraction = hundredths % 100
        if fraction == 0 { return "\(hundredths / 100)" }
        let digits = fraction % 10 == 0 ? "\(fraction / 10)" : fraction < 10 ? "0\(fraction)" : "\(fraction)"
        return "\(hundredths / 100).\(digits)"
    }

    /// Titles come from strangers: what would move the cursor or ring the bell is left out.
    static func oneLine(_ text: String) -> String {
        // What is left out begins in UTF-8 with one of these bytes; hardly a title has any.
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0xC2 && $0 != 0xE2 }
        if isPlain { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x0D, 0x09: scalars.append(" ")
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: break
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// `2026-11-23 14:05`, in UTC as everything here.
    static func time(_ instant: Instant) -> String {
        instant.toTheMinute
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) " + (number == 1 ? one : many ?? one + "s")
    }

    // MARK: errors

    static func lines(_ error: OperationError) -> [String] {
        switch error {
        case .settings(let error): return error.mistakes.map(line)
        case .store(let error): return ["colophon: " + error.description]
        case .saidToday(let error): return lines(error)
        case .disk(let error): return ["colophon: " + error.description]
        case .noSettings(let folder):
            return [
                "colophon: there is no feeds.toml in \(folder): "
                    + "\"colophon init\" writes one, \"--store DIR\" names another folder"
            ]
        case .noStore(let folder):
            return [
                "colophon: \(folder) is no store: it has neither a feeds.toml nor a log: "
                    + "\"--store DIR\" names another folder"
            ]
        case .noLog(let folder, let copy):
            return [
                "colophon: nothing is recorded in \(folder), so nothing tells whether \(copy) is a copy of it: "
                    + "if it is, copy its log/ there yourself"
            ]
        case .logLost(let folder):
            return [
                "colophon: \(folder)/log is gone, for polls.json was written beside one: take it from a copy of the store, or "
                    + "begin anew with \"colophon repair --accept-rollback\""
            ]
        case .noFeed(let name, let nearest):
            let hint = nearest.map { " (did you mean \"\($0)\"?)" } ?? ""
            return ["colophon: no feed is called \"\(name)\"\(hint)"]
        case .noFinish(let id):
            return ["colophon: no finish is called \"\(id)\": \"colophon list --ids\" shows what they are called"]
        case .noAnnouncement(let id):
            return ["colophon: no announcement is called \"\(id)\": \"colophon tweets --all\" shows what they are called"]
        case .forgotten(let id):
            return [
                "colophon: the finish of \(id) was forgotten, and nothing can be posted of it: say \"tweets --sent\" "
                    + "or \"tweets --skip\""
            ]
        case .ambiguous(let id, let candidates):
            return ["colophon: \"\(id)\" can mean several:"] + candidates.map { "    " + $0 }
        case .unreadable(let what, let found, let expected):
            return ["colophon: the \(what) \"\(found)\" cannot be used, expected \(expected)"]
        case .template(let reason): return ["colophon: " + reason]
        }
    }

    static func line(_ mistake: SettingsMistake) -> String { mistake.words }

    // MARK: answers

    static func lines(_ outcome: Initialise.Outcome) -> [String] {
        var lines = ["wrote \(outcome.path)"]
        for feed in outcome.feeds {
            let service = feed.service.isEmpty ? "as it stands" : feed.service
            lines.append("    \(pad(feed.name, 12)) \(service)")
            if let hint = feed.exportHint { lines.append("                 what it has forgotten: " + hint) }
        }
        if outcome.feeds.isEmpty {
            lines.append("it follows nothing yet: its comments say how to name a feed")
        }
        lines.append("next: \"colophon check\" tries the feeds, \"colophon import\" records what they hold")
        return lines
    }

    static func lines(_ outcome: Amend.Outcome) -> [String] {
        let left = outcome.left.map { "left to you: \($0.id): \(oneLine($0.reason))" }
            + (outcome.left.isEmpty ? [] : ["look first, then say --sent, --skip or --retry of each"])
        if outcome.events.isEmpty { return left.isEmpty ? ["nothing to do: " + outcome.idle] : left }
        return outcome.events.compactMap { try? EventCoding.decode($0) }.map { line($0) }
            + published(outcome.changed) + left
    }

    static func published(_ changed: [String]) -> [String] {
        changed.isEmpty ? ["the pages were right already"] : ["published " + changed.joined(separator: ", ")]
    }

    static func lines(_ report: RepublishReport) -> [String] {
        published(report.changed)
            + (report.hasNewSettings
                ? ["feeds.toml has changed: \"colophon import\" takes it up, these pages do not have it yet"] : [])
    }

    static func lines(_ rebuild: Rebuild) -> [String] {
        var lines = published(rebuild.published)
        if let snapshot = rebuild.snapshot { lines.append("saved a snapshot after event \(snapshot)") }
        return lines
    }

    static func lines(_ status: Status, now: Instant) -> [String] {
        var lines: [String] = []
        let width = status.feeds.map(\.name.count).max() ?? 0
        for feed in status.feeds {
            var line = pad(feed.name, width) + "  " + count(feed.finishes, "finish", "finishes")
            if let succeeded = feed.succeeded { line += ", last answer " + time(succeeded) }
            if let next = feed.next { line += next <= now ? ", due now" : ", next " + time(next) }
            if feed.condition == .gone {
                line += ", \(feed.reason): not asked again"
            } else {
                if feed.failures > 0 { line += ", failed \(count(feed.failures, "time")) in a row" }
                if let condition = feed.condition { line += ", \(condition.rawValue): \(feed.reason)" }
            }
            if feed.adopted == nil, feed.failures == 0 { line += feed.wasAsked ? ", never reached" : ", never asked" }
            lines.append(line)
        }
        if let since = status.outage {
            lines.append("nobody could be reached since \(time(since)): is there a network?")
        }
        if let said = status.unpublished {
            lines.append("the pages could not be written, as was said on \(time(said)): \"colophon publish\" tries it again")
        }
        lines.append(
            "\(count(status.finishes, "finish", "finishes")), \(count(status.events, "event")) in "
                + count(status.segments, "segment")
                + (status.snapshot.map { ", snapshot at event \($0)" } ?? ", no snapshot yet"))
        if let last = status.lastRun { lines.append("last learned something at " + time(last)) }
        if status.pending > 0 {
            lines.append(
                "\(count(status.pending, "announcement")) pending: \"colophon tweets\" shows "
                    + (status.pending == 1 ? "it" : "them"))
        }
        for silence in status.silent {
            lines.append(
                "\(silence.network) takes no posts since \(time(silence.since)): \(oneLine(silence.reason))")
        }
        for announcement in status.held {
            lines.append("held: \(announcement.id): \(oneLine(announcement.reason))")
        }
        lines += status.suspicions.map { line($0) }
        for announcement in status.unresolved {
            lines.append("nobody knows whether it was posted: \(announcement.id)")
        }
        return lines
    }

    static func lines(_ found: Verify) -> [String] {
        var lines = [
            found.events == 0
                ? "nothing is recorded yet"
                : "\(count(found.events, "event")) in \(count(found.batches, "batch", "batches")) and "
                    + "\(count(found.segments, "segment")): every checksum and the chain are right"
        ]
        for loss in found.losses {
            lines.append(
                (loss.from == loss.to
                    ? "event \(loss.from) was given up" : "of events \(loss.from) to \(loss.to) some were lost")
                    + ", and that was accepted on \(time(loss.at))")
        }
        for name in found.wrongSnapshots {
            lines.append("\(name) is damaged or says something else than the log: \"colophon rebuild\" mends it")
        }
        for name in found.outdated {
            lines.append("\(name) is not what the log says: \"colophon publish\" mends it")
        }
        if found.isUnderWay {
            lines.append("another run is under way: whether the pages are right shows when it has ended")
        }
        return lines
    }

    static func lines(_ outcome: Repair.Outcome) -> [String] {
        var lines = outcome.mends.map { mend in
            switch mend {
            case .byte(let file, let offset, _, let copy):
                "\(file): byte \(offset) had changed and is right again; as it was: \(copy)"
            case .segment(let file, let source, let copy):
                "\(file): taken from \(source)" + (copy.map { "; as it was: \($0)" } ?? "; it was missing")
            case .head(let file, let sequence, let copy):
                "\(file): made anew, to event \(sequence)" + (copy.map { "; as it was: \($0)" } ?? "")
            case .stray(let file, let copy):
                "\(file): was no part of the log, and is put away: \(copy)"
            }
        }
        lines += outcome.losses.map { line($0, outcome.unfit) } + outcome.unfit.map { line($0) }
        if outcome.hasLostEvents {
            lines.append("the log goes on in a new chain: copies of this store have to be made anew")
        }
        if outcome.held > 0 {
            lines.append(
                "\(count(outcome.held, "announcement is", "announcements are")) held, for nobody knows what was "
                    + "posted already: \"colophon tweets\" shows them")
        }
        lines += outcome.notes
        if lines.isEmpty, outcome.events == 0 { return ["nothing is recorded yet, so there is nothing to mend"] }
        if lines.isEmpty { lines = ["nothing to mend"] }
        return lines + ["\(count(outcome.events, "event")) recorded; \"colophon verify\" checks all of them"]
    }

    /// `…/00000000000000000001.ndjson: bytes 200 to 1400 are damaged, events 3 to 6: 2 can still be read, …`
    private static func line(_ loss: Loss, _ unfit: [UnfitEvent]) -> String {
        let bytes = "bytes \(loss.bytes.lowerBound) to \(loss.bytes.upperBound)"
        let copy = loss.copy.map { "; as it was: \($0)" } ?? ""
        guard let sequences = loss.sequences else {
            return "\(loss.file): \(bytes) were no part of the log and are gone\(copy)"
        }
        var parts: [String] = []
        if loss.readable > 0 { parts.append("\(loss.readable) could still be read") }
        if loss.restored > 0 { parts.append("\(loss.restored) came from a snapshot") }
        if !loss.gone.isEmpty { parts.append("lost: " + ranges(loss.gone)) }
        let misfits = unfit.map(\.sequence).filter { sequences.contains($0) }
        if !misfits.isEmpty { parts.append("readable and given up: " + ranges(misfits)) }
        let what =
            sequences.count == 1
            ? "event \(sequences.lowerBound)" : "events \(sequences.lowerBound) to \(sequences.upperBound)"
        let place = loss.bytes.isEmpty ? "it is missing" : "\(bytes) are damaged"
        return "\(loss.file): \(place), \(what): " + parts.joined(separator: ", ") + copy
    }

    /// `event 6 ("corrected") can be read, but finish "…" is not known: it was given up; …`
    private static func line(_ event: UnfitEvent) -> String {
        "event \(event.sequence) (\"\(event.type)\") can be read, but \(event.problem): it was given up; "
            + "once that has changed, say it again: it stands at byte \(event.bytes.lowerBound) of \(event.copy ?? event.file)"
    }

    /// `3, 5 to 9`
    static func ranges(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
            .joined(separator: ", ")
    }

    static func lines(_ state: State) -> [String] {
        guard state.sequence > 0 else { return ["nothing was recorded by then"] }
        return ["after event \(state.sequence), \(time(state.at)): \(count(state.shownCount, "finish", "finishes"))"]
    }

    static func lines(_ difference: Difference) -> [String] {
        var lines = difference.added.map { "+ " + line($0) } + difference.removed.map { "- " + line($0) }
        for change in difference.changed {
            lines.append("~ " + line(change.after))
            for field in change.fields {
                let was = short(change.before.finish.value(of: field))
                lines.append("      \(field.rawValue): \(was) → \(short(change.after.finish.value(of: field)))")
            }
        }
        return lines.isEmpty ? ["nothing changed"] : lines
    }

    static func short(_ value: JSONValue?) -> String {
        guard let value else { return "(none)" }
        let text =
            value.stringValue.map { "\"" + oneLine($0) + "\"" }
            ?? String(decoding: JSONWriter.compact(value), as: UTF8.self)
        return text.count > 60 ? text.prefix(59) + "…" : text
    }

    static func lines(_ why: Why, _ terminal: Terminal) -> [String] {
        var lines = [terminal.bold(work(why.standing.finish)), why.standing.id.text]
        for key in why.standing.keys where key != why.standing.id.text { lines.append("also " + key) }
        for (event, _) in why.events {
            lines.append("")
            lines.append(line(event))
            for stated in stated(event.fact) {
                let text = oneLine(stated.text)
                lines.append("      \(stated.name): " + (text.count > 100 ? text.prefix(99) + "…" : text))
            }
        }
        return lines
    }

    private static func stated(_ fact: Fact) -> [Stated] {
        switch fact {
        case .finished(let finished): finished.stated
        case .revised(let revision): revision.stated
        default: []
        }
    }
}
