/// A language as pages and networks take it. Bluesky's lexicon refuses a post for the sake of a tag that is none, a
/// browser chooses voice and hyphens by it, and `[site] language` is whatever a person wrote: `de_DE`, `en_US.UTF-8`,
/// `english`.
enum LanguageTag {
    /// As much of the beginning as is language, script, region and variants (RFC 5646 section 2.1), the
    /// language in lower case, as the stricter servers want it; `nil` where not even that is a tag.
    static func from(_ text: String) -> String? {
        let parts = text.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard let language = parts.first, (2...3).contains(language.count), language.allSatisfy(\.isLetter)
        else { return nil }
        var tag = String(decoding: language, as: UTF8.self).lowercased()
        var step = Step.language
        for part in parts.dropFirst() {
            guard let next = Step(part), next > step || (next, step) == (.variant, .variant) else { break }
            tag += "-" + String(decoding: part, as: UTF8.self)
            step = next
        }
        return tag
    }

    /// What a subtag behind the language says, by its form alone.
    private enum Step: Int, Comparable {
        case language, script, region, variant

        init?(_ part: String.UTF8View.SubSequence) {
            guard part.allSatisfy({ $0.isLetter || $0.isDigit }) else { return nil }
            switch part.count {
            case 4 where part.allSatisfy(\.isLetter): self = .script
            case 4 where part.first?.isDigit == true: self = .variant
            case 2 where part.allSatisfy(\.isLetter): self = .region
            case 3 where part.allSatisfy(\.isDigit): self = .region
            case 5...8: self = .variant
            default: return nil
            }
        }

        static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
