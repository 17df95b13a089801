import Formats

/// Writes an event's line member by member; what is absent, empty, zero or false is left out.
struct LineWriter {
    private var bytes: [UInt8]

    init(sequence: Int64, at: Instant, type: String) {
        bytes = Array("{\"seq\":\(sequence),\"at\":\"\(at)\",\"type\":\"\(type)\"".utf8)
    }

    func finished() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    mutating func add(_ name: String, _ text: String) {
        if !text.isEmpty { add(name, .string(text)) }
    }

    mutating func add(_ name: String, _ number: Int) {
        if number != 0 { add(name, .integer(Int64(number))) }
    }

    mutating func add(_ name: String, _ texts: [String]) {
        if !texts.isEmpty { add(name, .array(texts.map { .string($0) })) }
    }

    mutating func add(_ name: String, _ value: JSONValue) {
        switch value {
        case .null, .bool(false), .array([]), .object([]): return
        default: break
        }
        bytes.append(UInt8(ascii: ","))
        JSONWriter.write(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        JSONWriter.write(value, to: &bytes)
    }

    mutating func add(_ fact: Fact) {
        switch fact {
        case .configured(let configuration): add("settings", configuration.json)
        case .feedAdopted(let feed, let service, let entries, let address):
            add("feed", feed)
            add("service", service)
            add("entries", entries)
            add("address", address)
        case .finished(let finished): add(finished)
        case .revised(let revision): add(revision)
        case .passedOver(let passed):
            add("feed", passed.feed)
            add("entry", passed.entry)
            add("title", passed.title)
            add("reason", passed.reason)
            add("stated", Stated.json(passed.stated))
        case .withdrawn(let id, let feed), .restored(let id, let feed):
            add("id", id.text)
            add("feed", feed)
        case .corrected(let id, let change):
            add("id", id.text)
            add("set", change.setJSON)
            add("unset", change.unsetJSON)
        case .hidden(let id), .unhidden(let id), .forgotten(let id): add("id", id.text)
        case .backfillUndone(let backfill): add("backfill", backfill)
        case .merged(let id, let into, let by):
            add("id", id.text)
            add("into", into.text)
            add("by", by.rawValue)
        case .coverSaved(let id, let cover):
            add("id", id.text)
            add("sha256", cover.sha256)
            add("media_type", cover.mediaType)
            add("width", cover.width)
            add("height", cover.height)
        case .feedCondition(let condition):
            add("feed", condition.feed)
            add("reason", condition.reason)
            add("host", condition.host)
            add("address", condition.address)
        case .announcement(let step): add(step)
        case .historyDamaged(let from, let to, let sha):
            add("from", Int(from))
            add("to", Int(to))
            add("sha", sha)
        case .ignored: add("optional", .bool(true))
        }
    }

    private mutating func add(_ finished: Finished) {
        add("id", finished.id.text)
        add("keys", finished.keys)
        add("feed", finished.feed)
        add("entry", finished.entry)
        add("rule", finished.rule.rawValue)
        add("announce", finished.announce)
        add("backfill", finished.backfill ?? "")
        add("finish", finished.finish.json)
        add("stated", Stated.json(finished.stated))
    }

    private mutating func add(_ revision: Revision) {
        add("id", revision.id.text)
        add("keys", revision.keys)
        add("feed", revision.feed)
        add("backfill", revision.backfill ?? "")
        add("set", revision.change.setJSON)
        add("unset", revision.change.unsetJSON)
        add("stated", Stated.json(revision.stated))
    }

    private mutating func add(_ step: AnnouncementStep) {
        add("id", step.id.text)
        add("network", step.network)
        add("attempt", step.attempt)
        add("text", step.text)
        add("key", step.key)
        add("record", step.record)
        add("after", step.after)
        add("post", step.post)
        add("url", step.url)
        add("uri", step.uri)
        add("reason", step.reason)
    }
}
