import CXML

/// What libxml2's HTML parser finds in a fragment, in order. Never fails; what is open at the end
/// is closed.
enum HTMLEvent {
    /// Lower-case name, and the value of `href` where there is one.
    case start(String, href: String?)
    case end(String)
    case text(UnsafeBufferPointer<UInt8>)
    /// What was told so far does not count: it is told anew, without markup.
    case again
}

enum HTMLEvents {
    /// Of a longer fragment only the beginning is read; fields are shorter (R11).
    static let bytesMax = 1_000_000

    /// Clean UTF-8 in. References are resolved before, by our own table: libxml2 reads `&#146;` as a
    /// control character, and its recovery drops what it does not know.
    /// - Returns: whether its markup was read, and not its words alone.
    @discardableResult
    static func read(_ bytes: [UInt8], _ receive: @escaping (HTMLEvent) -> Void) -> Bool {
        guard !bytes.isEmpty else { return true }
        let html = HTMLReferences.numeric(bytes.prefix(bytesMax))
        let bounds = html.withUnsafeBufferPointer { HTMLBounds($0) }
        if !bounds.isBeyond {
            let receiver = Receiver(receive, isWatched: !bounds.isSmall)
            parse(html, receiver)
            if !receiver.hasEnough { return true }
            receive(.again)
        }
        parse(HTMLBounds.words(of: html), Receiver(receive, isWatched: false))
        return false
    }

    private static func parse(_ html: [UInt8], _ receiver: Receiver) {
        // Text that stands in no body gets a paragraph from libxml2 that nobody wrote.
        parse(Array("<body>".utf8) + html, callbacks, receiver) { receiver.parser = $0 }
    }

    /// - Parameters:
    ///   - receiver: the context of the callbacks.
    ///   - begin: is given the parser before it reads.
    static func parse(
        _ html: [UInt8], _ sax: xmlSAXHandler, _ receiver: AnyObject, begin: (htmlParserCtxtPtr) -> Void = { _ in }
    ) {
        LibXML.open()
        guard let context = cxml_new_html_parser() else { return }
        defer { cxml_free_html_parser(context) }
        begin(context)
        withExtendedLifetime(receiver) {
            context.pointee.sax.pointee = sax
            context.pointee.userData = Unmanaged.passUnretained(receiver).toOpaque()
            let options = HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue
            html.withUnsafeBytes { buffer in
                let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                cxml_read_html(context, start, Int32(buffer.count), Int32(bitPattern: options))
            }
        }
    }

    private final class Receiver {
        private let receive: (HTMLEvent) -> Void
        private let isWatched: Bool
        var parser: htmlParserCtxtPtr?
        /// Whether elements stood in one another deeper than bounds allow, or too often wrong.
        private(set) var hasEnough = false
        private var depth = 0
        private var strays = 0

        init(_ receive: @escaping (HTMLEvent) -> Void, isWatched: Bool) {
            self.receive = receive
            self.isWatched = isWatched
        }

        static func at(_ context: UnsafeMutableRawPointer?) -> Receiver {
            guard let context else { preconditionFailure("libxml2 lost its callbacks' context") }
            return Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
        }

        func start(_ name: UnsafePointer<xmlChar>, _ href: String?) {
            depth += 1
            if isWatched, depth > HTMLBounds.depthMax { stop() }
            if !hasEnough { receive(.start(String(cString: name), href: href)) }
        }

        func end(_ name: UnsafePointer<xmlChar>) {
            depth -= 1
            if !hasEnough { receive(.end(String(cString: name))) }
        }

        func add(_ text: UnsafePointer<xmlChar>?, _ count: Int32) {
            if !hasEnough { receive(.text(UnsafeBufferPointer(start: text, count: Int(count)))) }
        }

        /// An end tag that closes nothing is looked for among all that are open.
        func stray() {
            guard isWatched else { return }
            strays += depth
            if strays > HTMLBounds.straysMax { stop() }
        }

        private func stop() {
            hasEnough = true
            if let parser { cxml_stop(parser) }
        }
    }

    private static var callbacks: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.startElement = { context, name, attributes in
            guard let name else { return }
            Receiver.at(context).start(name, HTMLEvents.href(attributes))
        }
        sax.endElement = { context, name in
            guard let name else { return }
            Receiver.at(context).end(name)
        }
        sax.characters = { context, text, count in Receiver.at(context).add(text, count) }
        sax.ignorableWhitespace = sax.characters
        // Script and style arrive as CDATA; they are dropped by name all the same.
        sax.cdataBlock = sax.characters
        sax.serror = { context, _ in Receiver.at(context).stray() }
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        return sax
    }

    /// Attributes come as name, value, name, value, NULL.
    private static func href(
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) -> String? {
        guard var field = attributes else { return nil }
        while let name = field.pointee {
            if String(cString: name) == "href" {
                return (field + 1).pointee.map { String(cString: $0) }
            }
            field += 2
        }
        return nil
    }
}

/// References of HTML text, written so that libxml2 cannot misread them.
enum HTMLReferences {
    /// Every reference as a number, every bare `&` escaped, control characters left out.
    static func numeric(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        rewrite(bytes) { scalar, result in
            result.append(contentsOf: "&#\(scalar);".utf8)
        }
    }

    /// Every reference as its character, for text without markup.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        rewrite(bytes, ampersand: "&") { scalar, result in
            UTF8Check.append(scalar, to: &result)
        }
    }

    private static func rewrite(
        _ bytes: ArraySlice<UInt8>, ampersand: String = "&#38;",
        _ write: (UInt32, inout [UInt8]) -> Void
    ) -> [UInt8] {
        bytes.withUnsafeBufferPointer { source in
            var result: [UInt8] = []
            result.reserveCapacity(source.count + 16)
            var index = 0
            while index < source.count {
                let byte = source[index]
                if byte < 0x20, byte != 0x0A, byte != 0x09, byte != 0x0D {
                    index += 1
                    continue
                }
                guard byte == UInt8(ascii: "&") else {
                    result.append(byte)
                    index += 1
                    continue
                }
                let (reading, end) = CharacterReference.read(source, at: index)
                switch reading {
                case .scalar(let scalar):
                    write(scalar, &result)
                    index = end
                case .nothing:
                    index = end
                case .unknown, .bare:
                    result.append(contentsOf: ampersand.utf8)
                    index += 1
                }
            }
            return result
        }
    }
}
