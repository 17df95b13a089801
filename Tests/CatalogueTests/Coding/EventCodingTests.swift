import Foundation
import Formats
import Testing

@testable import Catalogue

@Suite struct EventCodingTests {
    private let at = Instant(rfc3339: "2026-11-23T14:00:00Z")!

    private func decode(_ line: String) throws -> Event { try EventCoding.decode(Array(line.utf8)) }

    @Test func `every type has its name in the list, and none is named twice`() {
        var written = Set(EventSamples.facts.map(\.type))
        written.formUnion(FeedCondition.Turn.allCases.map { "feed-" + $0.rawValue })
        written.formUnion(AnnouncementStep.Step.allCases.map { "announcement-" + $0.rawValue })
        #expect(written == Set(Fact.types))
        #expect(Set(Fact.types).count == Fact.types.count)
    }

    @Test func `every type and field comes back as it was`() throws {
        for fact in EventSamples.facts {
            let event = Event(sequence: 7, at: at, fact: fact)
            #expect(try EventCoding.decode(EventCoding.encode(event)) == event)
        }
    }

    @Test func `every type is written as the golden lines have it`() throws {
        let golden = try Fixture.lines("golden/events.ndjson")
        #expect(golden.count == EventSamples.facts.count)
        for (index, (fact, line)) in zip(EventSamples.facts, golden).enumerated() {
            let event = Event(sequence: Int64(index + 1), at: at, fact: fact)
            #expect(String(decoding: EventCoding.encode(event), as: UTF8.self) == line)
            #expect(try decode(line) == event)
        }
    }

    @Test func `the events of the store's test vector are written byte for byte`() {
        let lines = [
            #"{"seq":1,"at":"2026-01-15T12:00:00Z","type":"feed-adopted","feed":"shelf","service":"generic","entries":1}"#,
            #"{"seq":2,"at":"2026-01-15T12:00:00Z","type":"finished","id":"feed:shelf:id:urn:isbn:9780000000007","keys":["feed:shelf:id:urn:isbn:9780000000007"],"feed":"shelf","entry":"urn:isbn:9780000000007","rule":"id","finish":{"kind":"book","title":"Café \"Q\"","day":"2026-01-14","rating":{"value":400,"best":500}}}"#,
        ]
        let then = Instant(rfc3339: "2026-01-15T12:00:00Z")!
        let id = "feed:shelf:id:urn:isbn:9780000000007"
        let facts: [Fact] = [
            .feedAdopted(feed: "shelf", service: "generic", entries: 1),
            .finished(
                Finished(
                    id: FinishID(id), keys: [id], feed: "shelf", entry: "urn:isbn:9780000000007",
                    rule: .id,
                    finish: Finish(
                        kind: .book, title: "Café \"Q\"", day: Day("2026-01-14"),
                        rating: Rating(value: 400, best: 500)))),
        ]
        for (index, fact) in facts.enumerated() {
            let line = EventCoding.encode(Event(sequence: Int64(index + 1), at: then, fact: fact))
            #expect(String(decoding: line, as: UTF8.self) == lines[index])
        }
    }

