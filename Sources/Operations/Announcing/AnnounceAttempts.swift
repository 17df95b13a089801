import Catalogue
import Formats
import HTTP
import Publishing
import Storage

// One announcement on its way: drafted, attempted, sent; and looked for where nobody knows what became of it.

extension Announce {
    func draft(_ announcement: Announcement, _ network: any Network) -> Draft? {
        guard store.state.obstacle(to: announcement, now: now) == nil,
            let standing = store.state.finish(withKey: announcement.finish.text)
        else { return nil }
        let taken = store.state.announcements.filter {
            $0.network == announcement.network && $0.finish != announcement.finish && !$0.key.isEmpty
        }.map(\.key)
        return network.draft(
            wording.post(of: announcement, for: standing, in: store.state).text, for: announcement,
            language: store.state.configuration.site.language, taken: taken, now: now)
    }

    /// A store that was put back from a copy owes what it has said since, and nothing in it tells (STORE section 2,
    /// row 23). So the newest posts are looked through before the first one of a run, where that costs nothing; where
    /// they cannot be had, it is sent all the same. Where it costs, it is looked for when there is a reason.
    mutating func sendIfNew(_ announcement: Announcement, _ line: inout Line) throws(OperationError) {
        let draft = draft(announcement, line.network)
        if let text = draft?.text, let place = placeOf(text, of: announcement, &line) {
            record(.sent, announcement, post: place, reason: Announce.thereAlready)
            try commit()
            return report.add(announcement, text: text, .sent(place.address))
        }
        try sendWithoutDoubt(announcement, draft: draft, &line)
    }

    private mutating func sendWithoutDoubt(
        _ announcement: Announcement, draft: Draft?, _ line: inout Line
    ) throws(OperationError) {
        if let text = draft?.text, try !isSurelyNew(announcement, text, &line) { return }
        try send(announcement, draft: draft, line: &line)
    }

    /// Whether it may be sent to a network that charges for a look: nothing makes a repetition harmless there, so a
    /// doubt is cleared first, or left to a person.
    private mutating func isSurelyNew(
        _ announcement: Announcement, _ text: String, _ line: inout Line
    ) throws(OperationError) -> Bool {
        guard line.network.chargesForLooks, !announcement.isReleasedByName,
            let since = polls.mayHaveBeenSaid(announcement, now: now)
        else { return true }
        var sought = announcement
        (sought.text, sought.changed) = (text, since)
        switch try look(for: sought, &line) {
        case .noted: return false
        case .none:
            // No attempt was made that would tell the next run how long to wait.
            if let failures = failures(of: line.network.name) {
                let pause = Schedule.pauseUnsaid(failures: failures + 1)
                polls.stop(house: line.network.host, until: now.adding(seconds: Int64(pause)))
            } else if announcement.isReleasedByPerson {
                // All that waits is held by now, and a word for all has not helped: a person has to look.
                hold(announcement, AnnouncementStep.notLookedFor)
                try commit()
            }
            return false
        case .absent: return true
        case .lost:
            hold(announcement, AnnouncementStep.tooManyToTell)
            try commit()
            return false
        }
    }

    static let thereAlready = "it was there already"
    /// What is older is another's of the same words. In seconds.
    private static let newestSeconds: Int64 = 14 * 86_400

    private mutating func placeOf(_ text: String, of announcement: Announcement, _ line: inout Line) -> PostPlace? {
        let pages = line.newest ?? newestPages(of: line.network, since: polls.mayHaveBeenSaid(announcement, now: now))
        line.newest = pages
        let taken = taken(at: announcement.network)
        let since = now.adding(seconds: -Announce.newestSeconds)
        for page in pages {
            if let place = line.network.said(text, in: page, taken: taken, since: since) { return place }
        }
        return nil
    }

    /// One page, and where runs may have left no trace, all since then: somebody who writes a lot has said more since.
    private mutating func newestPages(of network: any Network, since: Instant?) -> [Response] {
        var pages: [Response] = []
        while pages.count < Announce.pagesMax, let request = network.newest(before: pages.first, moment()) {
            guard case .success(let page) = ask(request) else { break }
            pages.insert(page, at: 0)
            guard let since, let oldest = network.oldest(in: page), oldest >= since else { break }
        }
        return pages
    }

