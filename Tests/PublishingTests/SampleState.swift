import Catalogue
import Foundation
import Formats
import Testing

@testable import Publishing

/// A state made of events, as every state is.
struct SampleState {
    var state = State()

    init(_ change: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration()
        configuration.site.homePageURL = "https://example.org/about/"
        configuration.site.feedURL = "https://example.org/media/feed.json"
        configuration.site.authorName = "Ada Example"
        configuration.site.authorURL = "https://example.org/"
        change(&configuration)
        add(.configured(configuration), at: "2026-01-01T00:00:00Z")
    }

    mutating func add(_ fact: Fact, at time: String) {
        let at = Instant(rfc3339: time) ?? Instant(seconds: 0)
        let line = EventCoding.encode(Event(sequence: state.sequence + 1, at: at, fact: fact))
        do {
            try state.apply(line, 0..<line.count)
        } catch {
            Issue.record("\(error)")
        }
    }

    mutating func finish(
        _ id: String, _ finish: Finish, at time: String = "2026-11-23T14:00:00Z",
        announce: [String] = []
    ) {
        add(
            .finished(
                Finished(
                    id: FinishID(id), keys: [], feed: "films", entry: id, rule: .service,
                    announce: announce, finish: finish)),
            at: time)
    }

    /// A dozen finishes of every kind, with what is odd about finishes.
    static var dozen: SampleState {
        var sample = SampleState { configuration in
            configuration.announce.networks = [.init("x")]
        }
        sample.finish(
            "goodreads:review:1",
            Finish(
                kind: .book, title: "The Lamplighter’s Almanac", creator: "Inés Barrow", year: 2019,
                day: Day("2026-11-20"), rating: Rating(value: 450, best: 500),
                review: "<p>Slow, <em>warm</em> and exact.</p>", cover: "https://img.example/1.jpg",
                url: "https://books.example/review/1",
                identifiers: [Identifier("isbn13", "9780000000019")]), announce: ["x"])
        sample.add(
            .coverSaved(
                id: FinishID("goodreads:review:1"),
                cover: SavedCover(
                    sha256: String(repeating: "0a", count: 32), mediaType: "image/jpeg", width: 400,
                    height: 600)), at: "2026-11-23T14:00:00Z")
        sample.finish(
            "letterboxd:viewing:2",
            Finish(
                kind: .movie, title: "Harbour Lights <i>& Others</i>", creator: "T. Okafor",
                year: 1962, day: Day("2026-11-20"), instant: Instant(rfc3339: "2026-11-20T21:30:00Z"),
                rating: Rating(value: 350, best: 500), isRepeat: true,
                review: "<p>He was the lighthouse all along.</p>", spoiler: true,
                url: "https://films.example/ada/2"), announce: ["x"])
        sample.finish(
            "feed:blog:id:3",
            Finish(
                kind: .article, title: "Why ASP.NET Core names its tides", day: Day("2026-11-18"),
                url: "https://example.org/notes/tides"))
        sample.finish(
            "serializd:season:4",
            Finish(kind: .tv, title: "The Quiet Mile", season: 2, day: Day("2026-11-02")))
        sample.finish(
            "backloggd:review:5",
            Finish(
                kind: .game, title: "Drift & Ember", creator: "Small Oak Studio", day: Day("2026-10-31"),
                rating: Rating(value: 8700, best: 10000)))
        sample.finish(
            "feed:music:id:6",
            Finish(kind: .music, title: "夜の灯台", creator: "港ラジオ", day: Day("2026-10-14")))
        sample.finish(
            "feed:pod:id:7",
            Finish(kind: .podcast, title: "מגדלור", creator: "רדיו החוף", day: Day("2026-09")))
        sample.finish(
            "goodreads:review:8",
            Finish(kind: .book, title: "Field Notes on Fog", creator: "M. Lindqvist", day: Day("2025")))
        sample.finish(
            "goodreads:review:9",
            Finish(
                kind: .book, title: "A Short History of Rope", creator: "Edda Quill",
                day: Day("2025-03-09"), rating: Rating(value: 500, best: 500)))
        sample.finish(
            "letterboxd:viewing:10",
            Finish(kind: .movie, title: "Nine Bells", year: 2024, day: Day("2025-03-09")))
        sample.finish("feed:misc:id:11", Finish(title: "Something of no known kind"))
        sample.finish(
            "goodreads:review:12",
            Finish(
                kind: .book, title: String(repeating: "Interminable ", count: 24) + "End",
                creator: "Anon", day: Day("2024-02-29")))
        return sample
    }
}

/// Files that tests read, found from this one.
enum Fixture {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What is expected of a page. `COLOPHON_GOLDEN=write` writes what is instead, to be read and judged.
    static func golden(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let url = root.appending(path: "Tests/Fixtures/golden/" + name)
        if ProcessInfo.processInfo.environment["COLOPHON_GOLDEN"] == "write" {
            try? FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? Data(bytes).write(to: url)
        }
        return (try? Data(contentsOf: url)).map { Array($0) } ?? []
    }

    /// A file of the public conformance data; `nil` where that is not at hand, which CI does not accept.
    static func conformance(_ name: String) -> JSONValue? {
        guard let data = conformanceData(name) else { return nil }
        do {
            return try JSONReader.read(data)
        } catch {
            Issue.record("\(name): \(error)")
            return nil
        }
    }

    static func conformanceData(_ name: String) -> [UInt8]? {
        let url = root.deletingLastPathComponent().appending(path: "shared/conformance/" + name)
        if let data = try? Data(contentsOf: url) { return Array(data) }
        if ProcessInfo.processInfo.environment["CI"] == "true" {
            Issue.record("../shared/conformance/\(name) is missing")
        }
        return nil
    }
}
