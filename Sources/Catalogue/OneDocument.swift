/// What one document says of one finishing in several places.
///
/// Were each place decided by itself, the second would revise the first and the first the second, at
/// every poll anew. So they are one sighting: the first place is believed, the others fill in what it
/// leaves out.
extension Sighting {
    /// One sighting for each finishing, at the index of its first place; `nil` at the others.
    public static func joined(_ sightings: [Sighting]) -> [Sighting?] {
        var joined = sightings.map(Optional.some)
        // By bytes: a String holds composed and decomposed letters for equal.
        var firsts: [[UInt8]: [Int]] = [:]
        for (index, sighting) in sightings.enumerated() {
            guard let key = sighting.keys.first.map({ Array($0.text.utf8) }) else { continue }
            if let first = firsts[key]?.first(where: { joined[$0]?.names(sighting) == true }) {
                joined[first]?.fill(from: sighting)
                joined[index] = nil
            } else {
                firsts[key, default: []].append(index)
            }
        }
        return joined
    }

    /// Whether another place, which has the same strongest key, means the same finishing.
    private func names(_ other: Sighting) -> Bool {
        guard let day = finish.day, let second = other.finish.day else { return true }
        switch repeatPolicy {
        case .never: return true
        case .afterDays(let days): return day.gap(to: second) < days
        case .perDay: return day.gap(to: second) == 0
        }
    }

    private mutating func fill(from other: Sighting) {
        let isSameDay = finish.day == nil || finish.day == other.finish.day
        for field in FinishField.allCases where finish.value(of: field) == nil {
            // A time belongs to its day.
            if field == .instant, !isSameDay { continue }
            guard let value = other.finish.value(of: field) else { continue }
            _ = finish.set(field, to: value)
        }
        for key in other.keys where !keys.contains(where: { $0.text == key.text }) { keys.append(key) }
        logged = logged ?? other.logged
    }
}
