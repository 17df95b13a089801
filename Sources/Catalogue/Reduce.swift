import Formats

/// The fold: the one place that says what an event does to the state. The same in a run, in recovery
/// and in a replay.
extension State {
    /// Raised whenever the meaning of an event or the form of a snapshot changes; a snapshot of another
    /// version is not used (STORE section 2, row 20).
    public static let reducerVersion = 5

    /// Takes in the event that stands in `range` of a buffer.
    public mutating func apply(_ buffer: [UInt8], _ range: Range<Int>) throws(EventError) {
        guard let head = LineHead(buffer, range) else {
            throw EventError(
                sequence: sequence + 1, problem: "the line does not begin as an event does",
                needsNewer: false)
        }
        guard head.sequence == sequence + 1 else {
            throw EventError(
                sequence: head.sequence, problem: "sequence \(sequence + 1) was expected",
                needsNewer: false)
        }
        if head.isFinished, try applyFinished(buffer, range, head) {
            // taken in as it stands
        } else {
            try apply(try EventCoding.decode(Array(buffer[range])))
        }
        sequence = head.sequence
        at = head.at
    }

    /// A finish without anything unusual is copied, not decoded. False: this one has to be.
    private mutating func applyFinished(
        _ buffer: [UInt8], _ range: Range<Int>, _ head: LineHead
    ) throws(EventError) -> Bool {
        let bytes = buffer.span
        guard let line = FinishedLine(bytes, range), !line.hasEscape, line.announce.isEmpty else {
            return false
        }
        var day: Day?
        if !line.day.isEmpty {
            day = Day(buffer, line.day)
            guard day != nil else { return false }
        }
        var instant: Instant?
        if !line.instant.isEmpty {
            guard line.instant.count == 20 else { return false }
            instant = Instant(written: buffer, at: line.instant.lowerBound)
            guard instant != nil else { return false }
        }
        let feed = place(ofFeed: bytes, line.feed)
        let isQuiet = line.hasBackfill || feed.map { feeds[$0].adopted == head.at } ?? false
        // All are looked at before anything is changed.
        let id = try newKey(buffer, line.id, head.sequence)
        var keys = InlineArray<6, NewKey>(repeating: id)
        for index in 0..<line.keyCount where !line.isID(line.keys[index], bytes) {
            keys[index] = try newKey(buffer, line.keys[index], head.sequence)
        }
        let place = finishes.append(
            body: buffer, range.lowerBound..<line.bodyEnd, isQuiet: isQuiet,
            order: Order(day: day, instant: instant, firstSight: head.at, isQuiet: isQuiet))
        // The id stands among the keys; where it does not, it is the last.
        var isNamed = false
        for index in 0..<line.keyCount {
            let isID = keys[index].range == id.range
            if !isID || !isNamed { name(place, buffer, keys[index]) }
            isNamed = isNamed || isID
        }
        if !isNamed { name(place, buffer, id) }
        if let feed { feeds[feed].news = head.at }
        return true
    }

    /// A key that names no finish, with its hash.
    private struct NewKey {
        var range: Range<Int>
        var hash: UInt32
        /// What it named before was forgotten.
        var forgotten: UInt32?
    }

    private func newKey(
        _ buffer: [UInt8], _ range: Range<Int>, _ sequence: Int64
    ) throws(EventError) -> NewKey {
        let hash = KeyIndex.hash(buffer, range)
        let number = finishes.keys.number(of: buffer, range, hash: hash)
        if let number, finishes.isKnown(target: Int(number)) {
            let text = String(decoding: buffer[range], as: UTF8.self)
            throw EventError(
                sequence: sequence, problem: "key \"\(text)\" is known already", needsNewer: false)
        }
        return NewKey(range: range, hash: hash, forgotten: number)
    }

    private mutating func name(_ place: Int, _ buffer: [UInt8], _ key: NewKey) {
        if key.forgotten != nil || Key.workEnd(buffer, key.range) != nil {
            name(place, buffer, key.range)
        } else {
            finishes.name(place, buffer, key.range, newWithHash: key.hash)
        }
    }

    /// A key names a new finish from now on. What it named before was forgotten; the work's other
    /// finishings stay its family, as does the work of which this is a repeat (`KEY@DAY`).
    private mutating func name(_ place: Int, _ buffer: [UInt8], _ key: Range<Int>) {
        var relatives: [Int] = []
        if let forgotten = finishes.keys.number(of: buffer, key) { relatives.append(Int(forgotten)) }
        if let end = Key.workEnd(buffer, key),
            let work = finishes.keys.number(of: buffer, key.lowerBound..<end)
        {
            relatives.append(Int(work))
        }
        for relative in relatives where relative != place { finishes.join(place, relative) }
        finishes.name(place, buffer, key)
    }

