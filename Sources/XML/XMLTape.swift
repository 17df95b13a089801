import CXML

/// What libxml2's callbacks write to: names, the open elements, and the elements that are being
/// recorded.
///
/// The state lies in memory of its own, which only the callbacks' functions below touch, a field at a
/// time: text comes in many small pieces (each reference is one), and a class would be counted and
/// checked at each of them. The tape owns that memory; it lives as long as one document is read.
public final class XMLTape {
    let state: UnsafeMutablePointer<TapeState>

    /// - Parameter openAtCut: those that a reading before found open where the document is cut off.
    init(handler: any XMLHandler, textBytesMax: Int, isStrict: Bool, openAtCut: [Int] = []) {
        state = .allocate(capacity: 1)
        state.initialize(to: TapeState(handler, textBytesMax: textBytesMax, isStrict: isStrict))
        state.pointee.openAtCut = openAtCut
        state.pointee.tape = Unmanaged.passUnretained(self)
    }

    deinit {
        state.pointee.text.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Of the element that starts; declarations of namespaces are none.
    public var attributes: [XMLAttribute] {
        guard let fields = state.pointee.starting else { return [] }
        return (0..<state.pointee.startingCount).compactMap { index in
            let field = fields + index * 5
            guard let local = field[0], let start = field[3], let end = field[4] else { return nil }
            var value: [UInt8] = []
            TapeState.append(UnsafeBufferPointer(start: start, count: end - start), to: &value)
            return XMLAttribute(
                namespace: field[2].map { String(cString: $0) },
                prefix: field[1].map { String(cString: $0) },
                local: String(cString: local), value: String(decoding: value, as: UTF8.self))
        }
    }

    /// Whether a recorded element is open that encloses what is in it.
    public var isEnclosed: Bool { state.pointee.enclosing > 0 }

    /// Whether the element that starts stands in one that nobody closed, as far as a reading before this one told: it is
    /// open where the document is cut off, and is a recorded one itself, or has words of its own, which no list has.
    public var isUnclosed: Bool {
        guard let open = state.pointee.open.last, state.pointee.openAtCut.contains(open.number) else { return false }
        let place = Int(open.place)
        if open.isTold || open.isLeftOut || place < 0 { return true }
        guard state.pointee.nodes.count == place + 1 else { return false }
        let start = Int(state.pointee.nodes[place].textStart)
        return UnsafeBufferPointer(start: state.pointee.text + start, count: state.pointee.textCount - start)
            .contains { $0 > 0x20 }
    }

    /// Ends the innermost recording here, as if all of its open elements ended; what is still to come
    /// of them is passed.
    public func cut() -> XMLFragment? {
        guard let recording = state.pointee.recordings.popLast() else { return nil }
        for index in recording.open..<state.pointee.open.count {
            state.pointee.close(state.pointee.open[index].place)
            state.pointee.open[index].place = -1
            if state.pointee.open[index].isEnclosing { state.pointee.enclosing -= 1 }
            state.pointee.open[index].isEnclosing = false
        }
        return state.pointee.take(from: recording.place)
    }
}

struct TapeState {
    /// An open element.
    struct Open {
        /// In `nodes`; -1 when it is not recorded.
        var place: Int32
        /// How many elements started before it.
        var number: Int
        /// Whether the handler is told of its end.
        var isTold: Bool
        /// How many namespaces it declares.
        var namespaces: Int32
        var isEnclosing = false
        /// Part of something that is not recorded, or no longer: nor is what is in it, unless it interrupts.
        var isLeftOut = false
    }
    struct Recording {
        /// Its element in `open`, and in `nodes`.
        var open: Int
        var place: Int
    }
    /// Strings of names live in libxml2's dictionary while the context does: equal text, equal
    /// address. Hence an address stands for its string.
    struct Slot {
        var local: UnsafePointer<xmlChar>?
        var prefix: UnsafePointer<xmlChar>?
        var namespace: UnsafePointer<xmlChar>?
        var index: Int32
    }

    let handler: any XMLHandler
    var tape: Unmanaged<XMLTape>?
    var context: xmlParserCtxtPtr?
    let textBytesMax: Int
    /// Whether the first thing that is not as it should be ends the reading.
    let isStrict: Bool
    var isStopped = false
    /// Whether anything was told of since this was last set to false.
    var hasEvents = false
    var hasLongText = false
    var hasTooManyNames = false
    var firstError: XMLError?
    /// That which ended a strict reading, if a fault of the document did.
    var slip: XMLError?
    var sections = LiftedSections()
    /// How many line ends stood in those that were taken.
    var linesLifted = 0