    /// What posts are known by that are announcements': their ids; of one that a person has posted by hand there is
    /// but the address, which ends in the id or is another of its names.
    private func taken(at network: String) -> [String] {
        store.state.announcements.filter { $0.network == network && $0.status == .sent }.flatMap { one in
            if !one.post.isEmpty { return [one.post] }
            return one.url.isEmpty ? [] : [one.url, String(OwnPosts.name(in: one.url))]
        }
    }

    mutating func send(
        _ announcement: Announcement, draft: Draft?, isRepeat: Bool = false, line: inout Line
    ) throws(OperationError) {
        guard let draft else {
            let reason = store.state.obstacle(to: announcement, now: now) ?? "no longer shown"
            record(.skipped, announcement, reason: reason)
            report.add(announcement, text: announcement.text, .skipped(reason))
            return try commit()
        }
        let attempt = announcement.attempts + 1
        store.record(
            .announcement(
                AnnouncementStep(
                    .attempted, id: announcement.finish, network: announcement.network,
                    attempt: attempt, text: draft.text, key: draft.key, record: draft.record,
                    after: store.state.newestPost(at: announcement.network))), at: now)
        // The one moment that matters: on the disk before a byte leaves.
        try commit()
        let moment = moment()
        let answer = ask(line.network.posting(draft, moment))
        switch line.network.posted(answer, draft, moment) {
        case .sent(let place): try note(place, announcement, draft.text, attempt)
        case .trouble(let trouble) where isRepeat:
            try leave(trouble, announcement, draft.text, &line)
        case .trouble(let trouble):
            try take(trouble, announcement, draft.text, attempt, &line)
        }
    }

    private mutating func note(
        _ place: PostPlace, _ announcement: Announcement, _ text: String, _ attempt: Int
    ) throws(OperationError) {
        record(.sent, announcement, attempt: attempt, post: place, reason: attempt == 0 ? Announce.thereAlready : "")
        try commit()
        report.add(announcement, text: text, .sent(place.address))
    }

    private mutating func take(
        _ trouble: Trouble, _ announcement: Announcement, _ text: String, _ attempt: Int,
        _ line: inout Line
    ) throws(OperationError) {
        let reason = line.network.told(trouble.reason)
        if case .duplicate = trouble, attempt == 1, let other = store.state.saidAlready(text, but: announcement) {
            // The words are the other's, and nothing of this one has arrived.
            return try fail(
                announcement, text, attempt, reason + ", of \(other.id): \"colophon correct\" makes the words differ")
        }
        switch trouble {
        case .refused:
            try fail(announcement, text, attempt, reason)
        case .unknown, .duplicate:
            // No outcome is written: the next run finds the attempt and looks.
            line.isOpen = false
            report.add(announcement, text: text, .unresolved(reason))
        case .blocked:
            hold(announcement, reason, attempt: attempt)
            try give(up: trouble, &line)
        case .later:
            // A person's word still holds: without it, it might count as too old.
            let word = announcement.isReleasedByPerson ? announcement.reason.prefix { $0 != ";" } + "; " : ""
            record(.released, announcement, attempt: attempt, reason: word + reason)
            report.add(announcement, text: text, .later(reason))
            try commit()
            try give(up: trouble, &line)
        }
    }

    private mutating func fail(
        _ announcement: Announcement, _ text: String, _ attempt: Int, _ reason: String
    ) throws(OperationError) {
        record(.failed, announcement, attempt: attempt, reason: reason)
        report.add(announcement, text: text, .failed(reason))
        try commit()
    }

    /// A repetition came to nothing: that says nothing of the first attempt, which may still arrive.
    private mutating func leave(
        _ trouble: Trouble, _ announcement: Announcement, _ text: String, _ line: inout Line
    ) throws(OperationError) {
        let reason = line.network.told(trouble.reason)
        switch trouble {
        case .refused: try leaveToPerson(announcement)
        case .unknown, .duplicate, .later, .blocked:
            report.add(announcement, text: text, .unresolved(reason))
            try give(up: trouble, &line)
        }
    }

