public import Formats

/// Announcements still owed: a view of the state.
extension State {
    /// Oldest first. What is held waits for a person and is not among them; nor is what belongs to a
    /// finish that is no longer shown, or was merged into another: that one speaks for both. Only an
    /// attempt of it without an outcome is left to be looked up.
    public var outbox: [Announcement] {
        announcements.filter { announcement in
            switch announcement.status {
            case .pending, .failed:
                isShown(announcement.finish) && isItself(announcement.finish)
            case .attempted: isShown(announcement.finish)
            case .sent, .skipped, .held: false
            }
        }
    }

    private func isItself(_ id: FinishID) -> Bool {
        finishes.place(of: id.text).map { finishes.standing(at: $0).id == id } ?? false
    }

    public func isShown(_ id: FinishID) -> Bool {
        finishes.place(of: id.text).map { finishes.isShown(at: $0) } ?? false
    }

    /// The earliest moment at which an announcement may leave: ratings and typo fixes arrive minutes
    /// after logging.
    public func notBefore(_ announcement: Announcement) -> Instant {
        announcement.since.adding(seconds: Int64(configuration.announce.waitSeconds))
    }
}

extension Announcement {
    /// Nothing has happened to it since it became owed.
    public var isUntouched: Bool {
        status == .pending && attempts == 0 && changed == since && reason.isEmpty
    }

    /// How long to wait after the newest attempt: a quarter of an hour, then each time twice as long, a
    /// day at most (`specs/x-posting.md` section 4). In seconds.
    public var pause: Int64 {
        attempts < 1 ? 0 : min(Int64(900) << Int64(min(attempts - 1, 7)), 86_400)
    }

    /// It waits for its network.
    public var isOwed: Bool { status == .pending || status == .failed }

    /// It waits for its network, or for a word that many are let go with.
    public var isWaiting: Bool { isOwed || status == .held && !isForOneByOne }

    /// It may be there already, as it is or in other words: whoever lets it go has to have looked at it.
    public var isForOneByOne: Bool { AnnouncementStep.isForOneByOne(reason) }

    /// It was attempted and nobody knows what became of it; its finish was merged into another before or since.
    var isMergedInDoubt: Bool {
        switch status {
        case .held: reason.contains(AnnouncementStep.doubt)
        case .skipped: reason == AnnouncementStep.merged && attempts > 0 && post.isEmpty
        case .pending, .attempted, .sent, .failed: false
        }
    }

    /// It was posted, or may have been, and nobody knows where.
    public var mayBeAnywhere: Bool {
        guard post.isEmpty, url.isEmpty else { return false }
        switch status {
        case .sent, .attempted: return true
        case .pending, .failed, .skipped, .held:
            return attempts > 0
                && (reason == AnnouncementStep.nobodyKnows || reason.hasPrefix(AnnouncementStep.saidByPerson))
        }
    }

    /// A person said "post it after all", and nothing but a network's trouble has followed.
    public var isReleasedByPerson: Bool {
        status == .pending && reason.hasPrefix(AnnouncementStep.saidByPerson)
    }

    /// The same of this very one, and not of all that was held: so it has been looked at.
    public var isReleasedByName: Bool { isReleasedByPerson && !reason.hasPrefix(AnnouncementStep.saidOfAll) }
}

extension State {
    /// What waits for a network, whatever became of its finish: of the outbox all but attempts, and more.
    public var owed: [Announcement] { announcements.filter(\.isOwed) }

    /// All that is owed waits for a person's word.
    public func holdingOwed(because reason: String) -> [AnnouncementStep] {
        owed.map { AnnouncementStep(.held, id: $0.finish, network: $0.network, reason: reason) }
    }

    /// What was said of one of two that have been merged is not said of the other: what the one still owes is
    /// skipped, or waits for a person where nobody knows whether the other was posted.
    public func settlingMerged() -> [AnnouncementStep] {
        let waiting = announcements.filter { $0.isWaiting && !finishes.isMerged($0.finish.text) }
        guard !waiting.isEmpty else { return [] }
        var said: [String: (id: FinishID, isSure: Bool)] = [:]
        for one in announcements where one.status == .sent || one.isMergedInDoubt {
            guard finishes.isMerged(one.finish.text), let place = finishes.place(of: one.finish.text) else { continue }
            let name = "\(one.network)/\(place)"
            if said[name]?.isSure != true { said[name] = (one.finish, one.status == .sent) }
        }
        guard !said.isEmpty else { return [] }
        return waiting.compactMap { one in
            guard let place = finishes.place(of: one.finish.text), let other = said["\(one.network)/\(place)"] else {
                return nil
            }
            if other.isSure {
                return AnnouncementStep(
                    .skipped, id: one.finish, network: one.network, reason: "said already, of \(other.id)")
            }
            if one.isReleasedByPerson { return nil }
            return AnnouncementStep(
                .held, id: one.finish, network: one.network,
                reason: "of \(other.id), which is the same: " + AnnouncementStep.nobodyKnows)
        }
    }
}

