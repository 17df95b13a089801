import CXML

/// A document as a handler received it, and what was wrong with it.
public struct XMLReading<Handler: XMLHandler> {
    public var handler: Handler
    /// What was mended before libxml2 read it; empty for a well-formed document.
    public var defects: [RepairedText.Defect]
    /// The first thing that libxml2 stumbled over all the same, or did before what was mended without being noticed.
    public var error: XMLError?
    /// Whether a run of text was longer than what is kept of one.
    public var hasLongText: Bool
    /// Whether it has more than `XMLReader.namesMax` different names, and was read up to there.
    public var hasTooManyNames: Bool
}

/// Elements and text of a document, as libxml2's SAX2 interface tells them.
///
/// A document is read as it stands first, which is enough for nearly all of them, unless its last tag says that
/// it is cut off. At the first thing that is not as it should be, that reading is thrown away, the document is mended
/// and read again: libxml2's own recovery loses text (see `Repair`). Both ways say the same of a well-formed one.
///
/// What is never done: no tree, no network, no file, no entity of the document's own. The options
/// that would allow them (NOENT, DTDLOAD, DTDATTR, XINCLUDE, HUGE) are never set: NOENT alone reads
/// `file:///etc/passwd` in spite of NONET (specs/feed-parsing.md §3.8).
public enum XMLReader {
    /// - Parameters:
    ///   - bytes: clean UTF-8, as `Decoding` gives it; let go when it has been mended.
    ///   - outline: what is known of such documents, for one with faults.
    ///   - textBytesMax: what a run of text between two tags holds at most; the rest of it is left out.
    ///   - handler: makes one; asked a second time when the document has to be mended.
    ///   - again: makes another for a second reading of the same, which then knows what the first one learnt of it
    ///     (`XMLTape.isUnclosed`); `nil` where the first will do.
    public static func read<Handler: XMLHandler>(
        _ bytes: consuming [UInt8], outline: Outline = Outline(), textBytesMax: Int = .max, handler: () -> Handler,
        again: (XMLReading<Handler>) -> Handler? = { _ in nil }
    ) -> XMLReading<Handler> {
        var slip: XMLError?
        if !Repair.isCutOff(bytes), !Repair.changesMeaning(bytes),
            let reading = read(Pass(bytes: copy bytes, textBytesMax: textBytesMax, isStrict: true), handler, again, &slip)
        {
            return reading
        }
        var mended = Repair.mend(consume bytes, outline: outline)
        if let cut = mended.cut { mended.bytes.insert(contentsOf: "<?\(cutMark)?>".utf8, at: cut) }
        mark(mended.torn, in: &mended.bytes)
        let pass = Pass(bytes: mended.bytes, defects: mended.defects, textBytesMax: textBytesMax, isStrict: false)
        let dropped = slip
        guard var reading = read(pass, handler, again, &slip) else {
            preconditionFailure("what is mended is always read")
        }
        if reading.defects.isEmpty, reading.error == nil { reading.error = dropped }
        return reading
    }

    /// A document as libxml2 gets it.
    private struct Pass {
        var bytes: [UInt8]
        var defects: [RepairedText.Defect] = []
        var textBytesMax: Int
        var isStrict: Bool
    }

    private static func read<Handler: XMLHandler>(
        _ pass: Pass, _ handler: () -> Handler, _ again: (XMLReading<Handler>) -> Handler?, _ slip: inout XMLError?
    ) -> XMLReading<Handler>? {
        // The first reading is let go before the second, which takes as much memory.
        var first = read(pass, handler(), openAtCut: [], &slip)
        guard let second = first.flatMap({ again($0.reading) }) else { return first?.reading }
        let openAtCut = first?.openAtCut ?? []
        first = nil
        return read(pass, second, openAtCut: openAtCut, &slip)?.reading
    }

