import Catalogue
import Files
import Formats
import Simulation
import Testing

@testable import Storage

/// STORE section 2, rows 5, 6 and 8: when nothing mends a log, a person's word lets it go on, with all that
/// can still be read, under the numbers it had.
struct AcceptedLossTests {
    private let store = StoreOnDisk(segmentFullBytes: 1_000)
    private static let now = Instant(rfc3339: "2026-02-01T08:00:00Z")!

    // MARK: a store of real events

    private static func finished(_ number: Int, announce: [String] = []) -> Fact {
        .finished(
            Finished(
                id: FinishID("letterboxd:viewing:\(number)"),
                keys: ["letterboxd:viewing:\(number)", "letterboxd:film:\(number)"], feed: "films",
                entry: "letterboxd-watch-\(number)", rule: .service, announce: announce,
                finish: Finish(kind: .movie, title: "Film \(number)", day: Day("2026-01-10")),
                stated: [Stated("title", "Film \(number)")]))
    }

    /// Seven batches, of which the fourth revises what the second brought.
    private static let batches: [[Fact]] = [
        [.feedAdopted(feed: "films", service: "letterboxd", entries: 3)],
        (1...4).map { finished($0) },
        [finished(5, announce: ["x"])],
        [
            .revised(
                Revision(
                    id: FinishID("letterboxd:viewing:2"), feed: "films",
                    change: Change(set: [FieldValue(.title, .string("Film two"))]))),
            finished(6, announce: ["x"]),
        ],
        (7...9).map { finished($0) },
        [.hidden(FinishID("letterboxd:viewing:3"))],
        (10...12).map { finished($0) },
    ]

    /// The lines as they were written, from 1.
    @discardableResult
    private func fill() throws -> [String] {
        let log = try store.open()
        for (index, facts) in Self.batches.enumerated() {
            let at = StoreOnDisk.start.adding(seconds: Int64(index) * 900)
            let first = log.nextSequence
            let lines = facts.enumerated().map { offset, fact in
                EventCoding.encode(Event(sequence: Int64(first + offset), at: at, fact: fact))
            }
            try log.append(lines, cause: "import", version: "1.0.0", at: at)
        }
        return try store.events()
    }

    private var segments: [String] { store.disk.names(store.folder).filter { $0.hasSuffix(".ndjson") } }

    @discardableResult
    private func accept(_ source: RepairSource = .itself) throws(StoreError) -> AcceptedLoss {
        try Store.acceptLoss(
            store.disk, root: StoreOnDisk.root, from: source, newStore: StoreOnDisk.identity,
            version: "1.0.0", at: Self.now)
    }

    private func open() throws(StoreError) -> Store {
        try Store.openForWriting(
            store.disk, root: StoreOnDisk.root, newStore: StoreOnDisk.identity, now: Self.now)
    }

