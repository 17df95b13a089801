import Catalogue
import Formats

/// How many of what, counted once for the whole page.
struct Totals {
    /// The order in which kinds are shown; what is of no known kind comes last.
    static let kinds: [Kind?] = Kind.allCases.map { $0 } + [nil]

    struct Year {
        /// `nil`: without a date.
        var year: Int?
        /// By place in `Totals.kinds`.
        var counts = Array(repeating: 0, count: Totals.kinds.count)
        /// The same by month; the last row: the month is not known.
        var months = Array(repeating: Array(repeating: 0, count: Totals.kinds.count), count: 13)
        /// The kinds finished on each day, as bits; twelve rows of 31.
        var days = Array(repeating: Array(repeating: UInt16(0), count: 31), count: 12)
        /// How many on each day.
        var dayCounts = Array(repeating: Array(repeating: 0, count: 31), count: 12)

        var total: Int { counts.reduce(0, +) }
        /// Places of the kinds that occur.
        var places: [Int] { Totals.kinds.indices.filter { counts[$0] > 0 } }
    }

    /// Newest first, only those in which something was finished.
    private(set) var years: [Year] = []
    private(set) var counts = Array(repeating: 0, count: Totals.kinds.count)

    /// - Parameter glances: newest first.
    init(_ glances: [Glance]) {
        for glance in glances {
            let place = Totals.place(of: glance.kind)
            if years.last?.year != glance.year || years.isEmpty { years.append(Year(year: glance.year)) }
            let last = years.count - 1
            counts[place] += 1
            years[last].counts[place] += 1
            guard let day = glance.day, let month = day.month, let number = day.day else {
                years[last].months[12][place] += 1
                continue
            }
            years[last].months[month - 1][place] += 1
            years[last].days[month - 1][number - 1] |= 1 << UInt16(place)
            years[last].dayCounts[month - 1][number - 1] += 1
        }
    }

    var total: Int { counts.reduce(0, +) }
    var places: [Int] { Totals.kinds.indices.filter { counts[$0] > 0 } }

    static func place(of kind: Kind?) -> Int {
        kinds.firstIndex(of: kind) ?? kinds.count - 1
    }

    /// `12 books, 1 film`
    static func sentence(_ counts: [Int], _ words: Words) -> String {
        var parts: [String] = []
        for (place, count) in counts.enumerated() where count > 0 {
            parts.append(words.count(count, kinds[place]))
        }
        return parts.joined(separator: ", ")
    }

    /// Of a table; nothing is an empty one, so that the numbers stand out.
    static func cell(_ count: Int) -> String {
        count == 0 ? "<td></td>" : "<td>\(count)</td>"
    }

    /// The class that gives a kind its colour.
    static func className(_ place: Int) -> String {
        "colophon-" + (kinds[place]?.rawValue ?? "other")
    }
}