    /// The place of the feed whose name stands in a buffer, without escapes.
    private func place(ofFeed bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        feeds: for (place, feed) in feeds.enumerated() where feed.name.utf8.count == range.count {
            var index = range.lowerBound
            for byte in feed.name.utf8 {
                if bytes[index] != byte { continue feeds }
                index += 1
            }
            return place
        }
        var name: [UInt8] = []
        for index in range { name.append(bytes[index]) }
        return place(ofFeed: String(decoding: name, as: UTF8.self))
    }

    private func isAdoption(of feed: String, at: Instant) -> Bool {
        for standing in feeds where standing.name == feed { return standing.adopted == at }
        return false
    }

    private mutating func noteNews(of feed: String, at: Instant) {
        if let place = place(ofFeed: feed) { feeds[place].news = at }
    }

    private mutating func apply(_ event: Event) throws(EventError) {
        switch event.fact {
        case .configured(let configuration): self.configuration = configuration
        case .feedAdopted(let feed, let service, _, let address):
            let place = meet(feed, at: event.at)
            feeds[place].service = service
            feeds[place].adopted = event.at
            feeds[place].address = address
        case .finished(let finished): try apply(finished, event)
        case .revised(let revision): try apply(revision, event)
        case .passedOver(let passed):
            let key = State.passedKey(feed: passed.feed, entry: passed.entry)
            self.passed.set(key, 0..<key.count, to: 0)
        case .withdrawn(let id, _): try mark(id, .withdrawn, true, event)
        case .restored(let id, _): try mark(id, .withdrawn, false, event)
        case .corrected(let id, let change):
            try edit(id, event) { standing in
                standing.take(change)
                // The time belonged to the day that a person has just replaced.
                if change.touches(.day), !change.touches(.instant) { standing.finish.instant = nil }
                for field in change.set.map(\.field) + change.unset
                where !standing.corrected.contains(field) {
                    standing.corrected.append(field)
                }
            }
        case .hidden(let id): try mark(id, .hidden, true, event)
        case .unhidden(let id): try mark(id, .hidden, false, event)
        case .forgotten(let id): forget(try place(of: id, event), event.at)
        case .backfillUndone(let backfill): undo(backfill, event.at)
        case .merged(let id, let into, _): try merge(id, into, event)
        case .coverSaved(let id, let cover): try edit(id, event) { $0.cover = cover }
        case .feedCondition(let condition):
            take(condition, at: event.at)
        case .announcement(let step): try apply(step, event)
        case .historyDamaged(_, let to, _): if event.sequence > to { adoptAnew() }
        case .ignored: break
        }
    }

    /// The place of a feed, also of one that has not given a good answer yet.
    private mutating func meet(_ feed: String, at: Instant) -> Int {
        if let place = place(ofFeed: feed) { return place }
        feeds.append(FeedStanding(name: feed, at: at))
        return feeds.count - 1
    }

    /// After a loss nobody knows what was announced. So what a feed's next answer brings is taken quietly,
    /// as with its first.
    private mutating func adoptAnew() {
        for place in feeds.indices { feeds[place].adopted = nil }
    }

    private mutating func take(_ condition: FeedCondition, at: Instant) {
        let place = meet(condition.feed, at: at)
        switch condition.turn {
        case .failing, .gone:
            feeds[place].condition = condition.turn
            feeds[place].reason = condition.reason
            feeds[place].changed = at
        case .recovered:
            feeds[place].condition = nil
            feeds[place].reason = ""
            feeds[place].changed = at
        case .moved: if !condition.address.isEmpty { feeds[place].address = condition.address }
        case .gap: break
        }
    }

