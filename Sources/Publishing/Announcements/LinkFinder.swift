/// What X takes for a link (`specs/x-posting.md` section 8): with a scheme any domain, without one a domain
/// of ASCII and Latin letters; each ends in a known top-level domain. It counts as 23 whatever its length,
/// and a post that has one is charged more than ten times as much.
struct LinkFinder {
    private let text: [Unicode.Scalar]
    private var links: [Range<Int>] = []

    private let isWary: Bool
    /// Where the top-level domain behind each dot ends. Looked up once: a title of a thousand dots is read
    /// from each of them on.
    private var topLevelEnds: [Int: Int] = [:]

    /// The links' places in `text`, in order.
    ///
    /// - Parameter isWary: whether also counts what X's published rules leave out and X itself may not: the
    ///   top-level domains that are younger than they, and hosts longer than DNS knows.
    static func links(in text: [Unicode.Scalar], isWary: Bool = false) -> [Range<Int>] {
        // Every link has a dot; most texts have none that matters.
        guard text.contains(".") else { return [] }
        var finder = LinkFinder(text: text, isWary: isWary)
        finder.find()
        return finder.links
    }

    /// Whether a link begins with `http://` or `https://`: only X makes links of others.
    static func hasScheme(_ link: ArraySlice<Unicode.Scalar>) -> Bool {
        let start = String(String.UnicodeScalarView(link.prefix(8))).lowercased()
        return start.hasPrefix("https://") || start.hasPrefix("http://")
    }

    private init(text: [Unicode.Scalar], isWary: Bool) {
        self.text = text
        self.isWary = isWary
        for (index, scalar) in text.enumerated() where scalar == "." {
            topLevelEnds[index + 1] = topLevelEnd(index + 1, text.count)
        }
    }

    private mutating func find() {
        var start = 0
        var consumed = 0
        // No domain begins before this: a word of a thousand letters is not read from each of them on.
        var barren = 0
        while start < text.count {
            guard start == 0 || (start > consumed && !forbidsLink(text[start - 1])) else {
                start += 1
                continue
            }
            let scheme = schemeEnd(start)
            if scheme == nil, start < barren {
                start += 1
                continue
            }
            guard let domain = domain(from: scheme ?? start) else {
                if scheme == nil { barren = barrenEnd(start) }
                start += 1
                continue
            }
            let path = pathEnd(portEnd(domain.upperBound))
            let end = queryEnd(path)
            if let scheme {
                if isValid(domain) { take(start, scheme, path, end) }
            } else if isValid(domain), start == 0 || !"-_./".unicodeScalars.contains(text[start - 1]) {
                takeBare(domain, end)
            }
            consumed = end
            start = end
        }
    }

