/// A text that may be markup. What it says is put together when it is asked for: of the bodies of a
/// feed most are never looked at, for most entries are known.
public struct Body: Sendable {
    public let isHTML: Bool
    private let source: Source

    private enum Source {
        case text(String)
        /// A part of the entry's own bytes.
        case bytes(ArraySlice<UInt8>)
        /// The same with relative addresses in it.
        case html(ArraySlice<UInt8>, Base)
        /// Elements, to be written out; whether their text is HTML already.
        case markup(Element, Base, isSource: Bool)
    }

    public init(_ value: String, isHTML: Bool) {
        self.isHTML = isHTML
        source = .text(value)
    }

    private init(isHTML: Bool, _ source: Source) {
        self.isHTML = isHTML
        self.source = source
    }

    /// Plain text, trimmed; `nil` when nothing is left.
    static func plain(_ bytes: ArraySlice<UInt8>) -> Body? {
        let bytes = Text.trimmed(bytes)
        return bytes.isEmpty ? nil : Body(isHTML: false, .bytes(bytes))
    }

    /// HTML, trimmed, whose relative addresses have this base.
    static func html(_ bytes: ArraySlice<UInt8>, base: Base) -> Body? {
        let bytes = Text.trimmed(bytes)
        return bytes.isEmpty ? nil : Body(isHTML: true, .html(bytes, base))
    }

    /// What is in an element as HTML; `nil` when that is nothing but white space.
    static func markup(_ element: Element, base: Base, isSource: Bool) -> Body? {
        guard element.hasChildren || !element.bytes.isEmpty else { return nil }
        return Body(isHTML: true, .markup(element, base, isSource: isSource))
    }

    public var value: String {
        switch source {
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .html(let bytes, let base):
            String(decoding: HTMLAddresses.resolved(bytes, base: base), as: UTF8.self)
        case .markup(let element, let base, let isSource):
            Text.trimmed(Markup.inside(element, base: base, isSource: isSource))
        }
    }

    /// Whether there is more of it than `value` has.
    var isCut: Bool {
        guard case .markup(let element, let base, let isSource) = source else { return false }
        return Markup.isCut(element, base: base, isSource: isSource)
    }

    /// The first bytes of `value`, without making the rest of it.
    func beginning(_ count: Int) -> ArraySlice<UInt8> {
        switch source {
        case .bytes(let bytes): return bytes.prefix(count)
        case .html(let bytes, let base):
            return HTMLAddresses.resolved(bytes, base: base, bytesMax: count).prefix(count)
        case .markup(let element, let base, let isSource):
            let written = Markup.bytes(in: element, base: base, isSource: isSource, bytesMax: count * 2)
            // As `value` has it where that is trimmed before, and has something behind it.
            let beginning = Text.trimmed(written[...])
            if beginning.startIndex <= count, beginning.count > count { return beginning.prefix(count) }
        case .text: break
        }
        return Array(value.utf8)[...].prefix(count)
    }
}

extension Body: Equatable {
    public static func == (left: Body, right: Body) -> Bool {
        left.isHTML == right.isHTML && left.value == right.value
    }
}
