/// Integers and floats (TOML 1.0.0, Integer and Float), as pure functions of a word.
///
///     integer = sign? decimal | "0x" hex | "0o" octal | "0b" binary     "_" between two digits
///     float   = sign? decimal ( "." digits )? ( e sign? digits )? | sign? ( "inf" | "nan" )
enum TOMLNumbers {
    static func looksLikeNumber(_ word: [UInt8]) -> Bool {
        switch word[0] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default:
            word == Array("inf".utf8) || word == Array("nan".utf8)
        }
    }

    static func read(_ word: [UInt8]) throws(TOMLWordError) -> TOMLContent {
        var scan = Scan(word: word)
        let isSigned = scan.take("+") || scan.take("-")
        let isNegative = word[0] == UInt8(ascii: "-")
        switch String(decoding: word[scan.index...], as: UTF8.self) {
        case "inf": return .float(isNegative ? -.infinity : .infinity)
        case "nan": return .float(.nan)
        default: break
        }
        if let radix = try scan.takePrefix() {
            guard !isSigned else {
                throw TOMLWordError(expected: "no sign before 0x, 0o or 0b")
            }
            let digits = try scan.digits("of its base after 0x, 0o or 0b", radix: radix)
            try scan.end(expected: "only digits of its base after 0x, 0o or 0b")
            return try integer(digits, radix: radix)
        }
        let whole = try scan.digits(
            scan.next == UInt8(ascii: ".") ? "before the point" : "after the sign")
        guard whole.count == 1 || whole[0] != UInt8(ascii: "0") else {
            throw TOMLWordError(expected: "a number without leading zeros")
        }
        var text = (isNegative ? [UInt8(ascii: "-")] : []) + whole
        var isFloat = false
        if scan.take(".") {
            isFloat = true
            text += [UInt8(ascii: ".")] + (try scan.digits("after the point"))
        }
        if scan.take("e") || scan.take("E") {
            isFloat = true
            text.append(UInt8(ascii: "e"))
            if scan.take("-") { text.append(UInt8(ascii: "-")) } else { _ = scan.take("+") }
            text += try scan.digits("in the exponent")
        }
        try scan.end(expected: "a number or a date (text goes in quotes)")
        guard isFloat else { return try integer(text, radix: 10) }
        guard let float = Double(String(decoding: text, as: UTF8.self)) else {
            throw TOMLWordError(expected: "a number that fits a double")
        }
        return .float(float)
    }

    private static func integer(_ text: [UInt8], radix: Int) throws(TOMLWordError) -> TOMLContent {
        guard let value = Int64(String(decoding: text, as: UTF8.self), radix: radix) else {
            throw TOMLWordError(expected: "an integer from \(Int64.min) to \(Int64.max)")
        }
        return .integer(value)
    }

    /// The value of an ASCII digit, letters of either case.
    static func digit(_ byte: UInt8, radix: Int) -> Int? {
        let value: Int
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = Int(byte) - 0x61 + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): value = Int(byte) - 0x41 + 10
        default: return nil
        }
        return value < radix ? value : nil
    }

    private struct Scan {
        let word: [UInt8]
        var index = 0

        var next: UInt8? { index < word.count ? word[index] : nil }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        /// The radix when `0x`, `0o` or `0b` stands here.
        mutating func takePrefix() throws(TOMLWordError) -> Int? {
            guard next == UInt8(ascii: "0"), index + 1 < word.count else { return nil }
            let radix: Int
            switch word[index + 1] {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "o"): radix = 8
            case UInt8(ascii: "b"): radix = 2
            case UInt8(ascii: "X"), UInt8(ascii: "O"), UInt8(ascii: "B"):
                throw TOMLWordError(expected: "0x, 0o or 0b in lower case")
            default: return nil
            }
            index += 2
            return radix
        }

        /// One digit or more, without the `_` between them.
        mutating func digits(_ place: String, radix: Int = 10) throws(TOMLWordError) -> [UInt8] {
            var digits: [UInt8] = []
            var afterDigit = false
            while let next {
                if TOMLNumbers.digit(next, radix: radix) != nil {
                    digits.append(next)
                    afterDigit = true
                } else if next == UInt8(ascii: "_") {
                    guard afterDigit else { throw Scan.loneUnderscore }
                    afterDigit = false
                } else {
                    break
                }
                index += 1
            }
            guard !digits.isEmpty else { throw TOMLWordError(expected: "a digit \(place)") }
            guard afterDigit else { throw Scan.loneUnderscore }
            return digits
        }

        func end(expected: String) throws(TOMLWordError) {
            guard next == nil else { throw TOMLWordError(expected: expected) }
        }

        private static var loneUnderscore: TOMLWordError {
            TOMLWordError(expected: "\"_\" only between two digits")
        }
    }
}