    /// Behind the letters from `start` on; `start` where a dot follows them.
    private func barrenEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, isLabel(text[end]) { end += 1 }
        return end < text.count && text[end] == "." ? start : end
    }

    private mutating func take(_ start: Int, _ host: Int, _ path: Int, _ end: Int) {
        // Its own short links end with their slug.
        let tco = Array("t.co/".unicodeScalars)
        guard host + tco.count < end, isSame(tco, at: host) else { return links.append(start..<end) }
        var slug = host + tco.count
        while slug < end, isAlphanumeric(text[slug]) { slug += 1 }
        let count = slug - host - tco.count
        if count == 0 { return links.append(start..<end) }
        if count <= 40 { links.append(start..<(slug == path ? end : max(slug, queryEnd(slug)))) }
    }

    /// Without a scheme a run of other letters around a domain is cut away, and there may be several.
    private mutating func takeBare(_ domain: Range<Int>, _ end: Int) {
        var index = domain.lowerBound
        var found: Int?
        while index < domain.upperBound {
            guard let stop = bareEnd(index, domain.upperBound) else {
                index += 1
                continue
            }
            links.append(index..<stop)
            found = stop
            index = stop
        }
        if let found, end > domain.upperBound, let last = links.popLast() {
            // What follows the domain belongs to the last one only if nothing stands between.
            links.append(last.lowerBound..<(found == domain.upperBound ? end : found))
        }
    }

    private func schemeEnd(_ start: Int) -> Int? {
        guard text[start] == "h" || text[start] == "H" else { return nil }
        for scheme in ["https://", "http://"] {
            let wanted = Array(scheme.unicodeScalars)
            if isSame(wanted, at: start) { return start + wanted.count }
        }
        return nil
    }

    private func isSame(_ wanted: [Unicode.Scalar], at start: Int) -> Bool {
        guard start + wanted.count <= text.count else { return false }
        for (index, scalar) in wanted.enumerated() where lower(text[start + index]) != scalar {
            return false
        }
        return true
    }

    /// The longest run of labels from `start` that ends in a top-level domain.
    private func domain(from start: Int) -> Range<Int>? {
        var index = start
        var best: Range<Int>?
        while index < text.count {
            let label = index
            while index < text.count, isLabel(text[index]) { index += 1 }
            guard index > label, index < text.count, text[index] == ".", isDomain(text[label]),
                isDomain(text[index - 1])
            else { break }
            let hasUnderscore = text[label..<index].contains("_")
            index += 1
            if !hasUnderscore, let end = topLevelEnds[index] { best = start..<end }
        }
        return best
    }

    private func bareEnd(_ start: Int, _ end: Int) -> Int? {
        var index = start
        var best: Int?
        while index < end {
            let label = index
            while index < end, isBare(text[index]) { index += 1 }
            guard index > label, index < end, text[index] == "." else { break }
            index += 1
            if let stop = topLevelEnd(index, end) { best = stop }
        }
        return best
    }

    /// Where a top-level domain that begins at `start` ends.
    private func topLevelEnd(_ start: Int, _ end: Int) -> Int? {
        var length = min(TopLevelDomains.lengthMax, end - start)
        while length > 1 {
            let stop = start + length
            if stop == end || !continuesDomain(text[stop]) {
                var name = String.UnicodeScalarView()
                name.append(contentsOf: text[start..<stop])
                if isTopLevel(String(name).lowercased()) { return stop }
            }
            length -= 1
        }
        guard isSame(Array("xn--".unicodeScalars), at: start) else { return nil }
        var stop = start + 4
        while stop < end, text[stop].isASCII, isAlphanumeric(text[stop]) || text[stop] == "-" { stop += 1 }
        return stop > start + 4 ? stop : nil
    }

    private func isTopLevel(_ name: String) -> Bool {
        TopLevelDomains.names.contains(name) || isWary && TopLevelDomains.newer.contains(name)
    }

    private func portEnd(_ start: Int) -> Int {
        guard start < text.count, text[start] == ":" else { return start }
        var index = start + 1
        while index < text.count, ("0"..."9").contains(text[index]) { index += 1 }
        return index > start + 1 ? index : start
    }

    private func pathEnd(_ start: Int) -> Int {
        guard start < text.count, text[start] == "/" else { return start }
        var end = start + 1
        var index = end
        while index < text.count {
            if text[index] == "(" {
                guard let close = parenthesisEnd(index, isNested: false) else { break }
                index = close
                end = close
            } else if isPath(text[index]) {
                index += 1
                if endsPath(text[index - 1]) { end = index }
            } else {
                break
            }
        }
        return end
    }

    /// Behind a balanced parenthesis that begins at `start` and holds at most one level of others.
    private func parenthesisEnd(_ start: Int, isNested: Bool) -> Int? {
        var index = start + 1
        while index < text.count {
            if text[index] == ")" { return index > start + 1 ? index + 1 : nil }
            if text[index] == "(", !isNested {
                guard let close = parenthesisEnd(index, isNested: true) else { return nil }
                index = close
            } else if isPath(text[index]) {
                index += 1
            } else {
                return nil
            }
        }
        return nil
    }

    private func queryEnd(_ start: Int) -> Int {
        guard start < text.count, text[start] == "?" else { return start }
        var end = start
        var index = start + 1
        while index < text.count, isQuery(text[index]) {
            index += 1
            if endsQuery(text[index - 1]) { end = index }
        }
        return end
    }

    /// RFC 1035 section 2.3.4, counted as DNS would see it.
    private func isValid(_ domain: Range<Int>) -> Bool {
        if isWary { return true }
        var total = 0
        for label in text[domain].split(separator: ".") {
            let length = Punycode.labelLength(Array(label))
            guard let length, length <= 63 else { return false }
            total += length + 1
        }
        return total <= 254
    }
}

