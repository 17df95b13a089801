/// Why bytes are no feed, in the words of PRODUCT's failure talk.
public enum FeedError: Error, Equatable, Sendable {
    /// Nothing, or nothing but white space.
    case empty
    /// A page for people, such as a maintenance notice or a login; its title where it has one.
    case page(title: String?)
    /// Neither markup nor JSON; what it begins with.
    case unreadable(beginning: String)
    /// Compressed, or an archive: what it is, with its article.
    case packed(kind: String)
    /// Of another kind altogether.
    case otherFile(kind: String)
    /// Well-formed XML, or nearly, of another kind.
    case otherXML(root: String)
    /// JSON that is no JSON Feed.
    case otherJSON
    /// JSON that cannot be read; where and why.
    case brokenJSON(line: Int, found: String, expected: String)
    case tooLarge(bytes: Int, bytesMax: Int)
    case tooManyEntries(entriesMax: Int)
    /// Of elements and attributes, different ones: a feed has some dozens.
    case tooManyNames(namesMax: Int)
}

extension FeedError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty:
            "the document is empty"
        case .page(let title?):
            "the answer is an HTML page (\"\(title)\") instead of a feed"
        case .page(nil):
            "the answer is an HTML page instead of a feed"
        case .unreadable(let beginning):
            "the answer is neither XML nor JSON; it begins \"\(beginning)\""
        case .packed(let kind):
            "the answer is \(kind), by its first bytes; a feed is read only uncompressed"
        case .otherFile(let kind):
            "the answer is \(kind), by its first bytes, instead of a feed"
        case .otherXML(let root):
            "the answer is XML with the root \"\(root)\", which is no feed"
        case .otherJSON:
            "the answer is JSON without the version of JSON Feed"
        case .brokenJSON(let line, let found, let expected):
            "the answer is broken JSON: line \(line): found \(found), expected \(expected)"
        case .tooLarge(let bytes, let bytesMax):
            "the document has \(bytes) bytes, more than the \(bytesMax) that are read"
        case .tooManyEntries(let entriesMax):
            "the document has more than the \(entriesMax) entries that are read"
        case .tooManyNames(let namesMax):
            "the document has more than \(namesMax) different names of elements"
        }
    }
}