    @Test func `false, null and empty are left out`() {
        let id = FinishID("a:b:1")
        let finished = Finished(
            id: id, keys: ["a:b:1"], feed: "f", entry: "", rule: .hand,
            finish: Finish(title: "T", creator: "", review: "", cover: "", url: ""))
        for (fact, rest) in [
            (Fact.finished(finished), #""finished","id":"a:b:1","keys":["a:b:1"],"feed":"f","rule":"hand","finish":{"title":"T"}}"#),
            (.revised(Revision(id: id, feed: "f")), #""revised","id":"a:b:1","feed":"f"}"#),
            (.announcement(AnnouncementStep(.held, id: id, network: "x")), #""announcement-held","id":"a:b:1","network":"x"}"#),
            (.feedCondition(FeedCondition(.gap, feed: "f")), #""feed-gap","feed":"f"}"#),
        ] {
            let line = EventCoding.encode(Event(sequence: 1, at: at, fact: fact))
            #expect(String(decoding: line, as: UTF8.self)
                == #"{"seq":1,"at":"2026-11-23T14:00:00Z","type":"# + rest)
        }
    }

    @Test func `unknown fields are ignored`() throws {
        for fact in EventSamples.facts {
            let event = Event(sequence: 7, at: at, fact: fact)
            var line = EventCoding.encode(event)
            line.removeLast()
            line += Array(#","future":{"set":[1,null]},"more":"x"}"#.utf8)
            #expect(try EventCoding.decode(line) == event)
        }
        let inside = #"{"seq":1,"at":"2026-11-23T14:00:00Z","type":"corrected","id":"a","set":{"mood":"good","year":1985},"unset":["smell","day"]}"#
        #expect(try decode(inside).fact == .corrected(
            id: FinishID("a"), change: Change(set: [FieldValue(.year, .integer(1985))], unset: [.day])))
    }

    @Test func `an unknown type that is optional is ignored`() throws {
        let line = #"{"seq":3,"at":"2026-11-23T14:00:00Z","type":"mood-noted","optional":true,"id":"a"}"#
        #expect(try decode(line) == Event(sequence: 3, at: at, fact: .ignored(type: "mood-noted")))
    }

    private static let front = #"{"seq":3,"at":"2026-11-23T14:00:00Z","type":"#

    @Test(arguments: [
        ("{", 0, "found the end of the document at column 2", false),
        ("[]", 0, #""seq", "at" or "type" is missing"#, false),
        (#"{"seq":4,"type":"hidden"}"#, 4, #""seq", "at" or "type" is missing"#, false),
        (#"{"seq":4,"at":"yesterday","type":"hidden"}"#, 4, #""seq", "at" or "type" is missing"#, false),
        (front + #""mood-noted"}"#, 3, #"type "mood-noted" needs a newer Colophon"#, true),
        (front + #""mood-noted","optional":"true"}"#, 3, #"type "mood-noted" needs a newer Colophon"#, true),
        (front + #""feed-singing","feed":"f"}"#, 3, #"type "feed-singing" needs a newer Colophon"#, true),
        (front + #""announcement-sung","id":"a","network":"x"}"#, 3, #"type "announcement-sung" needs a newer Colophon"#, true),
        (front + #""configured"}"#, 3, #"type "configured" with no usable "settings""#, false),
        (front + #""hidden"}"#, 3, #"type "hidden" with no usable "id""#, false),
        (front + #""hidden","id":7}"#, 3, #"type "hidden" with no usable "id""#, false),
        (front + #""feed-adopted"}"#, 3, #"type "feed-adopted" with no usable "feed""#, false),
        (front + #""passed-over","feed":"f"}"#, 3, #"type "passed-over" with no usable "entry""#, false),
        (front + #""backfill-undone"}"#, 3, #"type "backfill-undone" with no usable "backfill""#, false),
        (front + #""merged","id":"a","into":"b","by":"magic"}"#, 3, #"type "merged" with no usable "by""#, false),
        (front + #""merged","id":"a","by":"person"}"#, 3, #"type "merged" with no usable "into""#, false),
        (front + #""cover-saved","id":"a"}"#, 3, #"type "cover-saved" with no usable "sha256""#, false),
        (front + #""corrected","id":"a","set":{"day":"soon"}}"#, 3, #"type "corrected" with no usable "set.day""#, false),
        (front + #""announcement-sent","id":"a"}"#, 3, #"type "announcement-sent" with no usable "network""#, false),
        (front + #""finished","id":"a"}"#, 3, #"type "finished" with no usable "feed""#, false),
        (front + #""finished","id":"a","feed":"f","rule":"guess"}"#, 3, #"type "finished" with no usable "rule""#, false),
        (front + #""finished","id":"a","feed":"f","rule":"id","finish":{}}"#, 3, #"type "finished" with no usable "finish""#, false),
        (front + #""finished","id":"a","feed":"f","rule":"id","finish":{"title":"T","kind":"opera"}}"#, 3, #"type "finished" with no usable "finish""#, false),
    ])
    func `what is no event is named`(line: String, sequence: Int64, problem: String, needsNewer: Bool) {
        #expect(throws: EventError(sequence: sequence, problem: problem, needsNewer: needsNewer)) {
            try EventCoding.decode(Array(line.utf8))
        }
    }
}
