import Catalogue
import Formats
import HTTP

/// What answers tell of more than one feed: of our own network, and of houses that want to be left alone.
extension Intake {
    /// When nobody at all can be reached it is us who have no network: no feed's failure. Of a single host nobody can
    /// tell, but while it is known that nobody can be reached.
    ///
    /// Who is not due does not count as reached, so two hosts that are gone look like an outage while nobody else is
    /// asked: but only until then, for an outage excuses each feed once (`Outage.excuses`). The own machine and the
    /// own network are there whatever becomes of the rest: what a bridge at home answers tells nothing.
    mutating func noteOutage(_ asked: [Asked], _ answers: [Answer], _ known: Bool?) {
        // Nobody is left who could tell that it is over.
        if !settings.feeds.contains(where: { $0.address.scheme != "file" && !$0.address.isOfOwnNetwork }) { polls.outage = nil }
        var hosts: Set<String> = []
        var isReached = false
        for (asked, answer) in zip(asked, answers) where asked.feed.address.scheme != "file" && !asked.isSpared {
            if asked.isOfOwnNetwork { continue }
            if case .failure(let failure) = answer {
                if failure.wasNotAsked || failure.hasNotLeft { continue }
                if failure.isUnreachable {
                    // Who is gone by itself tells nothing of our network.
                    if Outage.excuses(asked.poll, polls.outage, at: world.now) { hosts.insert(failure.host) }
                    continue
                }
            }
            isReached = true
            break
        }
        if isReached {
            if polls.outage?.said != nil { notes.append("there are answers again") }
            polls.outage = nil
        }
        if let known {
            isOffline = known && !isReached
            return
        }
        guard !isReached, hosts.count > (polls.outage == nil ? 1 : 0) else { return }
        isOffline = true
        if polls.outage == nil {
            polls.outage = Outage(since: world.now)
        } else if polls.outage?.goOn(at: world.now) == true {
            outageNews = polls.outage?.since
        }
    }

    /// Whoever leads to a house that has asked to be left alone waits as long as that does, or it would be asked for
    /// nothing in every run until then.
    mutating func waitForHouse(_ feed: FollowedFeed, _ answer: Answer) {
        guard case .failure(let failure) = answer, let house = failure.closedHouse,
            let until = polls.pause(ofHouse: house, at: world.now), var poll = polls.poll(named: feed.name)
        else { return }
        poll.next = max(until, poll.next ?? until)
        polls.set(poll)
    }

    /// Whoever gives one of its feeds what was asked for does not turn us away, whatever it says to others.
    mutating func noteWelcome(_ answers: [Answer]) {
        func stops(_ answer: Answer) -> Bool {
            if case .failure(let failure) = answer { failure.stoppedHost != nil } else { false }
        }
        guard answers.contains(where: stops) else { return }
        for answer in answers {
            let address: String
            switch answer {
            case .failure: continue
            case .unchanged(let unchanged): address = unchanged.circumstances.address
            case .document(let document): address = document.address
            }
            if let house = WebAddress(address)?.house { strikes[house] = 1 }
        }
    }

    /// How many pauses in a row a house has asked for by now.
    mutating func strike(_ house: String) -> Int {
        let count = strikes[house] ?? polls.strikes(of: house, at: world.now)
        strikes[house] = count
        return count
    }
}
