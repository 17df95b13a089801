import Formats
import Testing

@testable import Catalogue

@Suite struct ReduceTests {
    private func apply(_ line: String, to log: Chronicle) -> EventError? {
        var state = log.state
        do {
            try state.apply(Array(line.utf8), 0..<line.utf8.count)
            return nil
        } catch {
            #expect(state == log.state, "a refused event changes nothing")
            return error
        }
    }

    @Test func `what does not follow is refused and changes nothing`() {
        var log = Chronicle(feed("films"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        let front = #"{"seq":\#(log.state.sequence + 1),"at":"2026-11-23T14:00:00Z","type":"#
        let body = #","feed":"films","rule":"id","finish":{"title":"T"}}"#
        for (line, problem) in [
            ("{}", "the line does not begin as an event does"),
            ("", "the line does not begin as an event does"),
            (#"{"seq":99,"at":"2026-11-23T14:00:00Z","type":"hidden","id":"a:b:1"}"#, "sequence 4 was expected"),
            (front + #""finished","id":"a:b:1","keys":["a:b:1"]"# + body, #"key "a:b:1" is known already"#),
            (front + #""finished","id":"a:b:2","keys":["a:b:2","a:b:1"]"# + body, #"key "a:b:1" is known already"#),
            // The slow way, by an escape.
            (front + #""finished","id":"\u0061:b:1","keys":["a:b:1"]"# + body, #"key "a:b:1" is known already"#),
            (front + #""hidden","id":"a:b:9"}"#, #"finish "a:b:9" is not known"#),
            (front + #""merged","id":"a:b:1","into":"a:b:9","by":"person"}"#, #"finish "a:b:9" is not known"#),
            (front + #""revised","id":"a:b:9","feed":"films"}"#, #"finish "a:b:9" is not known"#),
            (front + #""announcement-sent","id":"a:b:1","network":"mastodon"}"#, #"nothing is owed to mastodon for "a:b:1""#),
            (front + #""finished","id":"a:b:2","keys":["a:b:2"],"feed":"films","rule":"guess","finish":{"title":"T"}}"#, #"type "finished" with no usable "rule""#),
            (front + #""finished","id":"a:b:2","keys":["a:b:2"],"feed":"films","rule":"id","finish":{"kind":"opera","title":"T"}}"#, #"type "finished" with no usable "finish""#),
            (front + #""finished","id":"a:b:2","keys":["a:b:2"],"feed":"films","rule":"id","finish":{"title":""}}"#, #"type "finished" with no usable "finish""#),
            (front + #""finished","id":"a:b:2","keys":["a:b:2"],"feed":"films","rule":"id","finish":{"title":"T","instant":"soon"}}"#, #"type "finished" with no usable "finish""#),
        ] {
            #expect(apply(line, to: log)?.problem == problem, "\(line)")
        }
    }

    /// One event by both ways: copied as it stands, and decoded because of an escape, an unknown member
    /// or an announcement.
    @Test func `the fast way and the slow way give the same state`() throws {
        let rows: [(id: String, keys: [String], more: String, backfill: String)] = [
            ("a:b:1", ["a:b:1", "a:c:2"], #""day":"2026-11-20","instant":"2026-11-20T10:00:00Z""#, ""),
            ("a:b:1", ["a:b:1"], #""day":"2026-11""#, "b1"), ("a:b:1", ["a:b:1"], #""day":"2099-01-01""#, ""),
            ("a:b:1", ["a:b:1"], #""review":"q\"q\\q\n""#, ""), ("a:b:1", ["a:b:1"], #""year":1985"#, "b1"),
            ("known:k:1@2026-11-20", ["known:k:1@2026-11-20"], #""day":"2026-11-20","repeat":true"#, ""),
            ("known:k:1@2026-11", ["known:k:1@2026-11"], #""day":"2026-11","repeat":true"#, ""),
            ("known:k:1@tomorrow", ["known:k:1@tomorrow"], #""year":1"#, ""),
            ("gone:g:1", ["gone:g:1", "a:b:7"], #""year":1"#, ""), ("é:b:1", ["é:b:1"], #""creator":"ü""#, ""),
        ]
        for isAdoption in [false, true] {
            for row in rows {
                var log = Chronicle(feed("films"))
                log.see(seen("known:k:1", on: "2026-10-01"))
                log.see(seen("gone:g:1", on: "2026-10-02"))
                log.record([.forgotten(FinishID("gone:g:1"))])
                if isAdoption { log.record([.feedAdopted(feed: "films", service: "", entries: 1)]) }
                let keys = row.keys.map { "\"\($0)\"" }.joined(separator: ",")
                func line(_ id: String, announce: String = "", end: String = "") -> [UInt8] {
                    let backfill = row.backfill.isEmpty ? "" : ",\"backfill\":\"\(row.backfill)\""
                    return Array(
                        (#"{"seq":\#(log.state.sequence + 1),"at":"2026-11-23T14:00:00Z","type":"finished","id":"\#(id)","keys":[\#(keys)],"feed":"films","entry":"e","rule":"service"\#(announce)\#(backfill),"finish":{"kind":"movie","title":"T",\#(row.more)},"stated":{"feed":"x}"}\#(end)}"#).utf8)
                }
                let plain = line(row.id)
                #expect(FinishedLine(plain.span, 0..<plain.count)?.hasEscape == false)
                var fast = log.state
                try fast.apply(plain, 0..<plain.count)
                let first = row.id.unicodeScalars.first!
                let escaped = String(first.value, radix: 16)
                let id = "\\u" + String(repeating: "0", count: 4 - escaped.count) + escaped
                    + row.id.unicodeScalars.dropFirst().map(String.init).joined()
                for other in [
                    line(id), line(row.id, end: #","sources":["evil"],"modified":"2020-01-01T00:00:00Z""#),
                    line(row.id, end: #","from":"x","series":1"#), line(row.id, announce: #","format":"x""#),
                ] {
                    var slow = log.state
                    try slow.apply(other, 0..<other.count)
                    #expect(slow == fast, "\(row.id): \(String(decoding: other, as: UTF8.self))")
                }
                var owed = log.state
                let announced = line(row.id, announce: #","announce":["x"]"#)
                try owed.apply(announced, 0..<announced.count)
                #expect(owed.announcements.map(\.finish.text) == [row.id])
                owed.announcements = []
                #expect(owed.sections == fast.sections)
            }
        }
    }

    @Test func `the line may stand in the middle of a buffer`() throws {
        var log = Chronicle(feed("films"))
        let before = log.state
        log.see(seen("a:b:1", "a:c:1", on: "2026-11-20"), Arrival(backfill: "b"))
        let line = log.lines.last!
        var state = before
        try state.apply(Array("garbage".utf8) + line + Array("more".utf8), 7..<(7 + line.count))
        #expect(state == log.state)
    }

    @Test func `what is addressed to a merged finish reaches the one that speaks for it`() {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        log.see(seen("c:d:1", in: "plays", titled: "Other", on: "2026-11-20"))
        log.record([.merged(id: FinishID("c:d:1"), into: FinishID("a:b:1"), by: .person)])
        let young = FinishID("c:d:1")
        log.record([
            .revised(Revision(
                id: young, keys: ["e:f:1"], feed: "plays",
                change: Change(set: [FieldValue(.year, .integer(1985))]))),
            .corrected(id: young, change: Change(set: [FieldValue(.creator, .string("AK"))])),
        ])
        #expect(log.finish("e:f:1")?.year == 1985)
        #expect(log.finish("a:b:1")?.creator == "AK")
        log.record([.withdrawn(id: young, feed: "plays")])
        #expect(log.shown.isEmpty)
        log.record([.restored(id: young, feed: "plays"), .hidden(young)])
        #expect(log.state.isHidden(FinishID("a:b:1")))
        log.record([.unhidden(young), .merged(id: young, into: FinishID("a:b:1"), by: .person)])
        #expect(log.shown == ["a:b:1"])
        log.record([.forgotten(young)])
        #expect(log.state.finish(withKey: "a:b:1") == nil)
        #expect(log.see(seen("c:d:1", in: "plays", on: "2026-11-20")).finished?.announce == [])
        #expect(log.shown == ["c:d:1"])
    }

    @Test func `a merged finish gives what the older one lacks, and no time of another day`() {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        log.see(seen("c:d:1", in: "plays", titled: "Other", on: "2026-11-19") {
            ($0.year, $0.instant) = (1985, Instant(rfc3339: "2026-11-19T10:00:00Z"))
        })
        log.record([.merged(id: FinishID("c:d:1"), into: FinishID("a:b:1"), by: .person)])
        let standing = log.state.finish(withKey: "c:d:1")
        #expect(standing?.finish == Finish(kind: .movie, title: "Ran", year: 1985, day: Day("2026-11-20")))
        #expect(standing?.owner(of: .year) == "plays")
        #expect(standing?.sources == ["plays"])
        #expect(standing?.keys == ["a:b:1", "c:d:1"])
    }

    @Test func `a feed's condition is kept until it recovers`() {
        var log = Chronicle(feed("films"))
        log.record([.feedCondition(FeedCondition(.failing, feed: "films", reason: "404"))])
        #expect(log.state.feed(named: "films")?.isUnwell == true)
        log.record([.feedCondition(FeedCondition(.gap, feed: "films"))])
        #expect(log.state.feed(named: "films")?.reason == "404")
        log.record([.feedCondition(FeedCondition(.recovered, feed: "films"))])
        #expect(log.state.feed(named: "films")?.isUnwell == false)
        log.record([.feedCondition(FeedCondition(.gone, feed: "never seen"))])
        #expect(log.state.feed(named: "never seen")?.adopted == nil)
        #expect(log.state.feed(named: "never seen")?.isUnwell == true)
    }
}
