/// Names as XML 1.0 (5th edition) §2.3 has them, which are those that libxml2 takes: of a tag with any
/// other it drops the start and lets the end close something else.
extension RepairPass {
    func isNameStart(at position: Int) -> Bool {
        let byte = source[position]
        if byte >= 0x80 { return nameBytes(at: position, isFirst: true) > 0 }
        return isName[Int(byte)] && !isDigit(byte) && byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".")
    }

    /// Behind all that may stand in a name; what is longer than any name of a feed is given in pieces.
    func endOfName(_ start: Int) -> Int {
        var end = start
        let limit = min(source.count, start + RepairPass.nameBytesMax)
        while end < limit {
            if isName[Int(source[end])] {
                end += 1
            } else {
                let more = nameBytes(at: end, isFirst: false)
                guard more > 0 else { break }
                end += more
            }
        }
        return end
    }

    /// Where the second colon of a name stands, if no name may begin behind it: there libxml2 ends the name, and with
    /// it the tag (`<urn:isbn:978>`). It and all behind it are written as "_", for of two the next would be the second.
    func brokenColon(_ name: Range<Int>) -> Int? {
        guard let first = next(UInt8(ascii: ":"), from: name.lowerBound, to: name.upperBound),
            first > name.lowerBound, first + 1 < name.upperBound, source[first + 1] != UInt8(ascii: ":"),
            let second = next(UInt8(ascii: ":"), from: first + 1, to: name.upperBound),
            second + 1 < name.upperBound, isNameStart(at: first + 1), !isNameStart(at: second + 1)
        else { return nil }
        return second
    }

    mutating func copyColons(from colon: Int, to end: Int) {
        var place = colon
        while let next = next(UInt8(ascii: ":"), from: place, to: end) {
            copy(to: next)
            append("_")
            copied = next + 1
            place = next + 1
        }
    }

    // MARK: Prefixes

    /// Of `xmlns:x="…"`, which stands here.
    mutating func learnPrefix(_ start: Int) {
        guard isAt(start, "xmlns:") else { return }
        let prefix = (start + 6)..<endOfName(start + 6)
        var position = prefix.upperBound
        while position < source.count, isSpace(source[position]) || source[position] == UInt8(ascii: "=") { position += 1 }
        guard position < source.count else { return }
        let quote = source[position]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        let address = source[(isQuoted ? position + 1 : position)...].prefix(RepairPass.addressBytesMax)
            .prefix { $0 != UInt8(ascii: "<") && (isQuoted ? $0 != quote : !isSpace($0) && $0 != UInt8(ascii: ">")) }
        outline.learn(source[prefix].map { fold($0) }, of: String(decoding: address, as: UTF8.self))
    }
    /// Those that we know have some dozens.
    private static let addressBytesMax = 128

    /// Where the tag that begins here has a name such as frames have, behind a prefix that it declares itself.
    mutating func learnOwnPrefix(_ angle: Int) {
        let name = (angle + 1)..<endOfName(angle + 1)
        guard let colon = next(UInt8(ascii: ":"), from: name.lowerBound, to: name.upperBound),
            part((colon + 1)..<name.upperBound).isFrame
        else { return }
        let limit = min(source.count, name.upperBound + RepairPass.doubtfulBytesMax)
        let end = next(UInt8(ascii: "<"), from: name.upperBound, to: limit) ?? limit
        var position = name.upperBound
        while let start = next(UInt8(ascii: "x"), from: position, to: end) {
            position = start + 1
            guard isAt(start, "xmlns:"), isSame((start + 6)..<endOfName(start + 6), name.lowerBound..<colon) else { continue }
            return learnPrefix(start)
        }
    }

    /// libxml2 gives up at a name of fifty thousand.
    static let nameBytesMax = 1_000

    /// How many bytes the character beyond ASCII takes that stands here, if it may stand in a name;
    /// else 0.
    private func nameBytes(at position: Int, isFirst: Bool) -> Int {
        guard source[position] >= 0x80 else { return 0 }
        let (scalar, count) = scalar(at: position)
        guard count > 1 else { return 0 }
        switch scalar {
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D,
            0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
            0x10000...0xEFFFF:
            return count
        case 0xB7, 0x300...0x36F, 0x203F...0x2040:
            return isFirst ? 0 : count
        default:
            return 0
        }
    }

    /// The character that stands here, and how many bytes it takes.
    func scalar(at position: Int) -> (scalar: UInt32, count: Int) {
        let first = source[position]
        let count = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard count > 1, position + count <= source.count else { return (UInt32(first), 1) }
        var scalar = UInt32(first) & (0x7F >> UInt32(count))
        for next in source[(position + 1)..<(position + count)] { scalar = scalar << 6 | UInt32(next & 0x3F) }
        return (scalar, count)
    }
}