    // MARK: an attempt without outcome

    /// What a look at the network's timeline came to.
    private enum Sight {
        /// It was there, and that is noted.
        case noted
        case absent
        /// There is more of the timeline than is read, or it may be there in other words.
        case lost
        /// The network did not answer, and is asked nothing more.
        case none
    }

    mutating func resolve(
        _ announcement: Announcement, _ line: inout Line
    ) throws(OperationError) {
        switch try look(for: announcement, &line) {
        case .noted: break
        case .absent: try lacks(announcement, &line)
        case .lost: try leaveToPerson(announcement)
        case .none: try giveUpIfOld(announcement)
        }
    }

    /// A person wants it posted that was attempted before. Where a look can tell whether it is there, it is
    /// looked for first, whatever the person has seen; X cannot tell, and the person's word decides.
    mutating func sendAfterAll(
        _ announcement: Announcement, _ line: inout Line
    ) throws(OperationError) {
        let sight = line.network.looksForCertain ? try look(for: announcement, &line) : .lost
        switch sight {
        case .noted, .none: break
        case .absent where line.network.whenAbsent(announcement, now: now) == .wait: later(announcement, &line)
        case .absent, .lost: try sendWithoutDoubt(announcement, draft: draft(announcement, line.network), &line)
        }
    }

    private mutating func later(_ announcement: Announcement, _ line: inout Line) {
        line.isOpen = false
        report.add(announcement, text: announcement.text, .later("not there yet; the next run looks again"))
    }

    private mutating func look(
        for announcement: Announcement, _ line: inout Line
    ) throws(OperationError) -> Sight {
        var request = line.network.looking(for: announcement, moment())
        for _ in 0..<Announce.pagesMax {
            let taken = taken(at: announcement.network)
            let moment = moment()
            let look = line.network.looked(
                ask(request), for: announcement, taken: taken, moment)
            switch look {
            case .found(let place):
                try note(place, announcement, announcement.text, announcement.attempts)
                return .noted
            case .absent: return .absent
            case .edited: return .lost
            case .more(let next): request = next
            case .trouble(let trouble):
                let reason = line.network.told(trouble.reason)
                report.add(announcement, text: announcement.text, .later(reason))
                try give(up: trouble, &line)
                return .none
            }
        }
        return .lost
    }

    /// It was looked for and is not there.
    private mutating func lacks(
        _ announcement: Announcement, _ line: inout Line
    ) throws(OperationError) {
        switch line.network.whenAbsent(announcement, now: now) {
        case .wait: later(announcement, &line)
        case .person: try leaveToPerson(announcement)
        case .again:
            guard announcement.attempts < 2 || announcement.age(at: now) >= announcement.pause else {
                line.isOpen = false
                let next = announcement.changed.adding(seconds: announcement.pause)
                return report.add(
                    announcement, text: announcement.text,
                    .later("not there after \(announcement.attempts) attempts; the next is made from \(next) on"))
            }
            // Whether it is too old another run has to say.
            if !decidesAge, store.state.isTooOld(announcement, now: now) { return later(announcement, &line) }
            let obstacle = store.state.obstacle(to: announcement, now: now)
            if obstacle == AnnouncementStep.merged {
                record(.skipped, announcement, reason: AnnouncementStep.mergedAndAbsent)
                return try commit()
            }
            try send(announcement, draft: obstacle == nil ? Draft(announcement) : nil, isRepeat: true, line: &line)
        }
    }

    /// A network that cannot be asked for as long as a finish is news: a person is told, once.
    mutating func giveUpIfOld(_ announcement: Announcement) throws(OperationError) {
        if store.state.isTooOld(announcement, now: now) { try leaveToPerson(announcement) }
    }

    mutating func leaveToPerson(_ announcement: Announcement) throws(OperationError) {
        hold(announcement, AnnouncementStep.nobodyKnows, attempt: announcement.attempts)
        try commit()
    }
}
