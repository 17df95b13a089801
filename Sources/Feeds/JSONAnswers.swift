import Formats
import XML

/// A JSON Feed with slips, and the answers that stand behind it.
extension JSONFeedReader {
    /// One with slips, as far as it can be read, and each whole one behind it; `nil` when that is no feed.
    mutating func loose(
        _ decoded: inout DecodedText, _ error: SyntaxError
    ) throws(FeedError) -> FeedDocument? {
        let later = JSONFeedReader.laterAnswers(decoded.bytes)
        guard !later.isEmpty else { return try looseAnswer(&decoded, error: error) }
        var answers = JSONFeedReader.parts(of: decoded, at: later)
        decoded.bytes = []
        let isMarkup = DocumentStart.find(in: answers[0].text.bytes)?.kind == .markup
        var document = try looseAnswer(&answers[0].text, error: error)
        if document == nil, isMarkup {
            // JSON in markup is a part of that.
            decoded.bytes = Array(answers.map(\.text.bytes).joined())
            return nil
        }
        if document == nil, lineOfJunk == nil { lineOfJunk = 1 }
        for index in answers.indices.dropFirst() {
            let line = answers[index].line
            guard let next = try looseAnswer(&answers[index].text, line: line) else { continue }
            document = try joined(document, next, line)
        }
        return document
    }

    private static func parts(of decoded: DecodedText, at starts: [Int]) -> [(line: Int, text: DecodedText)] {
        var line = 1
        return zip([0] + starts, starts + [decoded.bytes.count]).map { start, end in
            defer { line += decoded.bytes[start..<end].count { $0 == 0x0A } }
            let bytes = Array(decoded.bytes[start..<end])
            return (line, DecodedText(bytes: bytes, encoding: decoded.encoding, defect: decoded.defect))
        }
    }

    /// Whoever asked a feed's maker again wrote down both answers: where one broke off the next begins. It is told by its
    /// own end from what an item shows.
    private static func laterAnswers(_ bytes: [UInt8]) -> [Int] {
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }) else { return [] }
        var answers: [Int] = []
        var end = bytes.count
        while answers.count < answersMax, let root = ItemStarts(in: bytes, before: end).root, root > first,
            DocumentStart.isFeed(bytes, at: root), !isMember(bytes, at: root)
        {
            answers.append(root)
            end = root
        }
        return answers.reversed()
    }

    private static let answersMax = 8

    /// Whether what begins here may be a value in an answer, which may tell of another feed: one that broke off right there
    /// looks the same.
    private static func isMember(_ bytes: [UInt8], at start: Int) -> Bool {
        guard let before = bytes[..<start].last(where: { $0 > 0x20 }) else { return false }
        return before == UInt8(ascii: ":") || before == UInt8(ascii: ",") || before == UInt8(ascii: "[")
    }

    /// The first that says what the feed is, with the entries of both. Of one that breaks off the last item is dropped: the
    /// other has it whole.
    private func joined(_ first: FeedDocument?, _ second: FeedDocument, _ line: Int) throws(FeedError) -> FeedDocument {
        guard var document = first else { return second }
        if document.lastEntryIsCut { document.entries.removeLast() }
        document.entries += second.entries
        guard document.entries.count <= limits.entriesMax else { throw .tooManyEntries(entriesMax: limits.entriesMax) }
        document.defects.append("line \(line): another answer begins, and its items are read as well")
        for defect in second.defects where !document.defects.contains(defect) { document.defects.append(defect) }
        document.malformed = true
        if document.lack != .part { document.lack = second.lack }
        document.lastEntryIsCut = second.lastEntryIsCut
        EntryKeys.compare(&document.entries)
        return document
    }

    private mutating func looseAnswer(
        _ decoded: inout DecodedText, line: Int = 1, error: SyntaxError? = nil
    ) throws(FeedError) -> FeedDocument? {
        guard var reading = LooseJSON.read(decoded.bytes, line: line, valuesMax: limits.valuesMax),
            let version = JSONFeedReader.version(of: reading.value)
        else { return nil }
        decoded.bytes = []
        var slips: [String] = []
        if let error, reading.cutLine == nil || error.found != "the end of the document" {
            slips.append("line \(error.line): found \(error.found), expected \(error.expected)")
        }
        var lack: FeedDocument.Lack?
        if let line = reading.cutLine {
            lack = .end
            slips.append("line \(line): " + RepairedText.Fault.cutOff.rawValue)
        } else if let line = reading.lostLine {
            lack = .part
            slips.append("line \(line): what stands there cannot be told apart, and something may be missing")
        }
        var document = try document(
            &reading.value, decoded, version, slips: slips, isCutInItem: reading.isCutInItem, reading.damages)
        document.lack = lack
        return document
    }
}
