import CXML
import Glibc

/// A document that libxml2 reads without loss, and what was done to make it one.
public struct RepairedText: Equatable, Sendable {
    public var bytes: [UInt8]
    /// Each kind of fault once, with the line where it stood first, in order of appearance.
    public var defects: [Defect]
    /// Where in `bytes` entries stand in which a tag was torn, once in each, in order: one of HTML that nobody escaped tells
    /// of how somebody writes, any other of a loss.
    var torn: [Int] = []
    /// Where in `bytes` the ends begin that were added to a document that is cut off inside of its root.
    var cut: Int?

    /// A fault of the document, in words for a person.
    public struct Defect: Equatable, Sendable {
        public var line: Int
        public var fault: Fault
    }

    public enum Fault: String, Sendable, CaseIterable {
        case junkBefore = "text before the document was skipped"
        case textAfter = "what follows the end of the document was skipped"
        case illegalCharacter = "characters that XML forbids were removed"
        case misreadCharacter = "a character that was decoded twice was mended"
        case bareAmpersand = "a bare \"&\" was escaped"
        case unknownEntity = "an unknown entity was kept as text"
        case illegalReference = "a reference to no character was removed"
        case htmlEntity = "an entity of HTML was replaced by its character"
        case bareAngle = "a \"<\" that opens no tag was escaped"
        case attribute = "an attribute was mended"
        case strayEnd = "an end tag without a start was dropped"
        case missingEnd = "an element that was not closed was closed"
        case cutOff = "the document is cut off"
        case tooDeep = "elements nested too deeply were opened up"
        case unfinishedReference = "a reference without its \";\" was read all the same"
        case markup = "a tag, a comment or a section was mended"
        case declaration = "a declaration that is broken or out of place was dropped"
        case afterEnd = "what follows the end of the document was taken for a part of it"
        case spelling = "what XML spells otherwise was read as it was meant"
        case sectionEnd = "a \"]]>\" in text was escaped"
    }
}

/// One linear pass over UTF-8 that mends what libxml2 2.9.14 would lose in recovery: after the first
/// well-formedness error it drops every later named reference in text without a word, `&amp;` and
/// `&lt;` included (specs/feed-parsing.md §3.1; nokogiri#327, #2267). So it must never see one.
///
/// What comes out: references as numbers; tags that balance; no declaration, DOCTYPE or processing
/// instruction, and no comment but of line ends. Line ends stay, so that lines keep their numbers. The pass is idempotent,
/// and what it makes of a well-formed document means what the document meant.
public enum Repair {
    /// One below libxml2's own limit of 256, at which it gives up.
    public static let depthMax = 255
    /// Of one element. libxml2 compares each attribute with all before it.
    static let attributesMax = 256
    /// Declared by all open elements together. libxml2 looks through them for each element.
    static let namespacesMax = 256

    /// Whether mending a well-formed document could change what it says: it holds characters or
    /// numeric references that are meant otherwise than they stand there.
    static func changesMeaning(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return false }
            return cxml_is_misread(base, source.count) != 0
        }
    }

    /// Whether a document is sure to end before its root does: what stands last is no tag, or another's end.
    static func isCutOff(_ bytes: [UInt8]) -> Bool {
        let text = bytes[..<((bytes.lastIndex { !isSpace($0) } ?? -1) + 1)]
        guard text.last == UInt8(ascii: ">") else { return true }
        guard let end = text.lastIndex(of: UInt8(ascii: "<")), text[end...].starts(with: "</".utf8)
        else { return false }
        let closed = text[(end + 2)...].prefix { !isSpace($0) && $0 != UInt8(ascii: ">") }
        var start = text.firstIndex(of: UInt8(ascii: "<")) ?? end
        while text[start...].starts(with: "<?".utf8) {
            let close = text[start...].indices.dropFirst(2).first {
                text[$0] == UInt8(ascii: ">") && text[$0 - 1] == UInt8(ascii: "?")
            }
            start = close.flatMap { text[$0...].firstIndex(of: UInt8(ascii: "<")) } ?? end
        }
        let opened = text[(start + 1)...].prefix { !isSpace($0) && $0 != UInt8(ascii: ">") }
        return opened.first != UInt8(ascii: "!") && !opened.elementsEqual(closed)
    }

    /// XML 1.0, production 3.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// - Parameter outline: what is known of such documents; what stands before one of its roots is skipped.
    public static func mend(_ bytes: [UInt8], outline: Outline = Outline()) -> RepairedText {
        // Zero bytes go before all else: they may stand within a name.
        let zero = firstZero(bytes)
        return (zero == nil ? bytes : bytes.filter { $0 != 0 }).withUnsafeBufferPointer { source in
            var pass = RepairPass(source, outline)
            if let zero { pass.note(.illegalCharacter, at: zero) }
            pass.run()
            return pass.result
        }
    }

    /// Where a document begins, behind what is none of it; at the end of all where there is none.
    static func start(of bytes: [UInt8], _ outline: Outline) -> Int {
        bytes.withUnsafeBufferPointer { source in
            var pass = RepairPass(source, outline)
            return pass.startOfDocument()
        }
    }

    private static func firstZero(_ bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let found = memchr(start, 0, bytes.count) else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }
}
