import Formats
import Testing

@Suite struct InstantTests {
    /// Counts days from 1970-01-01 one by one: too simple to be wrong.
    private static func walk(to year: Int, _ visit: (CivilTime, Int64) -> Void) {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var count: Int64 = 0
        for past in 1..<1970 {
            count -= past % 4 == 0 && past % 100 != 0 || past % 400 == 0 ? 366 : 365
        }
        for now in 1...year {
            for month in 1...12 {
                let isLeap = now % 4 == 0 && now % 100 != 0 || now % 400 == 0
                for day in 1...(lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)) {
                    visit(CivilTime(year: now, month: month, day: day), count)
                    count += 1
                }
            }
        }
    }

    @Test func `every day of 2,400 years is where counting finds it`() {
        var wrong = 0
        InstantTests.walk(to: 2400) { date, count in
            let instant = Instant(seconds: count * 86_400)
            if date.daysSince1970 != count || instant.civil() != date || !date.isValid { wrong += 1 }
            // 1970-01-01 was a Thursday.
            if instant.weekday != Int(((count + 4) % 7 + 7) % 7) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test func `clocks and offsets go there and back`() {
        var dice = Dice(seed: 11)
        for _ in 0..<5000 {
            let instant = Instant(seconds: Int64(dice.below(8_000_000_000)) - 4_000_000_000)
            let offset = dice.below(100_000) - 50_000
            let civil = instant.civil(offset: offset)
            #expect(civil.isValid)
            #expect(civil.instant(offset: offset) == instant)
            #expect(Instant(rfc3339: instant.description) == instant)
            #expect(Day(of: instant, offset: offset) == Day(year: civil.year, month: civil.month, day: civil.day))
        }
    }

    @Test(arguments: [
        (1985, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (0, 1, 1),
        (10_000, 1, 1), (2026, 1, 32),
    ])
    func `what is no date is not valid`(year: Int, month: Int, day: Int) {
        #expect(!CivilTime(year: year, month: month, day: day).isValid)
        #expect(Day(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [(24, 0, 0), (-1, 0, 0), (0, 60, 0), (0, 0, 61), (0, -1, 0)])
    func `what is no time of day is not valid`(hour: Int, minute: Int, second: Int) {
        let time = CivilTime(year: 2026, month: 1, day: 1, hour: hour, minute: minute, second: second)
        #expect(!time.isValid)
    }
}
