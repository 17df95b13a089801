import Catalogue
import Formats

/// How people say in a few words what became of a book, film or game: as the whole text of a post
/// ("Finished reading", "Book dropped") or at the head of its title ("Finished reading: Piranesi by
/// Susanna Clarke").
enum Wording {
    struct Status: Equatable {
        var isFinished: Bool
        /// `nil` where the verb does not tell.
        var kind: Kind?
        /// In lower case.
        var words: String
    }

    /// The status that a text is, as a whole; `nil` when it says anything else.
    static func status(of text: String?) -> Status? {
        guard let text = Words.line(text), text.utf8.count <= 40 else { return nil }
        var words = text.lowercased()
        while let last = words.last, ".!:…".contains(last) { words.removeLast() }
        for known in phrases + single where known.words == words { return known }
        return nil
    }

    /// The status at the head of a line, and what follows it.
    static func head(of line: String) -> (status: Status, rest: String, hasColon: Bool)? {
        for known in phrases {
            let front = line.prefix(known.words.count)
            guard front.lowercased() == known.words else { continue }
            var rest = line.dropFirst(known.words.count)
            let hasColon = rest.first == ":"
            if hasColon { rest = rest.dropFirst() }
            guard rest.first == " ", let text = Words.line(String(rest)) else { continue }
            return (known, text, hasColon)
        }
        return nil
    }

    /// `("Piranesi", "Susanna Clarke")` of `Piranesi by Susanna Clarke 📚`; parts at the last ` by
    /// `.
    static func titleAndCreator(_ text: String) -> (title: String, creator: String?) {
        var text = text
        while let last = text.unicodeScalars.last,
            last.properties.isEmojiPresentation || last == " " || last == "\u{FE0F}"
        {
            text.unicodeScalars.removeLast()
        }
        var from = text.startIndex
        var split: Range<String.Index>?
        while let found = text[from...].firstRange(of: " by ") {
            split = found
            from = found.upperBound
        }
        guard let split, split.lowerBound > text.startIndex, split.upperBound < text.endIndex else {
            return (Words.unquoted(text), nil)
        }
        return (
            Words.unquoted(String(text[..<split.lowerBound])), String(text[split.upperBound...])
        )
    }

    /// Clear wherever they stand.
    private static let phrases = [
        Status(isFinished: true, kind: .book, words: "finished reading"),
        Status(isFinished: true, kind: nil, words: "finished watching"),
        Status(isFinished: true, kind: .game, words: "finished playing"),
        Status(isFinished: true, kind: nil, words: "finished listening to"),
        Status(isFinished: false, kind: .book, words: "currently reading"),
        Status(isFinished: false, kind: nil, words: "currently watching"),
        Status(isFinished: false, kind: .game, words: "currently playing"),
        Status(isFinished: false, kind: .book, words: "started reading"),
        Status(isFinished: false, kind: nil, words: "started watching"),
        Status(isFinished: false, kind: .game, words: "started playing"),
        Status(isFinished: false, kind: .book, words: "stopped reading"),
        Status(isFinished: false, kind: nil, words: "stopped watching"),
        Status(isFinished: false, kind: .game, words: "stopped playing"),
        Status(isFinished: false, kind: .book, words: "want to read"),
        Status(isFinished: false, kind: .book, words: "wants to read"),
        Status(isFinished: false, kind: nil, words: "want to watch"),
        Status(isFinished: false, kind: nil, words: "wants to watch"),
        Status(isFinished: false, kind: .game, words: "want to play"),
        Status(isFinished: false, kind: .game, words: "wants to play"),
    ]

    /// Clear only when they are all there is.
    private static let single = [
        Status(isFinished: true, kind: .book, words: "book finished"),
        Status(isFinished: true, kind: .book, words: "finished book"),
        Status(isFinished: true, kind: .book, words: "read"),
        Status(isFinished: true, kind: nil, words: "watched"),
        Status(isFinished: true, kind: .game, words: "played"),
        Status(isFinished: true, kind: nil, words: "finished"),
        Status(isFinished: true, kind: nil, words: "completed"),
        Status(isFinished: true, kind: nil, words: "finished listening"),
        Status(isFinished: false, kind: .book, words: "book dropped"),
        Status(isFinished: false, kind: .book, words: "dropped book"),
        Status(isFinished: false, kind: .book, words: "reading"),
        Status(isFinished: false, kind: .book, words: "to read"),
        Status(isFinished: false, kind: nil, words: "watching"),
        Status(isFinished: false, kind: .game, words: "playing"),
        Status(isFinished: false, kind: nil, words: "dropped"),
        Status(isFinished: false, kind: nil, words: "abandoned"),
        Status(isFinished: false, kind: nil, words: "did not finish"),
        Status(isFinished: false, kind: nil, words: "dnf"),
        Status(isFinished: false, kind: nil, words: "on hold"),
        Status(isFinished: false, kind: nil, words: "paused"),
    ]
}
