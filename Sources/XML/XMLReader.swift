import CXML

/// Elements and text of a document, as libxml2's SAX2 interface tells them.
///
/// What is never done: no tree, no network, no file, no entity of the document's own. The options
/// that would allow them (NOENT, DTDLOAD, DTDATTR, XINCLUDE, HUGE) are never set: NOENT alone reads
/// `file:///etc/passwd` in spite of NONET (specs/feed-parsing.md §3.8).
public enum XMLReader {
    /// Reads clean UTF-8 — what `Decoding` and `Repair` give — and tells `handler` of it.
    /// - Parameter textBytesMax: what a single run of text holds at most; the rest of it is left out.
    /// - Returns: the first error, or `nil` for a well-formed document.
    @discardableResult
    public static func read(
        _ bytes: [UInt8], textBytesMax: Int = .max, to handler: any XMLHandler
    ) -> XMLError? {
        xmlInitParser()
        guard !bytes.isEmpty, bytes.count <= Int(Int32.max), let context = xmlNewParserCtxt()
        else { return XMLError(line: 1, message: "no document", isFatal: true) }
        defer { xmlFreeParserCtxt(context) }
        let sink = Sink(handler: handler, textBytesMax: textBytesMax)
        context.pointee.sax.pointee = callbacks
        context.pointee.userData = Unmanaged.passUnretained(sink).toOpaque()
        let options =
            XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        withExtendedLifetime(sink) {
            bytes.withUnsafeBytes { buffer in
                let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                // With this sax there is no tree, so what comes back is always NULL.
                _ = xmlCtxtReadMemory(
                    context, start, Int32(buffer.count), nil, nil, Int32(bitPattern: options))
            }
            sink.finish()
        }
        return sink.firstError
    }

    private static var callbacks: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        sax.startElementNs = { context, local, prefix, namespace, _, _, count, _, attributes in
            guard let local else { return }
            Sink.at(context).start(local, prefix, namespace, Int(count), attributes)
        }
        sax.endElementNs = { context, _, _, _ in Sink.at(context).end() }
        sax.characters = { context, text, count in Sink.at(context).add(text, Int(count)) }
        sax.ignorableWhitespace = sax.characters
        sax.cdataBlock = sax.characters
        // None but the five that XML defines: mending has replaced all others, and with this no
        // entity of the document is ever expanded, wherever it was declared.
        sax.getEntity = { _, name in xmlGetPredefinedEntity(name) }
        // Without it libxml2 writes to standard error, which cron mails.
        sax.serror = { context, error in
            guard let error else { return }
            Sink.at(context).note(error.pointee)
        }
        return sax
    }
}

/// The context of the callbacks: gathers text and turns libxml2's strings into ours, names once.
private final class Sink {
    private let handler: any XMLHandler
    private let textBytesMax: Int
    private var run: [UInt8] = []
    private var depth = 0
    private var names: [NameKey: XMLName] = [:]
    private var recent = [Recent?](repeating: nil, count: 256)
    private(set) var firstError: XMLError?

    /// Strings of names live in libxml2's dictionary while the context does: equal text, equal
    /// address. Hence an address stands for its string.
    private struct NameKey: Hashable {
        var local: UnsafePointer<xmlChar>
        var prefix: UnsafePointer<xmlChar>?
        var namespace: UnsafePointer<xmlChar>?
    }
    private struct Recent {
        var key: NameKey
        var name: XMLName
    }

    init(handler: any XMLHandler, textBytesMax: Int) {
        self.handler = handler
        self.textBytesMax = textBytesMax
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Sink {
        guard let context else { preconditionFailure("libxml2 lost the context of its callbacks") }
        return Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
    }

    func start(
        _ local: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?,
        _ namespace: UnsafePointer<xmlChar>?, _ count: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        flush()
        depth += 1
        let key = NameKey(local: local, prefix: prefix, namespace: namespace)
        handler.start(name(key), count == 0 ? [] : list(attributes, count))
    }

    func end() {
        flush()
        guard depth > 0 else { return }
        depth -= 1
        handler.end()
    }

    /// Closes what a document that was cut off, or given up, left open.
    func finish() {
        while depth > 0 { end() }
    }

    func add(_ text: UnsafePointer<xmlChar>?, _ count: Int) {
        guard let text, depth > 0 else { return }
        let room = textBytesMax - run.count
        guard room > 0 else { return }
        var kept = min(count, room)
        // Never half a character.
        while kept < count, kept > 0, text[kept] & 0xC0 == 0x80 { kept -= 1 }
        run.append(contentsOf: UnsafeBufferPointer(start: text, count: kept))
    }

    func note(_ error: xmlError) {
        guard error.level != XML_ERR_WARNING else { return }
        let isFatal = error.level == XML_ERR_FATAL
        guard firstError == nil || (isFatal && firstError?.isFatal == false) else { return }
        var message = error.message.map { String(cString: $0) } ?? "error \(error.code)"
        while message.hasSuffix("\n") { message.removeLast() }
        firstError = XMLError(line: Int(error.line), message: message, isFatal: isFatal)
    }

    private func flush() {
        guard !run.isEmpty else { return }
        handler.text(String(decoding: run, as: UTF8.self))
        run.removeAll(keepingCapacity: true)
    }

    private func name(_ key: NameKey) -> XMLName {
        var mix = UInt(bitPattern: key.local) &* 31 &+ UInt(bitPattern: key.namespace)
        mix = (mix ^ (mix >> 12)) &+ UInt(bitPattern: key.prefix)
        let slot = Int((mix ^ (mix >> 7)) & 255)
        if let hit = recent[slot], hit.key == key { return hit.name }
        let found: XMLName
        if let known = names[key] {
            found = known
        } else {
            found = XMLName(
                namespace: key.namespace.map(text), prefix: key.prefix.map(text),
                local: text(key.local), index: names.count)
            names[key] = found
        }
        recent[slot] = Recent(key: key, name: found)
        return found
    }

    /// SAX2 gives five pointers an attribute: local name, prefix, namespace, start and end of value.
    private func list(
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) -> [XMLAttribute] {
        guard let attributes else { return [] }
        var list: [XMLAttribute] = []
        list.reserveCapacity(count)
        for index in 0..<count {
            let field = attributes + index * 5
            guard let local = field[0], let start = field[3], let end = field[4] else { continue }
            let value = UnsafeBufferPointer(start: start, count: end - start)
            list.append(
                XMLAttribute(
                    namespace: field[2].map(text), prefix: field[1].map(text), local: text(local),
                    value: plain(value)))
        }
        return list
    }

    /// Without NOENT libxml2 leaves an ampersand in a value as `&#38;`, for a tree to resolve later
    /// (xmlParseAttValueComplex); every other reference it has resolved.
    private func plain(_ value: UnsafeBufferPointer<xmlChar>) -> String {
        guard value.contains(UInt8(ascii: "&")) else { return String(decoding: value, as: UTF8.self) }
        let escaped = Array("&#38;".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var index = 0
        while index < value.count {
            bytes.append(value[index])
            let isEscape = value[index] == UInt8(ascii: "&") && value[index...].starts(with: escaped)
            index += isEscape ? escaped.count : 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func text(_ pointer: UnsafePointer<xmlChar>) -> String { String(cString: pointer) }
}
