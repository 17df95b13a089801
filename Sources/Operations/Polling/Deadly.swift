import Storage

// A document that ends the program must not take the other feeds along, run after run. The run after one that has not
// ended (`Polls.asking`) notes whose document it reads (`Log.note`), for a run that learns nothing touches no file but
// polls.json; should it die as well, the next one finds the name. From then on that feed is asked in a part of the run
// of its own, when all the others are recorded, published and told; and one that has ended that, too, is told as a
// failure, and tried again later.

extension Polls {
    /// - Parameter feed: whose document the run before was reading when it died.
    mutating func noteDeath(at feed: FollowedFeed) {
        var poll = poll(of: feed)
        poll.deaths = min(poll.deaths + 1, Poll.deathsUntilSpared)
        set(poll)
    }

    /// A newer program may be better at it.
    mutating func forgiveDeaths(unlessOf program: String) {
        if glance.program == program { return }
        for poll in feeds where poll.deaths >= Poll.deathsUntilSpared {
            var poll = poll
            poll.deaths = 1
            set(poll)
        }
    }
}

extension Poll {
    static let deathsUntilSpared = 2
}

extension Failure {
    static func deadly(_ feed: FollowedFeed) -> Failure {
        var failure = Failure(
            feed, .read,
            "the program has ended, twice, while it read what this feed gives; it is tried again later: take a newer version, "
                + "or report this feed")
        failure.isDeadly = true
        return failure
    }
}
