import CXML

/// The state of one pass of `Repair`. Everything before `copied` is in `out` as it should be; what
/// lies between `copied` and `index` is right as it stands and is copied when something is not.
struct RepairPass {
    let source: UnsafeBufferPointer<UInt8>
    /// The tables of `TextByte`, held here: a global is asked for once more at each use.
    let isSpecial = TextByte.isSpecial
    let isIllegal = TextByte.isIllegal
    let isName = TextByte.isName
    var out: [UInt8] = []
    var copied = 0
    var index = 0
    var outline: Outline
    /// The open elements, their names as ranges of the source.
    var open: [Open] = []
    /// The innermost of them that is a root, a list or an entry; -1 for none.
    var spine = -1
    /// The tag that is being read, and how many namespaces it and all open elements declare.
    var tag = Tag(valuesEnd: 0)
    var namespacesOfTag = 0
    var namespacesOpen = 0
    /// How many open elements, sunken ones too, have a name of each `Outline.slot`: a stray end tag is
    /// told without a search, however many there are.
    var openOfSlot = [Int](repeating: 0, count: Outline.slots)
    /// Open elements below the depth limit, whose tags are left out.
    var sunken: [(name: Range<Int>, key: Int)] = []
    var rootHasClosed = false
    /// Where among the open elements a root or a list stands, or stood, that began in an entry, where it began in the
    /// source, and where it ended; -1 for nowhere.
    var innerRoot = (place: -1, start: -1, end: -1)
    /// Whether something followed the end of the root that belongs to it.
    var isContinued = false
    /// How many bytes may still be looked at ahead of time.
    var scanLeft: Int
    /// How many bytes may still be read again that seemed to be of a tag.
    var rereadLeft: Int
    var entities: [[UInt8]: [UInt8]] = [:]
    /// How much may still come of them: a document at most doubles.
    var expansionLeft: Int
    /// Where the last row of references ended that were the bytes of a character.
    var rowEnd = -1
    /// Where in `out` the ends begin of what the document's own end left open.
    var cut: Int?
    var faults: [(fault: RepairedText.Fault, offset: Int)] = []
    var torn: [Int] = []
    /// Where the entry begins in the source that was torn last.
    private var tornEntry = -1
    var absent: Set<Mark> = []
    var commentEndIsAbsent = false
    /// Where the `]]>` stands that was looked for last, the end of all for none.
    var lastSectionEnd = -1
    /// Whether that which was looked at last is the end of the section before it (`isOfLastSection`).
    var lastSectionPaired = (end: -1, isPaired: false)
    var doctypeSeen = false

    init(_ source: UnsafeBufferPointer<UInt8>, _ outline: Outline) {
        self.source = source
        self.outline = outline
        scanLeft = source.count * 4 + RepairPass.scanBytesMin
        rereadLeft = source.count + 65_536
        expansionLeft = source.count + 4_096
        // Each of these may become five bytes. Room that stays untouched costs nothing; growing would
        // hold two copies for a while.
        let marks = source.reduce(into: 0) { $0 += $1 == 0x26 || $1 == 0x3C ? 1 : 0 }
        out.reserveCapacity(source.count + source.count / 16 + marks * 4 + 64)
    }

    var result: RepairedText {
        var line = 1
        var counted = 0
        var defects: [RepairedText.Defect] = []
        for (fault, offset) in faults.sorted(by: { $0.offset < $1.offset }) {
            while counted < offset {
                if source[counted] == UInt8(ascii: "\n") { line += 1 }
                counted += 1
            }
            defects.append(RepairedText.Defect(line: line, fault: fault))
        }
        return RepairedText(bytes: out, defects: defects, torn: torn, cut: cut)
    }

    mutating func run() {
        skipToStart()
        while index < source.count, !rootHasClosed {
            text()
            if index < source.count { markup() }
        }
        copy(to: min(index, source.count))
        if rootHasClosed {
            if isMeant(from: index) { note(.textAfter, at: index) }
        } else if !open.isEmpty {
            noteInnerRoot()
            if !isContinued || open.count > 1 { note(.cutOff, at: source.count) }
            if faults.contains(where: { $0.fault == .cutOff }) { cut = out.count }
            close(to: 0)
        }
    }

    // MARK: Text

    /// Everything up to the next `<` that opens a tag.
    mutating func text() {
        while true {
            skipPlain(to: source.count, inMarkup: true)
            guard index < source.count else { return }
            switch source[index] {
            case UInt8(ascii: "<"):
                if opensMarkup(index) { return }
                if isCutOffMark(index) {
                    copy(to: index)
                    note(.cutOff, at: index)
                    index = source.count
                    copied = index
                    return
                }
                replace(1, with: "&#60;", .bareAngle)
            case UInt8(ascii: "&"):
                reference()
            case UInt8(ascii: "]"):
                if isAt(index, "]]>") {
                    index += 2
                    replace(1, with: "&#62;", .sectionEnd)
                } else {
                    index += 1
                }
            default:
                control()
            }
        }
    }