    /// Text of the elements in `nodes`.
    var text: UnsafeMutablePointer<UInt8>
    var textCount = 0
    var textCapacity = 1 << 16
    /// Where the text since the last tag begins.
    var runStart = 0
    /// Whether the innermost open element is recorded.
    var isRecording = false

    var nodes: [XMLFragment.Node] = []
    var attributeList: [XMLFragment.Attribute] = []
    var values: [UInt8] = []
    var open: [Open] = []
    var recordings: [Recording] = []
    var namespacesOpen = 0
    var elementsStarted = 0
    /// The `number` of each element that is open where the document is cut off, once that is known.
    var openAtCut: [Int] = []
    /// How many of the open elements enclose what is in them.
    var enclosing = 0

    var names: [XMLName] = []
    private var concerns: [XMLConcern?] = []
    private var slots = [Slot](repeating: Slot(index: -1), count: 256)
    /// For each name its place in the fragment that is being made, if the stamp is that fragment's.
    private var localPlaces: [(stamp: Int, place: Int32)] = []
    private var stamp = 0
    /// Those of the fragment that is being made, in `names`, and of some before it.
    private var named: [Int32] = []
    private var recentNames: [(named: [Int32], shared: XMLNames)] = []

    /// The attributes of the element that starts.
    var starting: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    var startingCount = 0

