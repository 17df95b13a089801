public import Formats

/// Which dates are taken for the time of a finish.
///
/// Programs that have no date write the first or the last of their calendar (0001-01-01, 1969-12-31,
/// 9999-12-31), and some pages have a slip of the hand: what lies before 1970, or more than a day ahead, is as good as
/// none (specs/feed-parsing.md, R8). The day that every clock on earth may be ahead is allowed for. In an export stands
/// what a person has typed, who may well have read a book in 1965.
extension Sighting {
    func believed(at now: Instant, isExport: Bool) -> Sighting {
        var sighting = self
        let earliest = isExport ? Instant.earliestTyped : 0
        if !finish.isBelievable(at: now, since: earliest) { (sighting.finish.day, sighting.finish.instant) = (nil, nil) }
        sighting.logged = logged.flatMap { $0.isBelievable(at: now, since: earliest) ? $0 : nil }
        return sighting
    }
}

extension State {
    /// The same sighting without dates that cannot be, as `decide` takes it. A clock that stands before our own last
    /// event is no judge of what lies ahead.
    /// - Parameter isExport: whether a person has typed it.
    public func believed(_ sighting: Sighting, now: Instant, isExport: Bool = false) -> Sighting {
        sighting.believed(at: max(now, at), isExport: isExport)
    }
}

extension Finish {
    fileprivate func isBelievable(at now: Instant, since earliest: Int64) -> Bool {
        // The day of an instant is the site's, which may be ahead of UTC by most of a day.
        if let instant, !instant.isBelievable(at: now, since: earliest) { return false }
        guard let day else { return true }
        return day.first.daysSince1970 * 86_400 >= earliest
            && (instant != nil || day <= Day(of: now.adding(seconds: Instant.aheadMax)))
    }
}

extension Instant {
    fileprivate static let aheadMax: Int64 = 86_400
    /// 1900-01-01.
    fileprivate static let earliestTyped: Int64 = -25_567 * 86_400

    fileprivate func isBelievable(at now: Instant, since earliest: Int64) -> Bool {
        seconds >= earliest && self <= now.adding(seconds: Instant.aheadMax)
    }
}