    /// To the next byte before `end` that text may not simply go on at.
    mutating func skipPlain(to end: Int, inMarkup: Bool) {
        guard let base = source.baseAddress, index < end else { return }
        index += cxml_plain(base + index, end - index, inMarkup ? 1 : 0)
    }

    /// A byte below 32 that is no white space, or the first of a character that may have to go.
    mutating func control() {
        if source[index] == 0xC2 {
            // U+0080 to U+009F: windows-1252 that was taken for latin-1 on its way to UTF-8.
            guard index + 1 < source.count, source[index + 1] < 0xA0 else {
                index += 1
                return
            }
            let scalar = Windows1252.high[Int(source[index + 1]) - 0x80]
            replace(2, with: "", .misreadCharacter)
            if scalar > 0x9F { UTF8Check.append(scalar, to: &out) }
        } else if source[index] != 0xEF {
            replace(1, with: "", .illegalCharacter)
        } else if index + 2 < source.count, source[index + 1] == 0xBF, source[index + 2] >= 0xBE {
            replace(3, with: "", .illegalCharacter)
        } else {
            index += 1
        }
    }

    mutating func reference() {
        let start = index
        let (reading, end) = CharacterReference.read(source, at: start)
        switch reading {
        case .scalar(let scalar):
            let isNumber = source[start + 1] == UInt8(ascii: "#")
            if isNumber, source[start + 2] == UInt8(ascii: "X") { note(.spelling, at: start) }
            if scalar >= 0xC2, scalar < 0xF5, let whole = misread(at: start) {
                copy(to: start)
                note(.misreadCharacter, at: start)
                UTF8Check.append(whole.scalar, to: &out)
                index = whole.end
                copied = index
                return
            }
            if isNumber, scalar < 0x80, source[end - 1] == UInt8(ascii: ";"),
                source[start + 2] != UInt8(ascii: "X")
            {
                index = end
                return
            }
            copy(to: start)
            if source[end - 1] != UInt8(ascii: ";") { note(.unfinishedReference, at: start) }
            if scalar < 0x80 {
                append("&#")
                out.append(contentsOf: String(scalar).utf8)
                append(";")
            } else {
                UTF8Check.append(scalar, to: &out)
                if !isNumber { note(.htmlEntity, at: start) }
            }
            index = end
            copied = end
        case .nothing:
            replace(end - start, with: "", .illegalReference)
        case .unknown(let name):
            if !entities.isEmpty, let value = entities[Array(source[name])], value.count <= expansionLeft {
                expansionLeft -= value.count
                copy(to: start)
                out.append(contentsOf: value)
                index = end
                copied = end
            } else {
                replace(1, with: "&#38;", .unknownEntity)
            }
        case .bare:
            replace(1, with: "&#38;", .bareAmpersand)
        }
    }

    // MARK: Markup

    func opensMarkup(_ at: Int) -> Bool {
        guard at + 1 < source.count else { return false }
        switch source[at + 1] {
        case UInt8(ascii: "!"):
            return isAt(at, "<!--") || isAt(at, "<![CDATA[") || isAt(at, "<!DOCTYPE")
                || isAt(at, "<!doctype") || isAt(at, "<![cdata[")
        case UInt8(ascii: "?"):
            return true
        case UInt8(ascii: "/"):
            return at + 2 < source.count && isNameStart(at: at + 2)
        default:
            return isNameStart(at: at + 1)
        }
    }

    /// Whether the document ends in the midst of what would have opened markup.
    func isCutOffMark(_ at: Int) -> Bool {
        let rest = source[at...]
        return ["</", "<!--", "<![CDATA[", "<!DOCTYPE"].contains { $0.utf8.starts(with: rest) }
    }

    // MARK: Faults

    mutating func note(_ fault: RepairedText.Fault, at offset: Int) {
        // A set would hash the words of each fault, and there may be millions.
        if faults.contains(where: { $0.fault == fault }) { return }
        faults.append((fault, min(offset, source.count)))
    }

    /// Of a tag of this name, or of something without one, a piece is missing in the entry that is open.
    /// - Parameter mark: where in `out` the entry is surely open; its end is.
    mutating func tear(_ name: Range<Int>?, at mark: Int? = nil) {
        guard spine >= 0, open[spine].part == .entry, open[spine].name.lowerBound != tornEntry else { return }
        if let name, part(name) == .unknown, isHTML(name) || isLaterHTML(name) { return }
        tornEntry = open[spine].name.lowerBound
        torn.append(mark ?? out.count)
    }
}