    init(_ handler: any XMLHandler, textBytesMax: Int, isStrict: Bool) {
        self.handler = handler
        self.textBytesMax = textBytesMax
        self.isStrict = isStrict
        text = .allocate(capacity: textCapacity)
    }
}

// MARK: Names

extension TapeState {
    mutating func name(
        _ local: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?,
        _ namespace: UnsafePointer<xmlChar>?
    ) -> Int32 {
        var slot = TapeState.slot(local, prefix, namespace) & (slots.count - 1)
        while slots[slot].index >= 0 {
            let known = slots[slot]
            if known.local == local, known.prefix == prefix, known.namespace == namespace {
                return known.index
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        let index = Int32(names.count)
        slots[slot] = Slot(local: local, prefix: prefix, namespace: namespace, index: index)
        names.append(
            XMLName(
                namespace: namespace.map { String(cString: $0) },
                prefix: prefix.map { String(cString: $0) }, local: String(cString: local),
                index: Int(index)))
        concerns.append(nil)
        localPlaces.append((0, 0))
        if names.count * 2 > slots.count { growSlots() }
        return index
    }

    private static func slot(
        _ local: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?,
        _ namespace: UnsafePointer<xmlChar>?
    ) -> Int {
        var mix = UInt(bitPattern: local) &* 0x9E37_79B9_7F4A_7C15
        mix ^= UInt(bitPattern: namespace) &* 0xC2B2_AE3D_27D4_EB4F
        mix ^= UInt(bitPattern: prefix) &* 0x1656_67B1_9E37_79F9
        return Int(truncatingIfNeeded: (mix ^ (mix >> 29)) >> 3)
    }

    private mutating func growSlots() {
        let old = slots
        slots = [Slot](repeating: Slot(index: -1), count: old.count * 2)
        for known in old where known.index >= 0 {
            guard let local = known.local else { continue }
            var slot = TapeState.slot(local, known.prefix, known.namespace) & (slots.count - 1)
            while slots[slot].index >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = known
        }
    }

    mutating func concern(_ name: Int32) -> XMLConcern {
        if let known = concerns[Int(name)] { return known }
        let answer = handler.concern(names[Int(name)])
        concerns[Int(name)] = answer
        return answer
    }
}

// MARK: Recording

extension TapeState {
    mutating func record(_ name: Int32) -> Int32 {
        let first = Int32(attributeList.count)
        if let fields = starting {
            for index in 0..<startingCount {
                let field = fields + index * 5
                guard let local = field[0], let start = field[3], let end = field[4] else { continue }
                let valueStart = Int32(values.count)
                TapeState.append(UnsafeBufferPointer(start: start, count: end - start), to: &values)
                attributeList.append(
                    XMLFragment.Attribute(
                        name: self.name(local, field[1], field[2]), valueStart: valueStart,
                        valueEnd: Int32(values.count)))
            }
        }
        let place = Int32(nodes.count)
        nodes.append(
            XMLFragment.Node(
                name: name, end: 0, textStart: Int32(textCount), textEnd: Int32(textCount),
                firstAttribute: first))
        return place
    }

    mutating func growText(toHold count: Int) {
        let capacity = max(count, textCapacity * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: text, count: textCount)
        text.deallocate()
        text = larger
        textCapacity = capacity
    }

    /// Without NOENT libxml2 leaves an ampersand in a value as `&#38;`, for a tree to resolve later
    /// (xmlParseAttValueComplex); every other reference it has resolved.
    static func append(_ value: UnsafeBufferPointer<xmlChar>, to bytes: inout [UInt8]) {
        guard let start = value.baseAddress, memchr(start, 0x26, value.count) != nil else {
            bytes.append(contentsOf: value)
            return
        }
        var index = 0
        while index < value.count {
            bytes.append(value[index])
            let isEscape = value.count - index >= 5 && memcmp(start + index, "&#38;", 5) == 0
            index += isEscape ? 5 : 1
        }
    }

    mutating func close(_ place: Int32) {
        guard place >= 0 else { return }
        nodes[Int(place)].end = Int32(nodes.count)
        nodes[Int(place)].textEnd = Int32(textCount)
    }

    /// Everything from this node on, as a fragment; it is gone from the tape.
    mutating func take(from place: Int) -> XMLFragment {
        stamp += 1
        let textStart = Int(nodes[place].textStart)
        let textBytes = textCount - textStart
        let firstAttribute = Int(nodes[place].firstAttribute)
        let valueStart =
            firstAttribute < attributeList.count
            ? Int(attributeList[firstAttribute].valueStart) : values.count
        named.removeAll(keepingCapacity: true)
        var kept = [XMLFragment.Node](nodes[place...])
        for index in kept.indices {
            kept[index].name = localPlace(kept[index].name)
            kept[index].end -= Int32(place)
            kept[index].textStart -= Int32(textStart)
            kept[index].textEnd -= Int32(textStart)
            kept[index].firstAttribute -= Int32(firstAttribute)
        }
        let shift = Int32(textBytes - valueStart)
        var attributes = [XMLFragment.Attribute](attributeList[firstAttribute...])
        for index in attributes.indices {
            attributes[index].name = localPlace(attributes[index].name)
            attributes[index].valueStart += shift
            attributes[index].valueEnd += shift
        }
        let valueBytes = values.count - valueStart
        // Of no bytes Swift would write to the one empty array that all threads share, which is checked for.
        let isEmpty = textBytes + valueBytes == 0
        let bytes = isEmpty ? [] : [UInt8](unsafeUninitializedCapacity: textBytes + valueBytes) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            memcpy(base, text + textStart, textBytes)
            values.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress else { return }
                memcpy(base + textBytes, from + valueStart, valueBytes)
            }
            count = textBytes + valueBytes
        }
        nodes.removeSubrange(place...)
        attributeList.removeSubrange(firstAttribute...)
        values.removeSubrange(valueStart...)
        textCount = textStart
        runStart = textStart
        return XMLFragment(nodes: kept, names: sharedNames(), bytes: bytes, attributes: attributes)
    }

    private mutating func sharedNames() -> XMLNames {
        for known in recentNames where known.named == named { return known.shared }
        let shared = XMLNames(named.map { names[Int($0)] })
        if recentNames.count == TapeState.recentMax { recentNames.removeFirst() }
        recentNames.append((named, shared))
        return shared
    }
    private static let recentMax = 4

    private mutating func localPlace(_ name: Int32) -> Int32 {
        let known = localPlaces[Int(name)]
        if known.stamp == stamp { return known.place }
        let place = Int32(named.count)
        named.append(name)
        localPlaces[Int(name)] = (stamp, place)
        return place
    }

    /// Of the node that was recorded last.
    var lastAttributes: [XMLAttribute] {
        guard let node = nodes.last else { return [] }
        return attributeList[Int(node.firstAttribute)...].map { attribute in
            let name = names[Int(attribute.name)]
            let value = values[Int(attribute.valueStart)..<Int(attribute.valueEnd)]
            return XMLAttribute(
                namespace: name.namespace, prefix: name.prefix, local: name.local,
                value: String(decoding: value, as: UTF8.self))
        }
    }
}
