/// `&#226;&#128;&#166;`: the bytes of one character in UTF-8, each written as a reference by a program
/// that took them for characters.
extension RepairPass {
    struct ByteRow {
        var bytes: [UInt8]
        var scalar: UInt32
        /// Behind the last reference.
        var end: Int

        /// Whether a number in it, 128 to 159, is one that is no character of Latin-1.
        var hasControl: Bool { bytes.dropFirst().contains { $0 < 0xA0 } }
        /// Whether in Latin-1, or in windows-1252, what follows the letter is what may well follow a word: a
        /// quotation mark, an ellipsis, a dash, or the space that French sets before `»` and `:`.
        var isLetterAndMark: Bool {
            switch bytes[1] {
            case 0x85, 0x91...0x94, 0x96, 0x97, 0xA0, 0xAB, 0xBB: true
            default: false
            }
        }
    }

    /// The character that a row of references means which begins at `start`; `nil` where each of them
    /// may mean itself: `QUALIT&#201;&#160;:`, `caf&#233;&#160;&#187;`.
    mutating func misread(at start: Int) -> (scalar: UInt32, end: Int)? {
        guard let row = byteRow(at: start), isMisread(row, at: start) else { return nil }
        rowEnd = row.end
        return (row.scalar, row.end)
    }

    private func isMisread(_ row: ByteRow, at start: Int) -> Bool {
        if rowEnd == start { return true }
        switch row.bytes[0] {
        case 0xC2:
            return true
        case 0xC3:
            // Portuguese ends words in `Ã`, in capitals too.
            return !row.isLetterAndMark || !isCapital(start - 1) || isLetter(row.end)
        case 0xE2 where row.hasControl:
            return true
        default:
            let next = byteRow(at: row.end)
            if row.isLetterAndMark { return next.map { row.hasControl || $0.hasControl } ?? false }
            return row.hasControl || next != nil
        }
    }

    private func byteRow(at start: Int) -> ByteRow? {
        guard start < source.count, source[start] == UInt8(ascii: "&"),
            let (first, firstEnd) = CharacterReference.byte(source, at: start), first >= 0xC2, first < 0xF5
        else { return nil }
        var bytes = [first]
        var position = firstEnd
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        while bytes.count < count {
            guard position + 1 < source.count, source[position] == UInt8(ascii: "&"),
                let (byte, end) = CharacterReference.byte(source, at: position), byte & 0xC0 == 0x80
            else { return nil }
            bytes.append(byte)
            position = end
        }
        guard let text = String(validating: bytes, as: UTF8.self), let scalar = text.unicodeScalars.first
        else { return nil }
        return ByteRow(bytes: bytes, scalar: scalar.value, end: position)
    }

    private func isCapital(_ position: Int) -> Bool {
        position >= 0 && source[position] >= 0x41 && source[position] <= 0x5A
    }
    private func isLetter(_ position: Int) -> Bool {
        position < source.count && source[position] | 0x20 >= 0x61 && source[position] | 0x20 <= 0x7A
    }
}