    /// - Parameter slip: becomes what ended a strict reading, where that was a fault of the document.
    private static func read<Handler: XMLHandler>(
        _ pass: Pass, _ handler: Handler, openAtCut: [Int], _ slip: inout XMLError?
    ) -> (reading: XMLReading<Handler>, openAtCut: [Int])? {
        let tape = XMLTape(
            handler: handler, textBytesMax: pass.textBytesMax, isStrict: pass.isStrict, openAtCut: openAtCut)
        guard parse(pass.bytes, tape) || !pass.isStrict else {
            slip = tape.state.pointee.slip
            return nil
        }
        return withExtendedLifetime(tape) {
            let reading = XMLReading(
                handler: handler, defects: pass.defects, error: tape.state.pointee.firstError,
                hasLongText: tape.state.pointee.hasLongText, hasTooManyNames: tape.state.pointee.hasTooManyNames)
            return (reading, tape.state.pointee.openAtCut)
        }
    }

    /// Stands, as the target of an instruction, where a document is cut off. Mending drops all of its own.
    private static let cutMark = "colophon-cut"
    /// The same in an entry that is torn.
    private static let tornMark = "colophon-torn"

    private static func mark(_ places: [Int], in bytes: inout [UInt8]) {
        guard !places.isEmpty else { return }
        let mark = Array("<?\(tornMark)?>".utf8)
        var marked: [UInt8] = []
        marked.reserveCapacity(bytes.count + places.count * mark.count)
        var copied = 0
        for place in places {
            marked.append(contentsOf: bytes[copied..<place])
            marked.append(contentsOf: mark)
            copied = place
        }
        marked.append(contentsOf: bytes[copied...])
        bytes = marked
    }

    public static let namesMax = Int(DocumentSource.namesMax)

    /// - Returns: whether it is well-formed and was read to its end.
    static func parse(_ bytes: [UInt8], _ tape: XMLTape) -> Bool {
        LibXML.open()
        guard !bytes.isEmpty, bytes.count <= Int(Int32.max), let context = cxml_new_parser()
        else {
            tape.state.pointee.firstError = XMLError(line: 1, message: "no document", isFatal: true)
            return false
        }
        defer { cxml_free_parser(context) }
        context.pointee.sax.pointee = callbacks
        context.pointee.userData = UnsafeMutableRawPointer(tape.state)
        tape.state.pointee.context = context
        let options =
            XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        return withExtendedLifetime(tape) {
            bytes.withUnsafeBufferPointer { buffer in
                var source = DocumentSource(buffer, tape.state, context)
                withUnsafeMutablePointer(to: &source) { source in
                    cxml_read(context, DocumentSource.read, source, Int32(bitPattern: options))
                }
            }
            XMLReader.finish(tape.state)
            return context.pointee.wellFormed == 1 && !tape.state.pointee.isStopped
        }
    }

    private static var callbacks: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        sax.startElementNs = { state, local, prefix, namespace, namespaces, _, count, _, attributes in
            guard let local, let state = XMLReader.state(state) else { return }
            state.pointee.starting = count > 0 ? attributes : nil
            state.pointee.startingCount = Int(count)
            XMLReader.start(state, local, prefix, namespace, Int(namespaces))
        }
        sax.endElementNs = { state, _, _, _ in
            if let state = XMLReader.state(state) { XMLReader.end(state) }
        }
        sax.characters = { state, text, count in
            guard let text, let state = XMLReader.state(state) else { return }
            state.pointee.hasEvents = true
            if state.pointee.isRecording { XMLReader.add(state, text, Int(count)) }
        }
        sax.ignorableWhitespace = sax.characters
        sax.cdataBlock = sax.characters
        sax.processingInstruction = { state, target, _ in
            guard let target, let state = XMLReader.state(state) else { return }
            if state.pointee.isStrict { XMLReader.takeSection(state, target) } else { XMLReader.noteMark(state, target) }
        }
        // A document type can declare entities; the repair pass knows those that are plain text.
        sax.internalSubset = { state, _, _, _ in
            if let state = XMLReader.state(state) { XMLReader.stopIfStrict(state) }
        }
        // None but the five that XML defines: mending has replaced all others, and with this no
        // entity of the document is ever expanded, wherever it was declared.
        sax.getEntity = { _, name in cxml_predefined_entity(name) }
        // Without it libxml2 writes to standard error, which cron mails.
        sax.serror = { state, error in
            guard let error, let state = XMLReader.state(state) else { return }
            XMLReader.note(state, error.pointee)
        }
        return sax
    }

    private static func state(
        _ pointer: UnsafeMutableRawPointer?
    ) -> UnsafeMutablePointer<TapeState>? {
        pointer?.assumingMemoryBound(to: TapeState.self)
    }
}

