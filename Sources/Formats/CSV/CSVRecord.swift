/// One record of a table: a row of an export, as its fields and as it stood in the file.
public struct CSVRecord: Equatable, Sendable {
    /// Where the record begins, from 1. A record has several lines when quoted fields have.
    public var line: Int
    /// Its bytes in what was read, without the line break that ends it: what a file of rejected
    /// rows repeats unchanged.
    public var bytes: Range<Int>
    /// At least one; quotes taken off and doubled quotes halved. Invalid UTF-8 is repaired.
    public var fields: [String]
    /// What is wrong with the record; its fields are then a guess.
    public var defect: CSVDefect?

    public init(line: Int, bytes: Range<Int>, fields: [String], defect: CSVDefect? = nil) {
        self.line = line
        self.bytes = bytes
        self.fields = fields
        self.defect = defect
    }
}

/// A mistake that does not keep the records after it from being read.
public enum CSVDefect: Equatable, Sendable {
    /// The quote on this line is not closed: not at all, not within `CSVReader.quotedBytesMax`, or
    /// by a quote on a later line with text behind it, which will have been meant to open a field.
    /// The record ends with the line; its last field is the rest of it from the quote on.
    case openQuote(line: Int)
    /// Between a closing quote on this line and the next delimiter there is more text. It stands
    /// in the field as it is.
    case textAfterQuote(line: Int)
    /// More than `CSVReader.fieldsMax`; the fields beyond are left out.
    case tooManyFields
}
