/// The name of an element or an attribute, one object for each distinct name of a document.
public final class XMLName: Sendable {
    /// The address that the prefix stands for. `nil` when it has none, or when the prefix is not
    /// declared.
    public let namespace: String?
    public let prefix: String?
    public let local: String
    /// From 0 in order of first appearance in the document, so that a handler can keep what it
    /// knows about a name in an array.
    public let index: Int

    public init(namespace: String?, prefix: String?, local: String, index: Int) {
        self.namespace = namespace
        self.prefix = prefix
        self.local = local
        self.index = index
    }
}

/// The names that occur in a fragment. Fragments of a document mostly have the same ones in the same order,
/// and share them.
public final class XMLNames: Sendable {
    public let list: [XMLName]

    init(_ list: [XMLName]) { self.list = list }
}

/// An attribute in document order; declarations of namespaces are none.
public struct XMLAttribute: Equatable, Sendable {
    /// Of a prefixed attribute; `nil` as well when its prefix is not declared.
    public var namespace: String?
    public var prefix: String?
    public var local: String
    public var value: String

    public init(namespace: String? = nil, prefix: String? = nil, local: String, value: String) {
        self.namespace = namespace
        self.prefix = prefix
        self.local = local
        self.value = value
    }

    /// As it is written: `xml:base`, `href`.
    public var name: String { prefix.map { $0 + ":" + local } ?? local }
}
