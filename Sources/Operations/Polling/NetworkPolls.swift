import Formats

/// A network that could not be asked, run after run, while something was owed to it.
struct NetworkPoll: Equatable {
    var network: String
    var reason: String
    /// Of the first of these runs.
    var since: Instant
    var failures = 0
    /// When a person was told last.
    var said: Instant?

    /// Whether it is time to tell a person: after three runs, and once a week from then on.
    func isToSay(at now: Instant) -> Bool {
        guard failures >= Schedule.failuresUntilFailing else { return false }
        guard let said else { return true }
        // A clock that was ahead silences nobody.
        return said > now || now >= said.adding(seconds: NetworkPoll.sayAgain)
    }
    private static let sayAgain: Int64 = 7 * 86_400
}

extension Polls {
    /// The network answered, or nothing is owed to it.
    mutating func noteAnswer(of network: String) { networks.removeAll { $0.network == network } }

    /// What keeps a network from being asked, where that is known.
    func trouble(with network: String) -> String? { networks.first { $0.network == network }?.reason }

    /// - Returns: whether a person has to be told.
    mutating func noteSilence(of network: String, _ reason: String, at now: Instant) -> Bool {
        let place = networks.firstIndex { $0.network == network } ?? networks.endIndex
        if place == networks.endIndex {
            networks.append(NetworkPoll(network: network, reason: reason, since: now))
        }
        networks[place].reason = reason
        networks[place].failures += 1
        guard networks[place].isToSay(at: now) else { return false }
        networks[place].said = now
        return true
    }
}
