import Catalogue
import Formats

/// Small readings of texts that many rooms share.
enum Words {
    /// Runs of white space as one blank, none at the ends ("Stephen  King"); `nil` when nothing is
    /// left.
    static func line(_ text: String?) -> String? {
        guard let text else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var isPending = false
        for byte in text.utf8 {
            if byte <= 0x20 {
                isPending = true
            } else {
                if isPending, !result.isEmpty { result.append(0x20) }
                isPending = false
                result.append(byte)
            }
        }
        return result.isEmpty ? nil : String(decoding: result, as: UTF8.self)
    }

    /// A whole number with an optional sign; `nil` for anything else. Years of books may be
    /// negative.
    static func number(_ text: String?) -> Int? {
        guard let text = line(text) else { return nil }
        return Int(text)
    }

    /// A year; 0 is how exports write that there is none.
    static func year(_ text: String?) -> Int? {
        guard let year = number(text), year != 0, abs(year) <= 9999 else { return nil }
        return year
    }

    /// `4.5` of 5 is 450 of 500. Empty, 0 and what is no decimal number are no rating.
    static func rating(_ text: String?, best: Int) -> Rating? {
        guard let text = line(text), let value = hundredths(text) else { return nil }
        return Rating(value: value, best: best * 100)
    }

    /// A decimal number times a hundred; a comma is a point, further digits are dropped.
    static func hundredths(_ text: String) -> Int? {
        var whole = 0
        var part = 0
        var places: Int?
        var digits = 0
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                digits += 1
                guard digits <= 9 else { return nil }
                if let seen = places {
                    if seen < 2 { part = part * 10 + Int(byte - 0x30) }
                    places = seen + 1
                } else {
                    whole = whole * 10 + Int(byte - 0x30)
                }
            case UInt8(ascii: "."), UInt8(ascii: ","):
                guard places == nil else { return nil }
                places = 0
            default: return nil
            }
        }
        guard digits > 0 else { return nil }
        if places ?? 0 == 0 { return whole * 100 }
        return whole * 100 + (places == 1 ? part * 10 : part)
    }

    /// The digits at the end of a text, as `844110986` of `letterboxd-watch-844110986`.
    static func numberAtEnd(of text: String) -> String? {
        let digits = text.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }
        return digits.isEmpty ? nil : String(text.suffix(digits.count))
    }

    static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    /// The digits after a marker: `4934` of `…/book/show/4934.The_Brothers`.
    static func number(after marker: String, in text: String) -> String? {
        guard let rest = text.split(separator: marker, maxSplits: 1).dropFirst().first else {
            // A marker at the very beginning leaves nothing in front of it.
            guard text.hasPrefix(marker) else { return nil }
            return leadingDigits(text.dropFirst(marker.count))
        }
        return leadingDigits(rest)
    }

    static func leadingDigits(_ text: Substring) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }

    /// A picture's address: `//` and `http:` as https, so that no page that shows it is half
    /// secure.
    static func picture(_ address: String?) -> String? {
        guard let address = line(address) else { return nil }
        if address.hasPrefix("//") { return "https:" + address }
        if address.hasPrefix("http://") { return "https://" + address.dropFirst(7) }
        return address.hasPrefix("https://") ? address : nil
    }

    /// Quotation marks taken off a text that is quoted as a whole.
    static func unquoted(_ text: String) -> String {
        let pairs: [(Character, Character)] = [
            ("\"", "\""), ("'", "'"), ("“", "”"), ("‘", "’"), ("«", "»"), ("„", "“"), ("《", "》"),
            ("「", "」"), ("*", "*"), ("_", "_"),
        ]
        for (open, close) in pairs where text.count > 2 && text.first == open && text.last == close
        {
            return String(text.dropFirst().dropLast())
        }
        return text
    }

    /// Stars drawn in a title: `★★★½` is 350 of 500.
    static func stars(_ text: Substring) -> Rating? {
        var value = 0
        for character in text {
            switch character {
            case "★": value += 100
            case "½": value += 50
            case "☆", " ": break
            default: return nil
            }
        }
        return Rating(value: value, best: 500)
    }
}
