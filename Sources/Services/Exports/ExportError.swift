public import Formats

/// Why a file is no export that can be read. What is wrong with a single row is that row's
/// `reason`.
public enum ExportError: Error, Equatable, Sendable {
    /// The service has no export that is known; those that have one.
    case noExport(service: String, known: [String])
    /// A file of another kind; what was found and what the service writes.
    case notTheExport(service: String, found: String, expected: String)
    /// A part of an export that holds nothing but what is private.
    case privateFile(name: String)
    /// It cannot be read to its end.
    case broken(SyntaxError)
}

extension ExportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noExport(let service, let known):
            "no export of \"\(service)\" is known; there are "
                + known.joined(separator: ", ")
        case .notTheExport(let service, let found, let expected):
            "found \(found), expected \(expected), as \(service) exports it"
        case .privateFile(let name):
            "\"\(name)\" holds personal data and no finishes; it is not read"
        case .broken(let error):
            "line \(error.line), column \(error.column): found \(error.found), "
                + "expected \(error.expected)"
        }
    }
}
