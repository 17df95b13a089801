@_spi(_Unicode) import Swift
import Formats

/// Texts of posts in one form, so that what was sent can be told among what a network shows.
public enum PostText {
    /// Composed, with single spaces, and without the joiners that keep a title from becoming a link.
    public static func normal(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        var isSpaced = false
        for scalar in text._nfc {
            if scalar.value == 0x2060 { continue }
            if scalar.properties.isWhitespace {
                isSpaced = !view.isEmpty
                continue
            }
            if isSpaced { view.append(" ") }
            isSpaced = false
            view.append(scalar)
        }
        return String(view)
    }

    /// The text of a fragment of HTML, as Mastodon shows posts: a link stands there in full, parts of it
    /// in elements that hide them.
    public static func plain(_ html: String) -> String {
        var text = ""
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            text += rest[..<open]
            guard let close = rest[open...].firstIndex(of: ">") else { return unescaped(text) }
            let tag = rest[rest.index(after: open)..<close].lowercased()
            if tag.hasPrefix("br") || tag.hasPrefix("/p") { text += "\n" }
            rest = rest[rest.index(after: close)...]
        }
        return unescaped(text + rest)
    }

    /// Character references: those that servers write in posts.
    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            if let end = rest.prefix(12).firstIndex(of: ";"),
                let scalar = scalar(rest[rest.index(after: mark)..<end])
            {
                result.unicodeScalars.append(scalar)
                rest = rest[rest.index(after: end)...]
            } else {
                result += "&"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static func scalar(_ name: Substring) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return "\u{A0}"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let number =
                digits.first == "x" || digits.first == "X"
                ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap { Unicode.Scalar($0) }
        }
    }

    /// What texts of one post have in common however a server shows it: all but white space, what nobody sees, and
    /// the marks that some programs set in a finer way; of a mention the name without its server (Mastodon leaves
    /// that out), of a link nothing.
    public static func core(_ text: String) -> String {
        let scalars = Array(text._nfc)
        var isLeftOut = [Bool](repeating: false, count: scalars.count)
        for range in LinkFinder.links(in: scalars) where LinkFinder.hasScheme(scalars[range]) {
            for index in range { isLeftOut[index] = true }
        }
        var view = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if scalars[index] == "@" {
                let name = scalars[(index + 1)...].prefix(while: isOfName)
                view.append(contentsOf: name)
                index += 1 + name.count
                if !name.isEmpty, index < scalars.count, scalars[index] == "@" {
                    index += 1 + scalars[(index + 1)...].prefix(while: isOfName).count
                }
                continue
            }
            let scalar = scalars[index]
            if !isLeftOut[index], !isLoose(scalar) { view.append(scalar) }
            index += 1
        }
        return String(view)
    }

    /// Quotes, dashes and full stops, which become others on the way.
    private static func isLoose(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .initialPunctuation, .finalPunctuation, .dashPunctuation, .control, .format: return true
        default: return "\"'.…`´".unicodeScalars.contains(scalar)
        }
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || scalar == "." || isLetterOrDigit(scalar)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// Each link replaced by one mark: networks rewrite links in ways of their own.
    static func withoutLinks(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var view = String.UnicodeScalarView()
        var index = 0
        for range in LinkFinder.links(in: scalars) {
            view.append(contentsOf: scalars[index..<range.lowerBound])
            view.append("\u{FFFC}")
            index = range.upperBound
        }
        view.append(contentsOf: scalars[index...])
        return normal(String(view))
    }
}