extension AnnouncementStep {
    /// Of one whose finish was merged into another.
    public static let merged = "merged"

    /// The same, of an attempt that was looked for and not found.
    public static let mergedAndAbsent = "merged, and not there"

    /// The reason of a step that a person took.
    public static let saidByPerson = "said by a person"

    /// The same of a step that took all that was held.
    public static let saidOfAll = saidByPerson + ", of all"

    /// Of many that have no date, in the first document of a feed that had nothing when it was adopted.
    public static let firstOfFeed = "no date, and among the first that its feed gives: perhaps old"

    /// Of one that has no date, and stands in its feed below what is known.
    public static let perhapsOld = "no date, and below what is known: perhaps old"

    /// Of one whose entry was damaged when it was new, so that its date may have been lost.
    public static let damaged = "no date, and its entry is damaged: perhaps old"

    /// Of one whose entry has been damaged in its id or its title since it came.
    public static let damagedName = "its entry is damaged, and stays so: perhaps not its title"

    /// Begins the reason of one that is held because its finish may be another's, which was said already.
    public static let perhapsTheSame = "perhaps the same as "

    /// Begins the reason of one that was skipped because it had waited longer than `max_age_days`.
    static let tooOld = "waited longer than "

    public var isOverdue: Bool { step == .skipped && reason.hasPrefix(AnnouncementStep.tooOld) }

    /// Whether whoever lets go what is held for this reason has to have looked at it.
    public static func isForOneByOne(_ reason: String) -> Bool {
        reason.contains(doubt) || reason.hasPrefix(perhapsTheSame)
    }

    /// Part of the reason of each that is held because it may have been posted.
    static let doubt = "nobody knows whether it was posted"

    /// The reason of a step that leaves an attempt to a person, who alone can say what became of it.
    public static let nobodyKnows = doubt + ": look, then say \"tweets --sent\" or \"tweets --retry\""

    /// Of one that may have been posted by runs that left no trace, too many posts ago to find it.
    public static let tooManyToTell = "no run left a trace for hours, and too many posts have followed: " + nobodyKnows

    /// Of one that may have been posted by runs that left no trace, where the network lets nobody look.
    public static let notLookedFor = "no run left a trace for hours, and it could not be looked for: " + nobodyKnows

    /// Of one that a damaged log may have lost the end of.
    public static let logDamaged = "the log was damaged: " + nobodyKnows

    /// Of one that a log of an earlier day knows nothing of.
    public static let logPutBack = "the log was put back: " + nobodyKnows
}

/// What a sender has to know of the past.
extension State {
    /// What waits here, may leave by now, and belongs to a finish that is shown; oldest first.
    public func due(at network: String, now: Instant) -> [Announcement] {
        let tried = tried[network]
        return outbox.filter {
            $0.network == network && $0.status == .pending && waits($0, behind: tried, now: now) == nil
        }
    }

    /// By network the oldest of what waits there that was tried and not taken: that had nothing to do with the post, so
    /// the others wait for it (`specs/x-posting.md` section 4).
    public var tried: [String: Announcement] {
        var tried: [String: Announcement] = [:]
        for one in outbox where one.status == .pending && one.attempts > 0 && tried[one.network] == nil {
            tried[one.network] = one
        }
        return tried
    }

    /// From when on it may leave; `nil`: it may now.
    ///
    /// - Parameter tried: of its network.
    public func waits(_ announcement: Announcement, behind tried: Announcement?, now: Instant) -> Instant? {
        State.queue(announcement, behind: tried).compactMap { waits($0, now: now) }.max()
    }

    /// The same whatever time it is now.
    public func leavesFrom(_ announcement: Announcement, behind tried: Announcement?) -> Instant {
        State.queue(announcement, behind: tried).map { retryFrom($0) }.reduce(notBefore(announcement), max)
    }

    /// Whom it has to wait for, itself included: what a person wants goes at once.
    private static func queue(_ announcement: Announcement, behind tried: Announcement?) -> [Announcement] {
        announcement.isReleasedByPerson ? [announcement] : [announcement, tried].compactMap(\.self)
    }