    private mutating func apply(_ finished: Finished, _ event: Event) throws(EventError) {
        for key in [finished.id.text] + finished.keys where finishes.place(of: key) != nil {
            throw EventError(
                sequence: event.sequence, problem: "key \"\(key)\" is known already",
                needsNewer: false)
        }
        var plain = finished
        plain.stated = []
        plain.announce = []
        var line = LineWriter(sequence: event.sequence, at: event.at, type: "finished")
        line.add(.finished(plain))
        let body = line.finished()
        let isQuiet = finished.backfill != nil || isAdoption(of: finished.feed, at: event.at)
        let place = finishes.append(
            body: body, 0..<(body.count - 1), isQuiet: isQuiet,
            order: Order(
                day: finished.finish.day, instant: finished.finish.instant, firstSight: event.at,
                isQuiet: isQuiet))
        for key in finished.keys + [finished.id.text] {
            let bytes = Array(key.utf8)
            name(place, bytes, 0..<bytes.count)
        }
        for network in finished.announce {
            owe(Announcement(finish: finished.id, network: network, since: event.at))
        }
        noteNews(of: finished.feed, at: event.at)
    }

    private mutating func apply(_ revision: Revision, _ event: Event) throws(EventError) {
        let source = Standing.source(feed: revision.feed, backfill: revision.backfill)
        let place = try edit(revision.id, event) { standing in
            standing.take(revision.change)
            for field in revision.change.set.map(\.field) + revision.change.unset {
                standing.setOwner(of: field, to: source)
            }
            for key in revision.keys where !standing.keys.contains(key) { standing.keys.append(key) }
            if source != standing.origin, !standing.sources.contains(source) {
                standing.sources.append(source)
            }
        }
        for key in revision.keys where finishes.place(of: key) == nil {
            let bytes = Array(key.utf8)
            name(place, bytes, 0..<bytes.count)
        }
    }

    private func place(of id: FinishID, _ event: Event) throws(EventError) -> Int {
        guard let place = finishes.place(of: id.text) else {
            throw EventError(
                sequence: event.sequence, problem: "finish \"\(id)\" is not known", needsNewer: false)
        }
        return place
    }

    private mutating func mark(
        _ id: FinishID, _ flag: FinishTable.Flags, _ on: Bool, _ event: Event
    ) throws(EventError) {
        finishes.set(flag, on, at: try place(of: id, event))
    }

    @discardableResult
    private mutating func edit(
        _ id: FinishID, _ event: Event, _ change: (inout Standing) -> Void
    ) throws(EventError) -> Int {
        let place = try place(of: id, event)
        edit(place, event.at, change)
        return place
    }

    private mutating func edit(_ place: Int, _ at: Instant, _ change: (inout Standing) -> Void) {
        var standing = finishes.standing(at: place)
        change(&standing)
        standing.modified = at
        finishes.replace(
            place, with: standing,
            order: Order(
                day: standing.finish.day, instant: standing.finish.instant,
                firstSight: standing.firstSight, isQuiet: finishes.has(.quiet, at: place)))
    }

    private mutating func forget(_ place: Int, _ at: Instant) {
        finishes.set(.forgotten, true, at: place)
        dropAnnouncements(of: finishes.standing(at: place).id, at, reason: "forgotten")
    }

    /// What a feed has also shown stays, less the fields that only the import stated; the rest is as
    /// never seen.
    private mutating func undo(_ backfill: String, _ at: Instant) {
        let source = "backfill:" + backfill
        for place in 0..<finishes.count where finishes.isKnown(at: place) {
            let standing = finishes.standing(at: place)
            if standing.origin == source, standing.sources.isEmpty {
                forget(place, at)
                finishes.set(.undone, true, at: place)
            } else if standing.sources.contains(source) || standing.origin == source {
                // What was merged into it may state the same on its own account.
                let others = finishes.merged(into: place).map { finishes.standing(at: $0) }
                edit(place, at) { standing in
                    standing.remove(source)
                    for other in others { standing.fill(from: other) { $0 != source } }
                }
            }
        }
    }

    /// The older one keeps its fields and takes over what it lacks; what the younger one owed is not
    /// said again.
    private mutating func merge(_ id: FinishID, _ into: FinishID, _ event: Event) throws(EventError) {
        let younger = try place(of: id, event)
        let older = try place(of: into, event)
        guard younger != older else { return }
        let gone = finishes.standing(at: younger)
        edit(older, event.at) { standing in
            standing.fill(from: gone) { _ in true }
            for key in gone.keys where !standing.keys.contains(key) { standing.keys.append(key) }
            for source in [gone.origin] + gone.sources
            where source != standing.origin && !standing.sources.contains(source) {
                standing.sources.append(source)
            }
        }
        if !finishes.has(.withdrawn, at: younger) { finishes.set(.withdrawn, false, at: older) }
        finishes.merge(younger, into: older)
        dropAnnouncements(of: gone.id, event.at, reason: AnnouncementStep.merged)
    }

