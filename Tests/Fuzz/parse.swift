// What libFuzzer calls (`script/fuzz parse SECONDS`): any bytes may come from the network, so the reader
// must give entries or an error for all of them, all that it gives must be readable, and what a service makes of
// it must be facts that the log can be folded from: one that is not would end the run of all feeds.
import Catalogue
import Feeds
import Formats
import Services
import XML

@_cdecl("LLVMFuzzerTestOneInput")
public func readAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // The last byte chooses what came with the document, and where the site's clocks stand.
    let contentTypes: [String?] = [
        nil, "text/xml", "application/rss+xml; charset=utf-8", "text/xml; charset=\"windows-1251\"",
        "application/xml;charset=shift_jis", "text/xml; charset=utf-16", "application/feed+json",
    ]
    let last = bytes.popLast().map(Int.init) ?? 0
    let choice = last % contentTypes.count
    guard
        let document = try? FeedReader.read(
            bytes, contentType: contentTypes[choice], address: "https://example.org/a/feed.xml")
    else { return 0 }
    _ = document.json
    for entry in document.entries {
        for key in entry.keys { precondition(!(key.value + key.loose).isEmpty || key.rule == .id) }
        for body in [entry.summary, entry.content] {
            guard let body else { continue }
            _ = HTMLText.plain(body.value)
            let reduced = HTMLReduction.reduce(body.value)
            let again = HTMLReduction.reduce(reduced)
            if again != reduced { fatalError("\(reduced.debugDescription) reduced again is \(again.debugDescription)") }
        }
        for element in entry.elements { precondition(element == element, "an element is itself") }
    }
    record(document, offset: (last / contentTypes.count % 27 - 12) * 3600)
    return 0
}

/// As an import takes it in: entries become sightings, sightings events.
private func record(_ document: FeedDocument, offset: Int) {
    let feed = Configuration.Feed(name: "feed")
    let context = FeedContext(feed: feed, address: "https://example.org/a/feed.xml") { _ in offset }
    let now = Instant(seconds: 1_790_000_000)
    var state = State()
    for entry in Services.read(document, context: context).recognised {
        let sighting = entry.sighting
        let passed = Passed(
            feed: feed.name, entry: sighting.entry, title: sighting.finish.title, reason: entry.reason,
            stated: sighting.stated)
        let facts =
            entry.finished == true
            ? state.decide(sighting, Arrival(feed: feed), now: now) : state.decide(passed)
        for fact in facts {
            let line = EventCoding.encode(Event(sequence: state.sequence + 1, at: now, fact: fact))
            do throws(EventError) {
                try state.apply(line, 0..<line.count)
            } catch {
                fatalError("a fact that was just decided does not fold: \(error.problem)")
            }
        }
    }
}