    /// What a clock that was ahead has dated into the future waits for nothing more.
    private func waits(_ announcement: Announcement, now: Instant) -> Instant? {
        let first = now < announcement.since ? now : notBefore(announcement)
        let again = now < announcement.changed ? now : retryFrom(announcement)
        let from = max(first, again)
        return from <= now ? nil : from
    }

    /// When it may be tried, after attempts that came to nothing; at once on a person's word.
    private func retryFrom(_ announcement: Announcement) -> Instant {
        [AnnouncementStep.saidByPerson, AnnouncementStep.saidOfAll].contains(announcement.reason)
            ? min(announcement.since, announcement.changed)
            : announcement.changed.adding(seconds: announcement.pause)
    }

    /// Attempts of which nobody knows what became, oldest first.
    public func unresolved(at network: String) -> [Announcement] {
        announcements.filter { $0.network == network && $0.status == .attempted }
    }

    /// How many were sent there, or may have been, in the day before `now`. What a clock that was wrong
    /// has dated elsewhere does not count.
    public func sentWithinADay(at network: String, now: Instant) -> Int {
        var count = 0
        for one in announcements where one.network == network && one.attempts > 0 {
            guard one.status == .sent || one.status == .attempted else { continue }
            if abs(now.seconds - one.changed.seconds) < 86_400 { count += 1 }
        }
        return count
    }

    /// The newest of our own posts there; empty: none is known.
    public func newestPost(at network: String) -> String {
        var newest: Announcement?
        for one in announcements where one.network == network && one.status == .sent && !one.post.isEmpty {
            if newest.map({ $0.changed <= one.changed }) ?? true { newest = one }
        }
        return newest?.post ?? ""
    }

    /// Another announcement that has said the same words at X, which takes none twice; `nil`: there is none.
    public func saidAlready(_ text: String, but announcement: Announcement) -> Announcement? {
        guard announcement.network == "x" else { return nil }
        return announcements.first { one in
            one.network == announcement.network && one.finish != announcement.finish && one.text == text
                && (one.status == .sent || one.mayBeAnywhere)
        }
    }

    /// Why an announcement must not be sent any more; `nil`: it may be.
    public func obstacle(to announcement: Announcement, now: Instant) -> String? {
        guard let standing = finish(withKey: announcement.finish.text), isShown(announcement.finish) else {
            return "no longer shown"
        }
        if standing.id != announcement.finish { return AnnouncementStep.merged }
        if isTooOld(announcement, now: now) { return tooOld }
        return nil
    }

    private var tooOld: String {
        let days = configuration.announce.maxAgeDays
        return AnnouncementStep.tooOld + (days == 1 ? "a day" : "\(days) days")
    }

    /// Whether it waited longer than `max_age_days`.
    public func isTooOld(_ announcement: Announcement, now: Instant) -> Bool {
        tooOldFrom(announcement).map { $0 <= now } ?? false
    }

    /// Since it became owed, or since a person's word; `nil`: it may wait for ever.
    private func tooOldFrom(_ announcement: Announcement) -> Instant? {
        let days = configuration.announce.maxAgeDays
        let since = announcement.isReleasedByPerson ? announcement.changed : announcement.since
        return days > 0 ? since.adding(seconds: Int64(days) * 86_400 + 1) : nil
    }

    /// When `overdue` will next have something to tell; `nil`: not before something else happens.
    public var nextOverdue: Instant? {
        var soonest: Instant?
        for one in owed {
            guard let from = tooOldFrom(one) else { return nil }
            soonest = min(soonest ?? from, from)
        }
        return soonest
    }

    /// What has waited too long is skipped, once and for all (PRODUCT section 5). What is held waits for
    /// a person, and an attempt for an answer.
    ///
    /// - Parameter trouble: what keeps a network from being asked, where that is known.
    public func overdue(now: Instant, trouble: (String) -> String? = { _ in nil }) -> [AnnouncementStep] {
        var steps: [AnnouncementStep] = []
        for one in owed {
            guard isTooOld(one, now: now) else { continue }
            let stated = one.reason.isEmpty || one.isReleasedByPerson ? trouble(one.network) : one.reason
            let why = stated.map { tooOld + "; " + $0 } ?? tooOld
            steps.append(AnnouncementStep(.skipped, id: one.finish, network: one.network, reason: why))
        }
        return steps
    }
}
