import Catalogue
public import Feeds
import Formats

/// What a person is told of a feed, and when: PRODUCT section 3 (failure talk).
extension Intake {
    mutating func turn(
        _ turn: FeedCondition.Turn, _ feed: FollowedFeed, _ reason: String = "", host: String? = nil
    ) {
        let condition = FeedCondition(
            turn, feed: feed.name, reason: reason, host: host ?? feed.address.host ?? "")
        record(.feedCondition(condition))
        turns.append(condition)
    }

    /// Said when it is news: the third failure in a row, and again each week.
    mutating func complain(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: inout Poll, inARow: Int
    ) {
        let standing = standing(feed.name)
        if failure.isGone {
            if standing?.condition != .gone { turn(.gone, feed, failure.reason, host: failure.host) }
        } else if standing?.condition == .failing, standing?.reason != Drought.reason {
            remind(feed, failure.reason, host: failure.host, &poll)
        } else if inARow >= Schedule.failuresUntilFailing {
            turn(.failing, feed, failure.reason, host: failure.host)
        } else if standing?.condition == .failing {
            remind(feed, Drought.reason, host: nil, &poll)
        }
    }

    /// The other feeds of a house that turns everybody away, in one mail and not in one each: those that should have been
    /// asked by now.
    mutating func complainOfHouses() {
        for feed in settings.feeds where !turnedAwayBy.isEmpty {
            let poll = polls.poll(of: feed)
            guard poll.succeeded != world.now, let house = feed.requestAddress(poll).house, let failure = turnedAwayBy[house],
                polls.pause(ofHouse: house, at: world.now) != nil, standing(feed.name)?.isUnwell != true,
                Schedule.dueAt(feed, poll, ignoresInterval: false, now: world.now) <= world.now
            else { continue }
            turn(.failing, feed, failure.reason, host: failure.host)
        }
    }

    /// Where one reminder is due, those that fall due within a day are said with it.
    mutating func remindOfOthers() {
        for feed in settings.feeds where !reminders.isEmpty {
            guard let standing = standing(feed.name), standing.condition == .failing, var poll = polls.poll(named: feed.name)
            else { continue }
            remind(feed, standing.reason, host: nil, &poll, ahead: 86_400)
            polls.set(poll)
        }
    }

    /// Once a week counted from the day on which it was said first: by the first poll of each week. `polls.json` keeps
    /// when it was said, for a run may die in between.
    ///
    /// - Parameter ahead: seconds by which it may be early.
    mutating func remind(
        _ feed: FollowedFeed, _ reason: String, host: String?, _ poll: inout Poll, ahead: Int64 = 0
    ) {
        guard let standing = standing(feed.name) else { return }
        // What a clock noted that was ahead is no day to count from; any other is.
        let first = standing.changed <= world.now ? standing.changed.seconds : 0
        let week: Int64 = 7 * 86_400
        let said = max(first, poll.reminded.map { $0 <= world.now ? $0.seconds : 0 } ?? first)
        // Said within a day before the week was over, it was said for the next.
        let weeksSaid = said > first ? (said - first + 86_400) / week : 0
        guard (world.now.seconds + ahead - first) / week > weeksSaid else { return }
        poll.reminded = world.now
        if standing.reason == reason {
            var failure = Failure(feed, .fetch, reason)
            if let host { failure.host = host }
            reminders.append(failure)
        } else {
            // Another trouble by now: `status` goes by what the log says.
            turn(.failing, feed, reason, host: host)
        }
    }
}

extension Failure {
    /// Before what each of its feeds was told.
    public static let turnedAway = "its host has turned us away three times in a row: "

    static func lack(_ lack: FeedDocument.Lack, _ feed: FollowedFeed) -> Failure {
        Failure(feed, .read, "the document is \(lack.words), and \(lack.rest)")
    }
}

extension FeedDocument.Lack {
    public var words: String {
        switch self {
        case .end: "cut off"
        case .part: "damaged"
        }
    }

    /// What becomes of it.
    public var rest: String {
        switch self {
        case .end: "what it has before is taken"
        case .part: "what can be told apart is taken"
        }
    }
}
