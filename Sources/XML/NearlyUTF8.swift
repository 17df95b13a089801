/// Bytes that are UTF-8 but for a few: a field in windows-1252 among others, a text that somebody cut by the
/// byte, an emoji written as the two halves that UTF-16 has of it.
///
/// What is a character stays one, and each byte beside them is what windows-1252 takes it for: who writes
/// `Zo\x92` into a document of UTF-8 means that (feedparser#421). A character that was begun and not finished
/// becomes U+FFFD; one that the document ends in is left out.
struct NearlyUTF8 {
    /// Without those that are wrong; empty where they are only counted.
    private(set) var bytes: [UInt8] = []
    private let isCounting: Bool
    /// Those beyond ASCII that were right.
    private(set) var characters = 0
    /// Bytes that belong to none, and rows of them.
    private(set) var strays = 0
    private(set) var rows = 0
    private(set) var isCut = false
    /// Where the last row ends.
    private var rowEnd = -1

    /// In words, what is wrong with it.
    var defect: String {
        if strays > 0 { return "\(strays) bytes that are not utf-8 were read as windows-1252 or replaced" }
        return isCut ? "it ends in the midst of a character" : "characters in halves were put together"
    }

    /// Whether so much of it is UTF-8 that nothing else was meant. Letters of windows-1252 seldom look like a
    /// character of UTF-8 (`É»`), those of Shift_JIS and GBK often do.
    func isMeant(as stated: EncodingName?) -> Bool {
        guard let stated else { return characters > 0 && rows * 2 <= characters }
        if stated.isUTF8 { return rows <= characters }
        if stated.text == "windows-1252" { return isMeant(as: nil) }
        return characters > 8 && strays * 4 <= characters
    }

    /// - Parameter isCounting: whether only to find out what it is: of bytes in another encoding the text is up to three
    ///   times as large, and nobody needs it.
    init(_ source: [UInt8], isCounting: Bool = false) {
        self.isCounting = isCounting
        if !isCounting { bytes.reserveCapacity(source.count + source.count / 16 + 64) }
        source.withUnsafeBytes { source in
            var index = 0
            while index < source.count {
                let end = UTF8Check.asciiEnd(source, from: index)
                write(source[index..<end])
                index = end
                if index < source.count { index += takeCharacter(source, at: index) }
            }
        }
    }

    /// - Returns: how many bytes it takes.
    private mutating func takeCharacter(_ source: UnsafeRawBufferPointer, at index: Int) -> Int {
        if NearlyUTF8.isWordAndQuote(source, index, isBehindStray: rowEnd == index) {
            return stray(1, at: index, as: UInt32(source[index]))
        }
        let length = UTF8Check.sequence(source, at: index)
        if length > 0 {
            write(source[index..<(index + length)])
            characters += 1
            return length
        }
        if let first = half(source, at: index) {
            guard first < 0xDC00, let second = half(source, at: index + 3), second >= 0xDC00 else {
                return stray(3, at: index, as: 0xFFFD)
            }
            write(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
            characters += 1
            return 6
        }
        let begun = begun(source, at: index)
        if begun > 0, index + begun == source.count {
            isCut = true
            return begun
        }
        if begun > 1, !isWordAndMark(source, index, begun) { return stray(begun, at: index, as: 0xFFFD) }
        let byte = source[index]
        let scalar = byte < 0xA0 ? Windows1252.high[Int(byte) - 0x80] : UInt32(byte)
        return stray(1, at: index, as: scalar < 0xA0 ? 0xFFFD : scalar)
    }

    private mutating func stray(_ count: Int, at index: Int, as scalar: UInt32) -> Int {
        if rowEnd != index { rows += 1 }
        rowEnd = index + count
        strays += count
        write(scalar)
        return count
    }

    /// A half of a pair of UTF-16's, as CESU-8 and Java write it.
    private func half(_ source: UnsafeRawBufferPointer, at index: Int) -> UInt32? {
        guard index + 2 < source.count, source[index] == 0xED, source[index + 1] & 0xE0 == 0xA0,
            source[index + 2] & 0xC0 == 0x80
        else { return nil }
        return 0xD000 | UInt32(source[index + 1] & 0x3F) << 6 | UInt32(source[index + 2] & 0x3F)
    }

    /// How many bytes stand here of a character that could go on behind them.
    private func begun(_ source: UnsafeRawBufferPointer, at index: Int) -> Int {
        let length: Int
        switch source[index] {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 0
        }
        let end = min(index + length, source.count)
        var next = index + 1
        while next < end, source[next] & 0xC0 == 0x80 { next += 1 }
        return next - index
    }

    /// Whether in windows-1252 this is the end of a word and a mark behind it: `« café »` with no-break
    /// spaces. Cut characters are seldom beside a Latin letter.
    private func isWordAndMark(_ source: UnsafeRawBufferPointer, _ index: Int, _ begun: Int) -> Bool {
        guard begun == 2, source[index] < 0xF0, NearlyUTF8.isBehindLetter(source, index) else { return false }
        switch source[index + 1] {
        case 0x85, 0x91...0x94, 0x96, 0x97, 0xA0, 0xAB, 0xBB: return true
        default: return false
        }
    }

    /// Whether windows-1252 has here the last letter of a word, a no-break space and `»`: `« café »`. These three
    /// are a character of UTF-8, too, which would have Latin before it and none of its own kind behind it.
    private static func isWordAndQuote(_ source: UnsafeRawBufferPointer, _ index: Int, isBehindStray: Bool) -> Bool {
        guard index + 2 < source.count, source[index] & 0xF0 == 0xE0, source[index + 1] == 0xA0,
            source[index + 2] == 0xBB, index + 3 == source.count || source[index + 3] < 0x80
        else { return false }
        return isBehindLetter(source, index) || isBehindStray && source[index - 1] >= 0xC0
    }

    private static func isBehindLetter(_ source: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        index > 0 && source[index - 1] | 0x20 >= 0x61 && source[index - 1] | 0x20 <= 0x7A
    }

    /// Whether all that is beyond ASCII are such ends of words, so that being UTF-8 says nothing.
    static func isWordsAndQuotes(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { source in
            var index = UTF8Check.asciiEnd(source, from: 0)
            while index < source.count {
                guard isWordAndQuote(source, index, isBehindStray: false) else { return false }
                index = UTF8Check.asciiEnd(source, from: index + 3)
            }
            return true
        }
    }

    private mutating func write(_ piece: Slice<UnsafeRawBufferPointer>) {
        if !isCounting { bytes.append(contentsOf: piece) }
    }

    private mutating func write(_ scalar: UInt32) {
        if !isCounting { UTF8Check.append(scalar, to: &bytes) }
    }
}