// MARK: Events

extension XMLReader {
    fileprivate static func start(
        _ state: UnsafeMutablePointer<TapeState>, _ local: UnsafePointer<xmlChar>,
        _ prefix: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?, _ namespaces: Int
    ) {
        state.pointee.hasEvents = true
        guard !state.pointee.isStopped else { return }
        endTakenBack(state)
        state.pointee.runStart = state.pointee.textCount
        state.pointee.namespacesOpen += namespaces
        if state.pointee.isStrict,
            state.pointee.open.count >= Repair.depthMax
                || state.pointee.startingCount + namespaces > Repair.attributesMax
                || state.pointee.namespacesOpen > Repair.namespacesMax
        {
            return stopIfStrict(state)
        }
        let name = state.pointee.name(local, prefix, namespace)
        var open = TapeState.Open(
            place: -1, number: state.pointee.elementsStarted, isTold: false, namespaces: Int32(namespaces))
        state.pointee.elementsStarted += 1
        if state.pointee.isRecording, state.pointee.concern(name) != .interrupts {
            recordPart(state, name, &open)
        } else if state.pointee.open.last?.isLeftOut == true, state.pointee.concern(name) != .interrupts {
            open.isLeftOut = true
        } else {
            decide(state, name, &open)
        }
        if open.place >= 0, state.pointee.concern(name) == .mayEnclose {
            open.isEnclosing = state.pointee.handler.encloses(
                state.pointee.names[Int(name)], state.pointee.lastAttributes)
            if open.isEnclosing { state.pointee.enclosing += 1 }
        }
        state.pointee.isRecording = open.place >= 0
        state.pointee.open.append(open)
    }

    private static func decide(
        _ state: UnsafeMutablePointer<TapeState>, _ name: Int32, _ open: inout TapeState.Open
    ) {
        guard let tape = state.pointee.tape else { preconditionFailure("the tape outlives the document") }
        let told = state.pointee.names[Int(name)]
        let handler = state.pointee.handler
        switch handler.start(told, on: tape.takeUnretainedValue()) {
        case .pass:
            open.isTold = true
        case .record:
            open.isTold = true
            open.place = state.pointee.record(name)
            state.pointee.recordings.append(
                TapeState.Recording(open: state.pointee.open.count, place: Int(open.place)))
        case .part:
            if state.pointee.isRecording { recordPart(state, name, &open) } else { open.isLeftOut = true }
        }
    }

    private static func recordPart(
        _ state: UnsafeMutablePointer<TapeState>, _ name: Int32, _ open: inout TapeState.Open
    ) {
        if let recording = state.pointee.recordings.last,
            state.pointee.nodes.count - recording.place >= XMLFragment.nodesMax
        {
            state.pointee.hasLongText = true
            open.isLeftOut = true
        } else {
            open.place = state.pointee.record(name)
        }
    }

    fileprivate static func end(_ state: UnsafeMutablePointer<TapeState>) {
        state.pointee.hasEvents = true
        guard !state.pointee.isStopped else { return }
        endTakenBack(state)
        endInnermost(state)
    }

    /// Ends what libxml2 has told the start of and then taken back without a word, as it does where a start tag does
    /// not go on as one: its own count of open elements is what ours has to be.
    private static func endTakenBack(_ state: UnsafeMutablePointer<TapeState>) {
        guard let context = state.pointee.context else { return }
        while state.pointee.open.count > Int(context.pointee.nameNr) { endInnermost(state) }
    }