    /// Lines that are gone have another in their place that says so.
    private func isGone(_ line: String) -> Bool { line.contains(#""type":"history-damaged""#) }

    /// What must hold after any accepted loss: the log is whole to its chain, folds, keeps every line under
    /// its number but those that are named as gone, and takes events.
    private func expectWhole(_ accepted: AcceptedLoss, _ before: [String], _ what: String) throws {
        let after = try store.events(checkingChain: true)
        let gone = Set(accepted.losses.flatMap(\.gone) + accepted.unfit.map(\.sequence))
        #expect(after.count >= before.count, "\(what)")
        for (index, line) in before.enumerated() where index < after.count {
            if gone.contains(index + 1) {
                #expect(isGone(after[index]), "\(what): event \(index + 1)")
            } else if accepted.losses.allSatisfy({ $0.restored == 0 }) {
                #expect(after[index] == line, "\(what): event \(index + 1)")
            }
        }
        let opened = try open()
        #expect(opened.notes == [], "\(what)")
        opened.record(Self.finished(99), at: Self.now)
        try opened.commit(cause: "import", version: "1.0.0", at: Self.now)
        #expect(try Store.fold(Log.openForReading(store.disk, root: StoreOnDisk.root)) == opened.state)
    }

    // MARK: damage

    @Test func `row 5: wherever forty bytes are lost, everything else stays under its number`() throws {
        let before = try fill()
        let files = store.files
        #expect(segments.count >= 3)
        var lossesMet = 0
        for name in segments {
            let path = store.folder + "/" + name
            let bytes = try #require(files[name])
            for offset in stride(from: 0, to: bytes.count - 40, by: 61) {
                for (file, content) in files { store.disk.change(store.folder + "/" + file) { $0 = content } }
                for file in store.disk.names(store.folder) where files[file] == nil {
                    try store.disk.unlink(store.folder + "/" + file)
                }
                store.disk.change(path) { $0.replaceSubrange(offset..<offset + 40, with: [UInt8](repeating: 0, count: 40)) }
                let damaged = store.disk.peek(path)
                let what = "\(name) at \(offset)"
                let accepted = try accept()
                lossesMet += accepted.losses.isEmpty ? 0 : 1
                let concerned = Set(accepted.losses.compactMap(\.sequences).flatMap { Array($0) })
                for number in accepted.losses.flatMap(\.gone) where !concerned.contains(number) {
                    Issue.record("\(what): event \(number) is gone, but was not damaged")
                }
                if let copy = accepted.losses.first?.copy { #expect(store.disk.peek(copy) == damaged, "\(what)") }
                // At most two lines are touched, and those that speak of them.
                #expect(accepted.losses.flatMap(\.gone).count <= 2, "\(what): \(accepted.losses)")
                #expect(accepted.unfit.count <= 2, "\(what): \(accepted.unfit)")
                for event in accepted.unfit {
                    let line = try #require(event.copy.flatMap { store.disk.peek($0) })[event.bytes]
                    #expect(String(decoding: line, as: UTF8.self) == before[event.sequence - 1], "\(what)")
                }
                try expectWhole(accepted, before, what)
                #expect(try accept() == AcceptedLoss(), "\(what): a second time")
            }
        }
        #expect(lossesMet > 50)
    }

    @Test func `row 5: what can be proven is mended, and nothing is given up`() throws {
        let before = try fill()
        store.disk.change(store.segment(1)) { $0[400] ^= 1 }
        let accepted = try accept()
        #expect(accepted.losses == [])
        #expect(accepted.mends.count == 1)
        #expect(try store.events(checkingChain: true) == before)
    }

    @Test func `row 5: with a copy at hand nothing is given up`() throws {
        let before = try fill()
        try store.disk.makeFolder("/home/copy")
        for name in segments {
            try store.disk.publish(try #require(store.disk.peek(store.folder + "/" + name)), at: "/home/copy/" + name)
        }
        store.disk.change(store.segment(1)) { $0.removeLast(300) }
        let accepted = try accept(.copy("/home/copy"))
        #expect(accepted.losses == [])
        #expect(try store.events(checkingChain: true) == before)
    }

    @Test func `row 8: missing segments leave their numbers behind`() throws {
        let before = try fill()
        let files = store.files
        let names = segments
        for name in names {
            try store.disk.unlink(store.folder + "/" + name)
            let accepted = try accept()
            let first = try #require(Segment.first(ofName: name))
            #expect(accepted.losses.first?.sequences?.lowerBound == first, "\(name)")
            #expect(accepted.losses.first?.gone.first == first, "\(name)")
            try expectWhole(accepted, before, name)
            for file in store.disk.names(store.folder) where files[file] == nil {
                try store.disk.unlink(store.folder + "/" + file)
            }
            for (file, content) in files { try store.disk.publish(content, at: store.folder + "/" + file) }
        }
    }

    @Test func `row 6: a head and a batch that are damaged together do not stop it either`() throws {
        let before = try fill()
        store.disk.change(store.head) { $0[30] ^= 1 }
        store.disk.change(store.segment(1)) { $0.replaceSubrange(300..<420, with: [UInt8](repeating: 0, count: 120)) }
        #expect(throws: StoreError.self) { try Log.repairHead(store.disk, root: StoreOnDisk.root) }
        try expectWhole(try accept(), before, "head and batch")
    }

    /// Nobody says how far the log went then, so whatever a line names may have been acknowledged.
    @Test(arguments: [true, false])
    func `rows 5 to 7: without a head the last batch is not given up in silence`(isThere: Bool) throws {
        let before = try fill()
        let files = store.files
        let name = try #require(segments.last)
        let bytes = try #require(files[name])
        for offset in stride(from: 0, to: bytes.count - 40, by: 29) {
            for (file, content) in files { store.disk.plant(store.folder + "/" + file, content) }
            for file in store.disk.names(store.folder) where files[file] == nil {
                try store.disk.unlink(store.folder + "/" + file)
            }
            if isThere {
                store.disk.change(store.head) { $0[30] ^= 1 }
            } else {
                try store.disk.unlink(store.head)
            }
            store.disk.change(store.folder + "/" + name) {
                $0.replaceSubrange(offset..<offset + 40, with: [UInt8](repeating: 0, count: 40))
            }
            let accepted = try accept()
            #expect(!accepted.losses.isEmpty, "at \(offset)")
            // Of the segment's own first line no event is lost.
            let isOfEvents = accepted.losses.contains { $0.sequences != nil }
            #expect(isOfEvents || offset < 120, "at \(offset)")
            #expect(accepted.held == (isOfEvents ? 2 : 0), "at \(offset): what is owed waits for a person")
            try expectWhole(accepted, before, "at \(offset)")
        }
    }

    @Test func `row 7: a damaged log of one segment without a head is no dead end`() throws {
        try store.append([1, 1, 2], filler: 1)
        try store.disk.unlink(store.head)
        store.disk.change(store.segment(1)) { $0.removeLast(20) }
        #expect(throws: StoreError.headMissing(file: store.head)) {
            try Log.repair(store.disk, root: StoreOnDisk.root, from: .itself)
        }
        #expect(try !accept().losses.isEmpty)
        #expect(try open().notes == [])
    }

    @Test func `row 5: a batch that somebody rewrote is said, and nothing owed leaves`() throws {
        let before = try fill()
        // Its checksum was put right, as a careful hand would.
        store.disk.change(store.segment(1)) { bytes in
            let title = bytes.firstRange(of: Array("Film 1".utf8))!
            bytes[title.upperBound - 1] = UInt8(ascii: "X")
            bytes[title.upperBound - 2] = UInt8(ascii: "-")
            let begin = bytes.firstRange(of: Array(#"{"seq":2,"#.utf8))!.lowerBound
            let end = bytes[begin...].firstRange(of: Array(",\"crc\":\"".utf8))!.lowerBound
            let sum = hex(CRC32C.checksum(Array(bytes[begin..<end])))
            bytes.replaceSubrange(end + 8..<end + 16, with: Array(sum.utf8))
        }
        #expect(throws: StoreError.self) { try Log.repair(store.disk, root: StoreOnDisk.root, from: .itself) }
        let accepted = try accept()
        let after = try store.events(checkingChain: true)
        #expect(after.count == before.count + 1 + accepted.held)
        #expect(after[before.count].contains(#""type":"history-damaged","from":2,"to":5"#))
    }

    /// Whole to the last checksum, as a careful hand or a mistake of ours would leave it.
    @Test func `an event that speaks of what never was is given up alone`() throws {
        var before = try fill()
        for fact in [Fact.hidden(FinishID("letterboxd:viewing:77")), .hidden(FinishID("letterboxd:viewing:4"))] {
            let log = try store.open()
            let event = Event(sequence: Int64(log.nextSequence), at: Self.now, fact: fact)
            try log.append([EventCoding.encode(event)], cause: "import", version: "1.0.0", at: Self.now)
            before.append(String(decoding: EventCoding.encode(event), as: UTF8.self))
        }
        let error = #expect(throws: StoreError.self) { try open() }
        let wrong = before.count - 1
        guard case .event(_, _, let problem)? = error, problem.sequence == Int64(wrong) else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.hasSuffix(
            "finish \"letterboxd:viewing:77\" is not known; nothing was changed: \"colophon repair --accept-loss\" "
                + "gives up that event alone") == true)
        let accepted = try accept()
        #expect(accepted.losses == [])
        #expect(accepted.unfit.map(\.sequence) == [wrong])
        #expect(accepted.unfit.first?.problem == "finish \"letterboxd:viewing:77\" is not known")
        try expectWhole(accepted, before, "a hidden finish that is none")
    }

    // MARK: what becomes of it

    @Test func `what is owed is held, feeds are adopted anew, and the old chain is recorded`() throws {
        try fill()
        let text = String(decoding: store.disk.peek(store.segment(1)) ?? [], as: UTF8.self)
        let commit = try #require(text.split(separator: "\n").first { $0.hasPrefix(#"{"commit":5,"#) })
        store.disk.change(store.segment(1)) { bytes in
            let at = bytes.firstRange(of: Array(#"{"seq":3,"#.utf8))!.lowerBound
            bytes.replaceSubrange(at + 20..<at + 60, with: [UInt8](repeating: 0x23, count: 40))
        }
        let accepted = try accept()
        #expect(accepted.held == 2)
        #expect(accepted.losses.first?.sequences == 2...5)
        #expect(accepted.losses.first?.readable == 3)
        #expect(accepted.losses.flatMap(\.gone) == [3])
        // It is whole, and revises a finish whose event is gone.
        #expect(accepted.unfit.map(\.sequence) == [7])
        #expect(accepted.unfit.map(\.type) == ["revised"])
        let opened = try open()
        #expect(opened.state.outbox == [])
        #expect(opened.state.feeds.map(\.adopted) == [nil])
        let sha = commit.suffix(66).prefix(64)
        let last = try store.events().filter { isGone($0) }.last { $0.contains(#""from":2,"to":5"#) }
        #expect(last?.contains("\"sha\":\"\(sha)\"") == true)
    }

    /// Its own batch is damaged as well, and still its line reads as it did.
    @Test func `an event of a damaged batch that speaks of a lost finish is told apart from those that cannot be read`()
        throws
    {
        let before = try fill()
        for name in segments {
            store.disk.change(store.folder + "/" + name) { bytes in
                for text in [#"{"seq":3,"#, #"{"commit":8,"#] {
                    guard let at = bytes.firstRange(of: Array(text.utf8))?.lowerBound else { continue }
                    bytes.replaceSubrange(at + 20..<at + 60, with: [UInt8](repeating: 0x23, count: 40))
                }
            }
        }
        let accepted = try accept()
        #expect(accepted.losses.map(\.sequences) == [2...5, 7...8])
        #expect(accepted.losses.map(\.readable) == [3, 1])
        #expect(accepted.losses.map(\.gone) == [[3], []])
        #expect(accepted.unfit.map(\.sequence) == [7])
        try expectWhole(accepted, before, "a damaged batch that revises")
    }

    @Test func `finishes that a snapshot knows are written anew, as they are known now`() throws {
        try fill()
        let before = try { () throws(StoreError) in
            let saved = try open()
            try saved.saveSnapshotIfDue(every: 1, now: Self.now)
            return saved.state
        }()
        store.disk.change(store.segment(1)) { bytes in
            let from = bytes.firstRange(of: Array(#"{"seq":2,"#.utf8))!.lowerBound
            let to = bytes.firstRange(of: Array(#"{"commit":5,"#.utf8))!.lowerBound
            bytes.replaceSubrange(from..<to, with: [UInt8](repeating: 0x23, count: to - from))
        }
        let accepted = try accept()
        #expect(accepted.losses.first?.restored == 4)
        #expect(accepted.losses.flatMap(\.gone) == [])
        let after = try open().state
        #expect(after.newest().map(\.finish) == before.newest().map(\.finish))
        #expect(after.known.map(\.sequence) == before.known.map(\.sequence))
        #expect(after.known.map(\.keys) == before.known.map(\.keys))
    }

    @Test func `a run that dies at any call of it is completed by the next`() throws {
        let before = try fill()
        let files = store.files
        let names = segments
        func damage() throws {
            for file in store.disk.names(store.folder) { try store.disk.unlink(store.folder + "/" + file) }
            for (file, content) in files { try store.disk.publish(content, at: store.folder + "/" + file) }
            for name in names.prefix(2) {
                store.disk.change(store.folder + "/" + name) {
                    $0.replaceSubrange(400..<480, with: [UInt8](repeating: 0x23, count: 80))
                }
            }
            // A run that died before it came here has begun another chain, and this is mended all the same.
            store.disk.change(store.folder + "/" + names[2]) { $0[300] ^= 1 }
            try store.disk.sync(folder: store.folder)
        }
        try damage()
        let whole = try accept()
        let wanted = try store.events()
        #expect(whole.losses.count >= 2)
        var call = 0
        while true {
            try damage()
            store.disk.crashAt = store.disk.callCount + call + 1
            let hasDied = (try? accept()) == nil
            store.disk.restart(after: call % 2 == 0 ? .kill : .powerLoss)
            if !hasDied { break }
            _ = try accept()
            let after = try store.events(checkingChain: true)
            for index in before.indices { #expect(after[index] == wanted[index], "call \(call), event \(index + 1)") }
            // What the run that died gave up is told by the one that completes it.
            let told = try after.compactMap { line -> ClosedRange<Int>? in
                let event = try EventCoding.decode(Array(line.utf8))
                guard case .historyDamaged(let from, let to, _) = event.fact, event.sequence > to else { return nil }
                return Int(from)...Int(to)
            }
            for index in before.indices where isGone(after[index]) {
                #expect(told.contains { $0.contains(index + 1) }, "call \(call), event \(index + 1)")
            }
            #expect(try open().state.outbox == [], "call \(call)")
            call += 1
        }
        #expect(call > 20)
    }
}
