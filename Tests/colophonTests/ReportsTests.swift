import Catalogue
import Files
import Formats
import Storage
import Testing

@testable import Operations
@testable import colophon

@Suite struct ReportsTests {
    @Test func `every member of the JSON of import and status has a word in the help`() throws {
        func names(_ json: JSONValue) -> [String] {
            (json.objectValue ?? []).flatMap { [$0.name] + names($0.value) } + (json.arrayValue ?? []).flatMap(names)
        }
        let failure = Failure(
            FollowedFeed(
                settings: Configuration.Feed(name: "f"), address: try #require(WebAddress("https://a.example/f")), isPrivate: false, every: nil,
                userAgent: nil, position: TOMLPosition(line: 1, column: 1)),
            .fetch, "not found (404)")
        var report = ImportReport(isDryRun: false)
        report.feeds = [
            FeedReport("a", .notDue(Instant(seconds: 0))), FeedReport("b", .gone), FeedReport("c", .unchanged),
            FeedReport("d", .failed(failure, inARow: 2)), FeedReport("e", .read(FeedReport.Counts(service: "blog", entries: 1))),
        ]
        report.held = [AnnouncementStep(.held, id: FinishID("a:b:1"), network: "x", reason: "a flood")]
        let imported = Command.importFeeds.json ?? ""
        for name in names(ImportTalk(report, now: Instant(seconds: 0)).json) { #expect(imported.contains(name), "\(name)") }
        let feed = Status.Feed(
            name: "f", service: "blog", adopted: Instant(seconds: 0), succeeded: Instant(seconds: 0), next: Instant(seconds: 0), failures: 0,
            condition: .failing, reason: "not found (404)", finishes: 1, entries: 1)
        var status = Status(feeds: [feed])
        (status.outage, status.lastRun, status.snapshot) = (Instant(seconds: 0), Instant(seconds: 0), 1)
        status.unpublished = Instant(seconds: 0)
        status.silent = [Status.Silence(network: "x", since: Instant(seconds: 0), reason: "closed")]
        let stood = Command.status.json ?? ""
        for name in names(status.json) { #expect(stood.contains(name), "\(name)") }
    }

    @Test(arguments: [
        (450, 500, "★★★★½"), (500, 500, "★★★★★"), (50, 500, "½"), (800, 1000, "★★★★"),
        (900, 1000, "★★★★½"), (425, 500, "4.25/5"), (8700, 10_000, "87/100"),
    ])
    func `ratings become stars where halves are enough`(_ value: Int, _ best: Int, _ text: String) throws {
        let rating = try #require(Rating(value: value, best: best))
        #expect(Reports.stars(rating) == text)
    }

    @Test func `what nobody asked to have posted by hand is told to who watches alone`() {
        var report = ImportReport(isDryRun: false)
        report.lapsed = [
            AnnouncementStep(.skipped, id: FinishID("a:b:1"), network: "x", reason: "waited longer than a day")
        ]
        let talk = ImportTalk(report, now: Instant(seconds: 0))
        #expect(talk.warnings(isWatched: false).isEmpty)
        #expect(talk.warnings(isWatched: true) == [
            "not posted: x/a:b:1: waited longer than a day; \"colophon tweets --retry\" posts it after all"
        ])
        report.lapsed = []
        report.held = [
            AnnouncementStep(.held, id: FinishID("a:b:1"), network: "x", reason: AnnouncementStep.logPutBack),
            AnnouncementStep(.held, id: FinishID("a:b:2"), network: "x", reason: "perhaps the same as a:b:1"),
        ]
        #expect(ImportTalk(report, now: Instant(seconds: 0)).warnings(isWatched: false) == [
            "held: x/a:b:1: the log was put back: nobody knows whether it was posted: look, then say "
                + "\"tweets --sent\" or \"tweets --retry\"",
            "held: x/a:b:2: perhaps the same as a:b:1; \"colophon status\" says how to decide",
        ])
    }

    @Test(arguments: [
        (["feed.json", "-2025.json"], false, ["published feed.json, -2025.json"]), ([], false, ["the pages were right already"]),
        ([], true, [
            "the pages were right already",
            "feeds.toml has changed: \"colophon import\" takes it up, these pages do not have it yet",
        ]),
    ] as [([String], Bool, [String])])
    func `publish says what it wrote, and what it does not know yet`(changed: [String], isNew: Bool, lines: [String]) {
        #expect(Reports.lines(RepublishReport(changed: changed, hasNewSettings: isNew)) == lines)
    }

    @Test func `a title cannot move the cursor`() {
        #expect(Reports.oneLine("a\u{1B}[2Jb\nc\u{202E}d\u{7}") == "a[2Jb cd")
    }

    @Test(arguments: [
        (OperationError.noSettings(folder: "/s"),
            "colophon: there is no feeds.toml in /s: \"colophon init\" writes one, \"--store DIR\" names another folder"),
        (OperationError.noStore(folder: "/s"),
            "colophon: /s is no store: it has neither a feeds.toml nor a log: \"--store DIR\" names another folder"),
        (OperationError.noLog(folder: "/s", copy: "/c"),
            "colophon: nothing is recorded in /s, so nothing tells whether /c is a copy of it: if it is, copy its log/ "
                + "there yourself"),
        (OperationError.logLost(folder: "/s"),
            "colophon: /s/log is gone, for polls.json was written beside one: take it from a copy of the store, or "
                + "begin anew with \"colophon repair --accept-rollback\""),
        (OperationError.noFeed(name: "flims", nearest: "films"),
            "colophon: no feed is called \"flims\" (did you mean \"films\"?)"),
        (OperationError.noFinish(id: "x"),
            "colophon: no finish is called \"x\": \"colophon list --ids\" shows what they are called"),
        (OperationError.noAnnouncement(id: "x"),
            "colophon: no announcement is called \"x\": \"colophon tweets --all\" shows what they are called"),
        (OperationError.forgotten(id: "x/1"),
            "colophon: the finish of x/1 was forgotten, and nothing can be posted of it: say \"tweets --sent\" or "
                + "\"tweets --skip\""),
        (OperationError.unreadable(what: "time", found: "soon", expected: "a day"),
            "colophon: the time \"soon\" cannot be used, expected a day"),
        (OperationError.disk(DiskError(.write, "/s/polls.json", 28)),
            "colophon: cannot write /s/polls.json: No space left on device"),
    ])
    func `each error says what, where and how to mend it`(_ error: OperationError, _ line: String) {
        #expect(Reports.lines(error) == [line])
    }

    @Test func `a mistake in feeds.toml is a line that an editor can jump to`() {
        let mistake = SettingsMistake(file: "feeds.toml", line: 14, column: 1, message: "unknown key \"meduim\"")
        #expect(Reports.line(mistake) == "feeds.toml:14:1: unknown key \"meduim\"")
    }

    @Test(arguments: [
        (FeedCondition(.failing, feed: "films", reason: "not found (404)", host: "letterboxd.com"),
            "films: has failed three times in a row: not found (404) (letterboxd.com)"),
        (FeedCondition(.recovered, feed: "films", host: "letterboxd.com"),
            "films: is well again (letterboxd.com)"),
        (FeedCondition(.moved, feed: "films", reason: "a permanent redirect", host: "example.net"),
            "films: has moved for good to example.net: set its url in feeds.toml (\"colophon check\" shows the address)"),
        // Every answer was good: it has not failed three times.
        (FeedCondition(.failing, feed: "films", reason: Drought.reason, host: "example.org"),
            "films: " + Drought.reason + " (example.org)"),
        (FeedCondition(.gone, feed: "films", reason: "gone for good (410)", host: "example.org"),
            "films: is gone for good (410) (example.org): it is not asked again until its part of feeds.toml changes"),
    ])
    func `news about a feed is one line`(_ condition: FeedCondition, _ line: String) {
        #expect(Reports.line(condition) == line)
    }

    @Test func `a feed's line says how it is, and of one that is gone no time`() throws {
        let now = try #require(Instant(rfc3339: "2026-11-26T12:00:00Z"))
        var feed = Status.Feed(
            name: "films", service: "letterboxd", adopted: now, succeeded: now.adding(seconds: -7200),
            next: now.adding(seconds: 3600), failures: 3, condition: .failing, reason: "not found (404)", finishes: 2,
            entries: 2)
        func line() -> String? { Reports.lines(Status(feeds: [feed]), now: now).first }
        #expect(
            line() == "films  2 finishes, last answer 2026-11-26 10:00, next 2026-11-26 13:00, "
                + "failed 3 times in a row, failing: not found (404)")
        (feed.condition, feed.reason, feed.next, feed.failures) = (.gone, "gone for good (410)", nil, 1)
        #expect(line() == "films  2 finishes, last answer 2026-11-26 10:00, gone for good (410): not asked again")
    }

    @Test func `a repair says what had changed and where it is kept`() {
        var outcome = Repair.Outcome()
        outcome.events = 1
        let verdict = "1 event recorded; \"colophon verify\" checks all of them"
        #expect(Reports.lines(outcome) == ["nothing to mend", verdict])
        outcome.mends = [
            .byte(file: "/s/log/1", offset: 12, was: 7, copy: "/s/log/quarantine-1-1"),
            .segment(file: "/s/log/2", from: "/c/log/2", copy: nil),
            .head(file: "/s/log/head.json", sequence: 9, copy: "/s/log/quarantine-0-1"),
        ]
        #expect(Reports.lines(outcome) == [
            "/s/log/1: byte 12 had changed and is right again; as it was: /s/log/quarantine-1-1",
            "/s/log/2: taken from /c/log/2; it was missing",
            "/s/log/head.json: made anew, to event 9; as it was: /s/log/quarantine-0-1", verdict,
        ])
    }

    @Test func `an accepted loss is said by file, bytes and numbers`() {
        var outcome = Repair.Outcome()
        outcome.events = 12
        outcome.losses = [
            Loss(
                file: "/s/log/1", bytes: 200..<1400, sequences: 3...9, readable: 2, restored: 1,
                gone: [3, 5, 6, 9], copy: "/s/log/quarantine-1-1"),
            Loss(file: "/s/log/10", bytes: 0..<0, sequences: 10...10, gone: [10]),
            Loss(file: "/s/log/11", bytes: 90..<95, sequences: nil, copy: "/s/log/quarantine-11-1"),
        ]
        outcome.unfit = [
            UnfitEvent(
                file: "/s/log/1", bytes: 1500..<1600, sequence: 11, type: "corrected",
                problem: "finish \"x:1\" is not known", copy: "/s/log/quarantine-1-1"),
        ]
        outcome.held = 1
        #expect(Reports.lines(outcome) == [
            "/s/log/1: bytes 200 to 1400 are damaged, events 3 to 9: 2 could still be read, 1 came from a snapshot, "
                + "lost: 3, 5 to 6, 9; as it was: /s/log/quarantine-1-1",
            "/s/log/10: it is missing, event 10: lost: 10",
            "/s/log/11: bytes 90 to 95 were no part of the log and are gone; as it was: /s/log/quarantine-11-1",
            "event 11 (\"corrected\") can be read, but finish \"x:1\" is not known: it was given up; once that has "
                + "changed, say it again: it stands at byte 1500 of /s/log/quarantine-1-1",
            "the log goes on in a new chain: copies of this store have to be made anew",
            "1 announcement is held, for nobody knows what was posted already: \"colophon tweets\" shows them",
            "12 events recorded; \"colophon verify\" checks all of them",
        ])
        #expect(
            String(decoding: JSONWriter.compact(outcome.json), as: UTF8.self)
                == #"{"mends":[],"losses":[{"file":"/s/log/1","offset":200,"bytes":1200,"from":3,"to":9,"readable":2,"#
                + #""restored":1,"gone":[3,5,6,9],"kept":"/s/log/quarantine-1-1"},{"file":"/s/log/10","offset":0,"#
                + #""bytes":0,"from":10,"to":10,"readable":0,"restored":0,"gone":[10]},{"file":"/s/log/11","offset":90,"#
                + #""bytes":5,"kept":"/s/log/quarantine-11-1"}],"unfit":[{"seq":11,"type":"corrected","#
                + #""problem":"finish \"x:1\" is not known","file":"/s/log/1","offset":1500,"bytes":100,"#
                + #""kept":"/s/log/quarantine-1-1"}],"held":1,"notes":[],"events":12}"#)
    }

    /// Nothing of it was damaged: that may not be said of a line that only speaks of what is lost.
    @Test func `an event that only speaks of what is lost is not called damaged`() {
        var outcome = Repair.Outcome()
        outcome.events = 8
        outcome.unfit = [
            UnfitEvent(file: "/s/log/1", bytes: 9..<90, sequence: 6, type: "hidden", problem: "finish \"x:1\" is not known"),
        ]
        let lines = Reports.lines(outcome)
        #expect(lines.count == 3 && lines[0].hasPrefix("event 6 (\"hidden\") can be read") && !lines[0].contains("damaged"))
        #expect(lines[1] == "the log goes on in a new chain: copies of this store have to be made anew")
        outcome.losses = [Loss(file: "/s/log/1", bytes: 1..<99, sequences: 6...7, readable: 1)]
        #expect(
            Reports.lines(outcome)[0]
                == "/s/log/1: bytes 1 to 99 are damaged, events 6 to 7: 1 could still be read, readable and given up: 6")
    }

    @Test func `a repair of what has recorded nothing says so`() {
        #expect(Reports.lines(Repair.Outcome()) == ["nothing is recorded yet, so there is nothing to mend"])
    }

    @Test func `what was lost is said by verify and in the log`() {
        var found = Verify()
        (found.events, found.batches, found.segments) = (9, 2, 1)
        let at = Instant(rfc3339: "2026-11-24T12:00:00Z")!
        found.losses = [Verify.Loss(from: 3, to: 6, at: at, sha: ""), Verify.Loss(from: 8, to: 8, at: at, sha: "")]
        #expect(Reports.lines(found) == [
            "9 events in 2 batches and 1 segment: every checksum and the chain are right",
            "of events 3 to 6 some were lost, and that was accepted on 2026-11-24 12:00",
            "event 8 was given up, and that was accepted on 2026-11-24 12:00",
        ])
        #expect(
            Reports.line(Event(sequence: 4, at: at, fact: .historyDamaged(from: 4, to: 4, sha: "")))
                == "4     2026-11-24 12:00  given up: this event could not be read, or spoke of a finish that is lost")
        #expect(
            Reports.line(Event(sequence: 9, at: at, fact: .historyDamaged(from: 3, to: 6, sha: "")))
                == "9     2026-11-24 12:00  damaged: what could not be kept of events 3 to 6 was given up")
    }
}