    private static func endInnermost(_ state: UnsafeMutablePointer<TapeState>) {
        guard let open = state.pointee.open.popLast() else { return }
        state.pointee.runStart = state.pointee.textCount
        state.pointee.namespacesOpen -= Int(open.namespaces)
        state.pointee.close(open.place)
        if open.isEnclosing { state.pointee.enclosing -= 1 }
        var fragment: XMLFragment?
        if open.place >= 0, let recording = state.pointee.recordings.last,
            recording.open == state.pointee.open.count
        {
            state.pointee.recordings.removeLast()
            fragment = state.pointee.take(from: recording.place)
        }
        state.pointee.isRecording = state.pointee.open.last.map { $0.place >= 0 } ?? false
        if open.isTold { state.pointee.handler.end(fragment) }
    }

    /// Closes what a document that was cut off, or given up, left open.
    fileprivate static func finish(_ state: UnsafeMutablePointer<TapeState>) {
        while !state.pointee.isStopped, !state.pointee.open.isEmpty { endInnermost(state) }
    }

    fileprivate static func add(
        _ state: UnsafeMutablePointer<TapeState>, _ text: UnsafePointer<xmlChar>, _ count: Int
    ) {
        var kept = count
        let used = state.pointee.textCount - state.pointee.runStart
        if count > state.pointee.textBytesMax - used {
            state.pointee.hasLongText = true
            kept = max(0, state.pointee.textBytesMax - used)
            // Never half a character.
            while kept > 0, text[kept] & 0xC0 == 0x80 { kept -= 1 }
            guard kept > 0 else { return }
        }
        let end = state.pointee.textCount + kept
        if end > state.pointee.textCapacity { state.pointee.growText(toHold: end) }
        (state.pointee.text + state.pointee.textCount).update(from: text, count: kept)
        state.pointee.textCount = end
    }

    /// The mark of a section that `DocumentSource` has lifted out: its text belongs here.
    fileprivate static func takeSection(_ state: UnsafeMutablePointer<TapeState>, _ target: UnsafePointer<xmlChar>) {
        guard !state.pointee.isStopped, DocumentSource.isMark(target) else { return }
        state.pointee.hasEvents = true
        guard !state.pointee.open.isEmpty, let section = state.pointee.sections.take() else {
            // Outside of all elements a section is no text, and a mark may be the document's own.
            return stopIfStrict(state)
        }
        state.pointee.linesLifted += section.lines
        if state.pointee.isRecording { add(state, section.text, section.count) }
    }

    fileprivate static func noteMark(_ state: UnsafeMutablePointer<TapeState>, _ target: UnsafePointer<xmlChar>) {
        guard !state.pointee.isStopped else { return }
        let mark = String(cString: target)
        if mark == tornMark { return state.pointee.handler.tear() }
        guard mark == cutMark else { return }
        endTakenBack(state)
        state.pointee.openAtCut = state.pointee.open.map(\.number)
        state.pointee.handler.endEarly()
    }

    fileprivate static func note(_ state: UnsafeMutablePointer<TapeState>, _ error: xmlError) {
        guard error.level != XML_ERR_WARNING else { return }
        let isFatal = error.level == XML_ERR_FATAL
        let first = state.pointee.firstError
        if first == nil || (isFatal && first?.isFatal == false) {
            var message = error.message.map { String(cString: $0) } ?? "error \(error.code)"
            while message.hasSuffix("\n") { message.removeLast() }
            // It may repeat a name of the document, however long.
            if message.unicodeScalars.count > messageCharactersMax {
                message = String(message.prefix(messageCharactersMax)) + "…"
            }
            state.pointee.firstError = XMLError(
                line: Int(error.line) + state.pointee.linesLifted, message: message, isFatal: isFatal)
        }
        // A prefix without a declaration leaves the document well-formed.
        guard error.domain != XML_FROM_NAMESPACE.rawValue else { return }
        if isFatal, !state.pointee.isStopped { state.pointee.slip = state.pointee.firstError }
        stopIfStrict(state)
    }

    private static let messageCharactersMax = 160

    fileprivate static func stopIfStrict(_ state: UnsafeMutablePointer<TapeState>) {
        guard state.pointee.isStrict, !state.pointee.isStopped else { return }
        state.pointee.isStopped = true
        if let context = state.pointee.context { cxml_stop(context) }
    }
}
