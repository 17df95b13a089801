import Formats

/// One table of `feeds.toml` while it is read: values by type, mistakes gathered with their place, and
/// in the end a word on every key that nobody asked for.
struct SettingsTable {
    let file: String
    let table: TOMLTable
    private(set) var mistakes: [SettingsMistake] = []
    private var known: [String] = []

    init(file: String, _ table: TOMLTable) {
        self.file = file
        self.table = table
        // A feed's table is asked for some fourteen keys, and there may be a thousand feeds.
        known.reserveCapacity(16)
    }

    mutating func complain(_ position: TOMLPosition, _ message: String) {
        mistakes.append(
            SettingsMistake(
                file: file, line: position.line, column: position.column, message: message))
    }

    mutating func value(_ key: String) -> TOMLValue? {
        known.append(key)
        return table[key]
    }

    /// Where the value of a key begins; `nil`: it is not there.
    func position(of key: String) -> TOMLPosition? { table.position(of: key) }

    private mutating func wrongType(_ key: String, _ value: TOMLValue, _ wanted: String) {
        complain(value.position, "\"\(key)\" is \(value.content.typeName), expected \(wanted)")
    }

    mutating func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value.content else {
            wrongType(key, value, "a string")
            return nil
        }
        return text
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .boolean(let flag) = value.content else {
            wrongType(key, value, "true or false")
            return nil
        }
        return flag
    }

    mutating func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value.content else {
            wrongType(key, value, "a whole number")
            return nil
        }
        guard let small = Int(exactly: number), range.contains(small) else {
            complain(
                value.position,
                "\"\(key)\" is \(number), expected \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return small
    }

    mutating func texts(_ key: String) -> [String]? {
        guard let value = value(key) else { return nil }
        if case .string(let text) = value.content { return [text] }
        guard case .array(let values) = value.content else {
            wrongType(key, value, "an array of strings")
            return nil
        }
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value.content else {
                wrongType(key, value, "a string in this array")
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let text = text(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        complain(text, of: key, Word.allCases.map(\.rawValue))
        return nil
    }

    /// - Parameter words: asked for only where the key is given.
    mutating func word(_ key: String, _ words: @autoclosure () -> [String]) -> String? {
        guard let text = text(key) else { return nil }
        let words = words()
        if words.contains(text) { return text }
        complain(text, of: key, words)
        return nil
    }

    private mutating func complain(_ text: String, of key: String, _ words: [String]) {
        let position = position(of: key) ?? TOMLPosition(line: 0, column: 0)
        let hint = nearest(to: text, in: words).map { " (did you mean \"\($0)\"?)" } ?? ""
        complain(
            position,
            "\"\(key)\" is \"\(text)\"\(hint), expected one of "
                + words.map { "\"\($0)\"" }.joined(separator: ", "))
    }

    /// `"90s"`, `"15m"`, `"1h"`, `"2d"`, in seconds.
    mutating func duration(_ key: String) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value.content else {
            wrongType(key, value, "a duration such as \"15m\", \"1h\" or \"2d\"")
            return nil
        }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...36_500).contains(count)
        else {
            complain(
                value.position,
                "\"\(key)\" is \"\(text)\", expected a duration such as \"15m\", \"1h\" or \"2d\"")
            return nil
        }
        return count * unit
    }

    mutating func day(_ key: String) -> Day? {
        guard let value = value(key) else { return nil }
        switch value.content {
        case .localDate(let day): return day
        case .offsetDateTime(let civil, _, _), .localDateTime(let civil, _):
            return Day(year: civil.year, month: civil.month, day: civil.day)
        default:
            wrongType(key, value, "a date such as 2026-11-01")
            return nil
        }
    }

    mutating func address(_ key: String) -> String? {
        guard let text = text(key), !text.isEmpty else { return nil }
        guard let address = WebAddress(text), address.isWeb else {
            complain(
                position(of: key) ?? TOMLPosition(line: 0, column: 0),
                "\"\(key)\" is no address, expected one that begins with https:// or http://")
            return nil
        }
        guard !address.hasCredentials else {
            complain(
                position(of: key) ?? TOMLPosition(line: 0, column: 0),
                "\"\(key)\" holds a user name or password, and all the world reads it")
            return nil
        }
        return text
    }

    /// A table below this one; an absent one reads as empty.
    mutating func table(_ key: String, _ read: (inout SettingsTable) -> Void) {
        guard let value = value(key) else { return }
        guard case .table(let inner) = value.content else {
            wrongType(key, value, "a table")
            return
        }
        visit(inner, read)
    }

    /// An array of tables (`[[key]]`).
    mutating func tables(_ key: String, _ read: (inout SettingsTable, TOMLPosition) -> Void) {
        guard let value = value(key) else { return }
        guard case .array(let values) = value.content else {
            wrongType(key, value, "an array of tables, written [[\(key)]]")
            return
        }
        for value in values {
            guard case .table(let inner) = value.content else {
                wrongType(key, value, "a table in this array")
                continue
            }
            visit(inner) { read(&$0, value.position) }
        }
    }

    private mutating func visit(_ inner: TOMLTable, _ read: (inout SettingsTable) -> Void) {
        var reader = SettingsTable(file: file, inner)
        read(&reader)
        mistakes += reader.finished()
    }

    /// All mistakes, those of keys that nobody asked for included.
    mutating func finished() -> [SettingsMistake] {
        for entry in table.entries where !known.contains(entry.key) {
            complain(entry.position, "unknown key \"\(entry.key)\"\(hint(for: entry.key))")
        }
        return mistakes
    }

    /// The nearest right key, or where none is near and there are few, all.
    private func hint(for key: String) -> String {
        if let nearest = nearest(to: key, in: known) { return " (did you mean \"\(nearest)\"?)" }
        guard (1...8).contains(known.count) else { return "" }
        return ", expected one of " + known.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

/// The word that a typing mistake most likely meant; `nil` when none is near.
public func nearest(to word: String, in words: [String]) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in words {
        let distance = editDistance(Array(word.utf8), Array(candidate.utf8))
        if distance <= max(1, candidate.utf8.count / 3), distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.word
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in left.indices {
        var row = [Int](repeating: i + 1, count: right.count + 1)
        for j in right.indices {
            let cost = left[i] == right[j] ? 0 : 1
            row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + cost)
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                row[j + 1] = min(row[j + 1], before[j - 1] + 1)
            }
        }
        before = last
        last = row
    }
    return last[right.count]
}