    private mutating func dropAnnouncements(of id: FinishID, _ at: Instant, reason: String) {
        for index in announcements.indices where announcements[index].finish == id {
            switch announcements[index].status {
            case .pending, .failed, .held:
                announcements[index].take(
                    AnnouncementStep(
                        .skipped, id: id, network: announcements[index].network, reason: reason),
                    at: at)
            case .attempted, .sent, .skipped: break
            }
        }
    }

    private mutating func apply(_ step: AnnouncementStep, _ event: Event) throws(EventError) {
        guard let place = placeOfAnnouncement(step.id, step.network) else {
            throw EventError(
                sequence: event.sequence,
                problem: "nothing is owed to \(step.network) for \"\(step.id)\"", needsNewer: false)
        }
        announcements[place].take(step, at: event.at)
    }
}

extension Standing {
    mutating func take(_ change: Change) {
        for value in change.set { _ = finish.set(value.field, to: value.value) }
        for field in change.unset { _ = finish.set(field, to: nil) }
        // A copy is one of what lay at the address that is no more.
        if change.touches(.cover) { cover = nil }
    }

    /// Takes over what is absent here and stated there by a source that counts.
    mutating func fill(from other: Standing, where counts: (String) -> Bool) {
        let isSameDay = finish.day == nil || finish.day == other.finish.day
        for field in FinishField.allCases
        where finish.value(of: field) == nil && !corrected.contains(field) {
            // A time belongs to its day.
            if field == .instant, !isSameDay || corrected.contains(.day) { continue }
            guard let value = other.finish.value(of: field), counts(other.owner(of: field)) else {
                continue
            }
            _ = finish.set(field, to: value)
            setOwner(of: field, to: other.owner(of: field))
        }
    }

    /// Takes back what a source stated. When it brought the finish, that is now the next source's; the
    /// title stays in any case, for a finish without one is none.
    mutating func remove(_ source: String) {
        for field in FinishField.allCases
        where field != .title && owner(of: field) == source && !corrected.contains(field) {
            _ = finish.set(field, to: nil)
            if field == .cover { cover = nil }
        }
        owners.removeAll { $0.source == source }
        sources.removeAll { $0 == source }
        guard origin == source, let heir = sources.first else { return }
        if heir.hasPrefix("backfill:") {
            backfill = String(heir.dropFirst(9))
        } else {
            feed = heir
            backfill = nil
        }
        sources.removeFirst()
        owners.removeAll { $0.source == heir }
    }
}

extension Change {
    func touches(_ field: FinishField) -> Bool {
        unset.contains(field) || self.set.contains { $0.field == field }
    }
}

extension FinishTable {
    /// Neither merged into another nor forgotten.
    func isKnown(at place: Int) -> Bool {
        Flags(rawValue: flags[place]).isDisjoint(with: [.merged, .forgotten])
    }
}

/// What every event's line begins with: `{"seq":N,"at":"YYYY-MM-DDThh:mm:ssZ","type":"…"`.
struct LineHead {
    var sequence: Int64
    var at: Instant
    var isFinished: Bool

    init?(_ line: [UInt8], _ range: Range<Int>) {
        let bytes = line.span.extracting(range)
        // Words of eight bytes, the first in the lowest place: `{"seq":`, `,"at":"`, `","type"`, `finished`.
        guard bytes.count > 8, longWord(bytes, 0) & 0x00FF_FFFF_FFFF_FFFF == 0x003A_2271_6573_227B else {
            return nil
        }
        var index = 7
        var number: Int64 = 0
        while index < bytes.count, bytes[index] &- 0x30 <= 9, number < 1 << 55 {
            number = number &* 10 &+ Int64(bytes[index] &- 0x30)
            index += 1
        }
        guard number > 0, index + 37 <= bytes.count,
            longWord(bytes, index) & 0x00FF_FFFF_FFFF_FFFF == 0x0022_3A22_7461_222C,
            let at = Instant(written: line, at: range.lowerBound + index + 7),
            longWord(bytes, index + 27) == 0x2265_7079_7422_2C22,
            bytes[index + 35] == UInt8(ascii: ":"), bytes[index + 36] == UInt8(ascii: "\"")
        else { return nil }
        sequence = number
        self.at = at
        isFinished =
            index + 46 <= bytes.count && longWord(bytes, index + 37) == 0x6465_6873_696E_6966
            && bytes[index + 45] == UInt8(ascii: "\"")
    }
}
