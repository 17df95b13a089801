import Formats
import Testing

@testable import Catalogue

/// What is found in a body without decoding it, held to account by what decoding finds.
struct BodyFieldsTests {
    /// Plain ones, absent fields, and texts that look like the members which are looked for.
    private let finishes: [Finish] = [
        Finish(title: "T"),
        Finish(kind: .book, title: "Piranesi", creator: "Susanna Clarke", year: 2020, day: Day("2026-11-20")),
        Finish(kind: .podcast, title: #"a "quoted" \ title"#, creator: "tab\tand\nline", day: Day("2026-11")),
        Finish(
            kind: .movie, title: #","year":1999,"day":"1999-09-09"}"#, creator: #"","kind":"game"#,
            day: Day("2026"), rating: Rating(value: 425, best: 500), isRepeat: true,
            review: #"<p>"feed":"evil","finish":{"title":"no"}</p>"#),
        Finish(
            kind: .tv, title: "終わり 🎬 é", year: -44, season: 2, episode: 10, day: Day("2026-02-28"),
            instant: Instant(seconds: 1_700_000_000), rating: Rating(value: 1, best: 1), spoiler: true,
            cover: "https://covers.example/a\"b.png", url: "https://example.org/?a=1&b=\"2\"",
            identifiers: [Identifier("isbn13", "9781635575637"), Identifier("title", "\"day\"")]),
    ]

    private func standings() -> [Standing] {
        var standings: [Standing] = []
        for (number, finish) in finishes.enumerated() {
            for keys in [["a:b:1"], ["a:b:1", "a:c:\"2\\"], ["letterboxd:x:1", "goodreads:y:2", "feed:n:3"]] {
                let finished = Finished(
                    id: FinishID(keys[0]), keys: keys, feed: "films\"\(number)", entry: "e,\"id\":\"x\"",
                    rule: .service, backfill: number % 2 == 0 ? "b1" : nil, finish: finish)
                let event = Event(sequence: 7, at: Instant(seconds: 1_760_000_000), fact: .finished(finished))
                var standing = Standing(body: EventCoding.encode(event))!
                standings.append(standing)
                standing.modified = Instant(seconds: 1_770_000_000)
                standing.sources = ["other", "back\"fill:b2"]
                standing.setOwner(of: .title, to: "other")
                standing.corrected = [.day, .rating]
                standing.cover = SavedCover(sha256: "ab", mediaType: "image/png", width: 3, height: 4)
                standings.append(standing)
            }
        }
        return standings
    }

    @Test func `the fields of a body are those that decoding finds`() throws {
        for standing in standings() {
            var table = FinishTable()
            // Not at the beginning of the arena, and with bytes behind it.
            for body in [Standing(body: standing.body)!.body, standing.body, standing.body] {
                _ = table.append(
                    body: body, 0..<(body.count - 1), isQuiet: false,
                    order: Order(day: nil, instant: nil, firstSight: standing.firstSight, isQuiet: false))
            }
            let fields = try #require(table.fields(at: 1))
            let finish = standing.finish
            #expect(table.text(fields.id) == standing.id.text)
            #expect(table.text(fields.feed) == standing.feed)
            #expect(table.texts(fields.keys) == standing.keys)
            #expect(table.texts(fields.sources) == standing.sources)
            #expect(table.text(fields.kind) == finish.kind?.rawValue ?? "")
            #expect(table.text(fields.title) == finish.title)
            #expect(table.text(fields.creator) == finish.creator ?? "")
            #expect(table.text(fields.day) == finish.day?.description ?? "")
            #expect(table.text(fields.year) == finish.year.map { "\($0)" } ?? "")
            #expect(fields.rating?.value == finish.rating?.value && fields.rating?.best == finish.rating?.best)
            #expect(fields.isRepeat == finish.isRepeat)
            #expect(fields.isSpoiler == finish.spoiler)
            #expect(table.text(fields.at) == standing.firstSight.description)
            #expect(fields.modified.isEmpty ? standing.modified == standing.firstSight
                : table.text(fields.modified) == standing.modified.description)
            #expect(table.text(fields.instant) == finish.instant?.description ?? "")
            #expect(table.text(fields.season) == finish.season.map { "\($0)" } ?? "")
            #expect(table.text(fields.episode) == finish.episode.map { "\($0)" } ?? "")
            #expect(table.text(fields.review) == finish.review ?? "")
            #expect(table.text(fields.cover) == finish.cover ?? "")
            #expect(table.text(fields.url) == finish.url ?? "")
        }
    }

    @Test func `a standing as it is written says what it says`() {
        for standing in standings() {
            let written = standing.written
            #expect(written.kind == standing.finish.kind)
            #expect(written.rating == standing.finish.rating)
            #expect(written.identifiers == standing.finish.identifiers)
            #expect(written.text(written.fields.title) == standing.finish.title)
            let cover = written.savedCover
            #expect(cover.map { written.text($0.sha256) } == standing.cover?.sha256)
            #expect(cover.map { written.text($0.mediaType) } == standing.cover?.mediaType)
            #expect(cover?.width == standing.cover?.width && cover?.height == standing.cover?.height)
        }
    }

    @Test func `a glance finds kind and day, wherever they stand`() {
        for (number, text) in [
            #"{"id":"a","finish":{"kind":"book","title":"T","day":"2026-11-20","url":"u"},"seq":1}"#,
            #"{"finish":{"day":"2026-11-20","title":"T","kind":"book"},"id":"a"}"#,
            #"{"finish":{"title":"\"day\":\"2026\"","kind":"book"}}"#, #"{"finish":{"title":"T"}}"#,
        ].enumerated() {
            let bytes = Array(text.utf8)
            let fields = BodyFields.kindAndDay(bytes.span, 0..<bytes.count)
            #expect(fields.map { String(decoding: bytes[$0.kind], as: UTF8.self) } == (number < 3 ? "book" : ""))
            #expect(fields.map { String(decoding: bytes[$0.day], as: UTF8.self) } == (number < 2 ? "2026-11-20" : ""))
        }
    }

    @Test func `what is no body, or cut off anywhere, has no fields`() {
        let body = standings()[7].body
        for end in 0..<body.count { #expect(BodyFields(body.span, 0..<end) == nil) }
        for text in ["", "{", "[]", "{\"id\"}", #"{"id":1}"#, #"{"finish":[]}"#, #"{"finish":{"rating":5}}"#] {
            let bytes = Array(text.utf8)
            #expect(BodyFields(bytes.span, 0..<bytes.count) == nil, "\(text)")
        }
    }

    @Test func `a list says what the standings say, whatever it is asked for`() {
        var log = Chronicle(feed("films"))
        for number in 0..<40 {
            var sighting = seen("known:k:\(number)", on: number % 7 == 0 ? nil : "202\(number % 5)-0\(1 + number % 9)-01")
            sighting.finish.kind = number % 5 == 0 ? nil : Kind.allCases[number % Kind.allCases.count]
            sighting.finish.creator = number % 3 == 0 ? "By \"\(number)\"" : nil
            log.see(sighting)
        }
        log.record([.hidden(FinishID("known:k:3")), .forgotten(FinishID("known:k:4"))])
        let state = log.state
        let all = state.newest()
        #expect(all.count == 38)
        for kind in [nil] + Kind.allCases {
            for year in [nil, 2020, 2023, 1999] {
                for feeds in [nil, ["films"], ["other", "films"], ["none"]] {
                    let listing = state.listed(kind: kind, year: year, feeds: feeds)
                    let wanted = all.filter {
                        (kind == nil || $0.finish.kind == kind) && (year == nil || $0.finish.day?.year == year)
                            && feeds?.contains($0.feed) != false
                    }
                    #expect(listing.map { state.standing(of: $0) } == wanted)
                    #expect(listing.isEmpty == wanted.isEmpty)
                    for (one, standing) in zip(listing, wanted) {
                        #expect(one.kind == standing.finish.kind && one.title == standing.finish.title)
                        #expect(one.creator == standing.finish.creator && one.day == standing.finish.day)
                        #expect(one.rating == standing.finish.rating)
                        #expect(one.isRepeat == standing.finish.isRepeat)
                    }
                }
            }
        }
        #expect(state.countsByFeed().map(\.count) == [39])
    }
}
