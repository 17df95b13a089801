import Formats

/// Two finishes that may be one, told by two services that share no key.
public struct Suspicion: Equatable, Sendable {
    /// The older stays when they are merged.
    public var younger: Standing
    public var older: Standing
}

extension State {
    /// Pairs that a person may want to merge (PRODUCT section 6): the same work by kind, title and
    /// creator, finished within 14 days, shown by two services, and nothing proves that they are two.
    /// Newest first; a finish is named as younger once, with the nearest other by day.
    public func suspicions() -> [Suspicion] {
        var titled: [String: [Int]] = [:]
        var standings: [Standing] = []
        for place in placesNearAnotherService() {
            let standing = finishes.standing(at: place)
            titled[Likeness.normalised(standing.finish.title), default: []].append(standings.count)
            standings.append(standing)
        }
        var suspicions: [Suspicion] = []
        for standing in standings {
            let alike = titled[Likeness.normalised(standing.finish.title)] ?? []
            var nearest: (other: Standing, days: Int)?
            for index in alike {
                let other = standings[index]
                guard other.sequence < standing.sequence, let days = distance(standing, other) else {
                    continue
                }
                if days < nearest?.days ?? .max { nearest = (other, days) }
            }
            if let nearest { suspicions.append(Suspicion(younger: standing, older: nearest.other)) }
        }
        return suspicions
    }

    /// Newest first, what has a place in the order and another service's finish near it: nothing else can be one
    /// of a pair, and a history of one service, which most of a long one is, need not be decoded.
    private func placesNearAnotherService() -> [Int] {
        let places = finishes.newest().filter { finishes.days[$0] != Int64.min }
        let services = places.map { finishes.onlyService(at: $0) }
        var isNear = services.map { $0 == nil }
        // From the newest down a service is near that was met in the days above, from the oldest up likewise.
        for indices in [Array(places.indices), places.indices.reversed()] {
            var lastDays: [String?: Int64] = [:]
            for index in indices {
                let day = finishes.days[places[index]]
                for (service, last) in lastDays where service != services[index] {
                    if abs(last - day) <= State.nearDays { isNear[index] = true }
                }
                lastDays[services[index]] = day
            }
        }
        return places.indices.filter { isNear[$0] }.map { places[$0] }
    }

    /// Two weeks, and the year that a day may be off which is known as a year alone.
    private static let nearDays: Int64 = 14 + 366

    /// Days between two that may be one; `nil`: they are not.
    private func distance(_ one: Standing, _ two: Standing) -> Int? {
        let (day, other) = (one.dayOrSight, two.dayOrSight)
        guard day.gap(to: other) <= 14, Likeness.agree(one.finish, two.finish),
            !one.services.contains(where: { two.services.contains($0) }),
            let place = finishes.place(of: one.id.text), let second = finishes.place(of: two.id.text),
            !finishes.family(of: place).contains(second)
        else { return nil }
        return day.gap(to: other)
    }
}

extension Standing {
    /// As it stands in the order: what is undated was finished when it was first seen.
    fileprivate var dayOrSight: Day { finish.day ?? Day(of: firstSight) }
}

extension FinishTable {
    /// Whose keys a finish has, where they are one service's; `nil` where only decoding tells what it is near to:
    /// the keys of several, a day that lies ahead of its event.
    fileprivate func onlyService(at place: Int) -> String? {
        guard let fields = fields(at: place) else { return nil }
        let day = Day(arena, fields.day)
        guard fields.day.isEmpty || day?.first.daysSince1970 == days[place] else { return nil }
        var only: String?
        for key in texts(fields.keys) {
            let service = Key.service(key)
            if only != nil, only != service { return nil }
            only = service
        }
        return only
    }
}
