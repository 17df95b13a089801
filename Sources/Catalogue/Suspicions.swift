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
        for place in finishes.newest() where finishes.has(.dated, at: place) {
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

    /// Days between two that may be one; `nil`: they are not.
    private func distance(_ one: Standing, _ two: Standing) -> Int? {
        guard let day = one.finish.day, let other = two.finish.day, day.gap(to: other) <= 14,
            Likeness.agree(one.finish, two.finish),
            !one.services.contains(where: { two.services.contains($0) }),
            let place = finishes.place(of: one.id.text), let second = finishes.place(of: two.id.text),
            !finishes.family(of: place).contains(second)
        else { return nil }
        return day.gap(to: other)
    }
}