extension LinkFinder {
    private func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard ("A"..."Z").contains(scalar) else { return scalar }
        return Unicode.Scalar(UInt8(scalar.value) | 0x20)
    }

    private func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
    }

    private func isInvalid(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0xFFFE || scalar.value == 0xFEFF || scalar.value == 0xFFFF
    }

    /// Whether nothing behind it begins a link.
    private func forbidsLink(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || isInvalid(scalar)
            || "@\u{FF20}$#\u{FF03}".unicodeScalars.contains(scalar)
    }

    private func continuesDomain(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || scalar == "@" || scalar == "+" || scalar == "-"
    }

    private func isDomain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return isAlphanumeric(scalar) || scalar == "\"" || scalar == "`"
        }
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x180E, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
            0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFEFF, 0xFFFF:
            return false
        default: return true
        }
    }

    private func isLabel(_ scalar: Unicode.Scalar) -> Bool {
        isDomain(scalar) || scalar == "-" || scalar == "_"
    }

    private func isLatinAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x253, 0x254, 0x256, 0x257, 0x259, 0x25B, 0x263,
            0x268, 0x26F, 0x272, 0x289, 0x28B, 0x2BB, 0x300...0x36F, 0x1E00...0x1EFF:
            true
        default: false
        }
    }

    private func isBare(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || scalar == "-" || isLatinAccent(scalar)
    }

    private func isPathLetter(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || isLatinAccent(scalar) || (0x400...0x4FF).contains(scalar.value)
    }

    private func isPath(_ scalar: Unicode.Scalar) -> Bool {
        isPathLetter(scalar) || "!*';:=+,.$/%#[]-\u{2013}_~@|&".unicodeScalars.contains(scalar)
    }

    private func endsPath(_ scalar: Unicode.Scalar) -> Bool {
        isPathLetter(scalar) || "=_#/+-".unicodeScalars.contains(scalar)
    }

    private func isQuery(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || "!?*'@();:&=+$/%#[]-_.,~|".unicodeScalars.contains(scalar)
    }

    private func endsQuery(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || "-_&=#/".unicodeScalars.contains(scalar)
    }
}

/// How long a label of a domain is in ASCII (RFC 3492 section 6.3).
enum Punycode {
    /// `nil` for a label that is no valid one.
    static func labelLength(_ label: [Unicode.Scalar]) -> Int? {
        let basic = label.filter(\.isASCII).count
        guard basic < label.count else { return label.count }
        // More than DNS allows in any encoding: every character takes at least one digit.
        guard label.count <= 63 else { return label.count }
        var prefix = String.UnicodeScalarView()
        prefix.append(contentsOf: label.prefix(4))
        guard String(prefix).lowercased() != "xn--" else { return nil }
        var length = 4 + basic + (basic > 0 ? 1 : 0)
        var last: UInt32 = 128
        var delta = 0
        var bias = 72
        var handled = basic
        while handled < label.count {
            var next = UInt32.max
            for scalar in label where scalar.value >= last { next = min(next, scalar.value) }
            delta += Int(next - last) * (handled + 1)
            for scalar in label {
                if scalar.value < next { delta += 1 }
                guard scalar.value == next else { continue }
                length += digits(of: delta, bias)
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            last = next + 1
        }
        return length
    }

    private static func digits(of delta: Int, _ bias: Int) -> Int {
        var rest = delta
        var count = 1
        var k = 36
        while true {
            let threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
            if rest < threshold { return count }
            rest = (rest - threshold) / (36 - threshold)
            count += 1
            k += 36
        }
    }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var k = 0
        while delta > 455 {
            delta /= 35
            k += 36
        }
        return k + 36 * delta / (delta + 38)
    }
}
