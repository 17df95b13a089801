import Formats

// When two finishes may be one: titles, days and numbers that agree.

extension Day {
    /// Whole days between the two, each as precisely as it is known; 0 where they can be the same day.
    func gap(to other: Day) -> Int {
        let between = max(
            other.first.daysSince1970 - last.daysSince1970,
            first.daysSince1970 - other.last.daysSince1970)
        return max(0, Int(between))
    }
}

extension Standing {
    func has(_ key: String) -> Bool {
        for own in keys where own.utf8.elementsEqual(key.utf8) { return true }
        return false
    }
}

/// What a service's key says: `letterboxd:viewing:844110986`, also with `@DAY` or a state
/// (`:completed@DAY`) behind it.
struct KeyName {
    var service: Substring
    var noun: Substring
    var number: Substring
    /// Behind the last `@`.
    var day: Substring?

    /// `nil` for generic keys, several of which may name one entry, and for names that were too long.
    init?(_ key: String) {
        let parts = key.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, parts[0] != "feed" else { return nil }
        service = parts[0]
        noun = parts[1]
        number = parts[2].prefix { $0 != ":" && $0 != "@" }
        if Key.namesDay(key) { day = parts[2].split(separator: "@").last }
    }

    /// Whether both cannot name one finishing: another number, or another day of the same.
    func isOther(than name: KeyName) -> Bool {
        guard service == name.service, noun == name.noun else { return false }
        if number != name.number { return true }
        guard let day, let other = name.day else { return false }
        return day != other
    }
}

/// When two names mean one work.
enum Likeness {
    /// Letters and digits in lower case, without what stands in brackets at the end (a series, a year)
    /// and without an article in front.
    static func normalised(_ title: String) -> String {
        var text = title.lowercased()
        while text.hasSuffix(")"), let open = text.lastIndex(of: "("), open != text.startIndex {
            text = String(text[..<open])
            while text.hasSuffix(" ") { text.removeLast() }
        }
        var words = text.split { !($0.isLetter || $0.isNumber) }
        if words.count > 1, ["the", "a", "an"].contains(words[0]) { words.removeFirst() }
        // A title of signs alone ("★") is its own name.
        return words.isEmpty ? title : words.joined(separator: " ")
    }

    /// The same kind and creator, and no two seasons of one series. What one of them does not name
    /// contradicts nothing.
    static func agree(_ left: Finish, _ right: Finish) -> Bool {
        guard left.kind == right.kind, agree(left.season, right.season),
            agree(left.episode, right.episode)
        else { return false }
        guard let one = left.creator, let two = right.creator else { return true }
        return normalised(one) == normalised(two)
    }

    private static func agree(_ left: Int?, _ right: Int?) -> Bool {
        left == nil || right == nil || left == right
    }
}

extension FinishTable {
    /// What is shown, may have a title like this one, and happened at most so many days before or after.
    func places(perhapsLike normalisedTitle: String, within span: Int64, of day: Day) -> [Int] {
        let middle = day.first.daysSince1970
        var places: [Int] = []
        for place in self.places(perhapsLike: normalisedTitle)
        where abs(middle - max(days[place], -1 << 40)) <= span && isShown(at: place) {
            places.append(place)
        }
        return places
    }

    /// Whether the title stands in the body as it is written there. Only decoding is certain.
    func mayBear(_ title: String, at place: Int) -> Bool {
        JSONMark("title", title).stands(in: arena, body(at: place))
    }
}
