import CXML

/// What libxml2's HTML parser finds in a fragment, in order. Never fails; what is open at the end
/// is closed.
enum HTMLEvent {
    /// Lower-case name, and the value of `href` where there is one.
    case start(String, href: String?)
    case end(String)
    case text(UnsafeBufferPointer<UInt8>)
}

enum HTMLEvents {
    /// Of a longer fragment only the beginning is read; fields are shorter (R11).
    static let bytesMax = 1_000_000

    /// Clean UTF-8 in. References are resolved before, by our own table: libxml2 reads `&#146;` as a
    /// control character, and its recovery drops what it does not know.
    static func read(_ bytes: [UInt8], _ receive: @escaping (HTMLEvent) -> Void) {
        guard !bytes.isEmpty else { return }
        var html = HTMLReferences.numeric(bytes.prefix(bytesMax))
        if HTMLBounds.areExceeded(by: html) { html = HTMLBounds.words(of: html) }
        let receiver = Receiver(receive)
        withExtendedLifetime(receiver) {
            parse(html, callbacks, Unmanaged.passUnretained(receiver).toOpaque()) { _ in }
        }
    }

    private static func parse(
        _ html: [UInt8], _ callbacks: xmlSAXHandler, _ data: UnsafeMutableRawPointer,
        _ begins: (htmlParserCtxtPtr) -> Void
    ) {
        LibXML.open()
        guard let context = cxml_new_html_parser() else { return }
        defer { cxml_free_html_parser(context) }
        context.pointee.sax.pointee = callbacks
        context.pointee.userData = data
        begins(context)
        let options = HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue
        // Text that stands in no body gets a paragraph from libxml2 that nobody wrote.
        (Array("<body>".utf8) + html).withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            cxml_read_html(context, start, Int32(buffer.count), Int32(bitPattern: options))
        }
    }

    private final class Receiver {
        let receive: (HTMLEvent) -> Void
        init(_ receive: @escaping (HTMLEvent) -> Void) { self.receive = receive }

        static func at(_ context: UnsafeMutableRawPointer?) -> Receiver {
            guard let context else { preconditionFailure("libxml2 lost its callbacks' context") }
            return Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
        }

        func add(_ text: UnsafePointer<xmlChar>?, _ count: Int32) {
            receive(.text(UnsafeBufferPointer(start: text, count: Int(count))))
        }
    }

    private static var callbacks: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.startElement = { context, name, attributes in
            guard let name else { return }
            Receiver.at(context).receive(.start(String(cString: name), href: HTMLEvents.href(attributes)))
        }
        sax.endElement = { context, name in
            guard let name else { return }
            Receiver.at(context).receive(.end(String(cString: name)))
        }
        sax.characters = { context, text, count in Receiver.at(context).add(text, count) }
        sax.ignorableWhitespace = sax.characters
        // Script and style arrive as CDATA; they are dropped by name all the same.
        sax.cdataBlock = sax.characters
        sax.serror = { _, _ in }
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

extension HTMLEvents {
    /// Whether elements stand in one another no deeper than so, and not too often wrong: read once more for
    /// that alone, as far as it goes well.
    static func nests(_ html: [UInt8], depthMax: Int, straysMax: Int) -> Bool {
        let watch = Watch(depthMax: depthMax, straysMax: straysMax)
        withExtendedLifetime(watch) {
            parse(html, watching, Unmanaged.passUnretained(watch).toOpaque()) { watch.parser = $0 }
        }
        return !watch.hasEnough
    }

    private final class Watch {
        let depthMax: Int
        let straysMax: Int
        var parser: htmlParserCtxtPtr?
        private(set) var hasEnough = false
        private var depth = 0
        private var strays = 0

        init(depthMax: Int, straysMax: Int) {
            self.depthMax = depthMax
            self.straysMax = straysMax
        }

        static func at(_ data: UnsafeMutableRawPointer?) -> Watch {
            guard let data else { preconditionFailure("libxml2 lost its callbacks' context") }
            return Unmanaged<Watch>.fromOpaque(data).takeUnretainedValue()
        }

        func move(_ step: Int) {
            depth += step
            if depth > depthMax { stop() }
        }

        /// An end tag that closes nothing is looked for among all that are open.
        func stray() {
            strays += depth
            if strays > straysMax { stop() }
        }

        private func stop() {
            hasEnough = true
            if let parser { cxml_stop(parser) }
        }
    }

    private static var watching: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.startElement = { data, _, _ in Watch.at(data).move(1) }
        sax.endElement = { data, _ in Watch.at(data).move(-1) }
        sax.serror = { data, _ in Watch.at(data).stray() }
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        return sax
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
