import Formats

/// Where the items of a JSON Feed begin, as its end tells: read from there every bracket, quote and comma up to the last
/// slip is in its place, and how deep it stands is certain, while behind a slip nobody can tell from the front.
struct ItemStarts {
    /// In the order of the document.
    private(set) var places: [Int] = []
    /// Where the root begins that ends last; `nil` where a slip is met before.
    private(set) var root: Int?
    /// Whether the list that they stand in was read up to its name.
    private(set) var isListWhole = false

    init() {}

    /// - Parameter end: of what is read.
    init(in bytes: [UInt8], before end: Int) {
        var scan = Scan(bytes: bytes)
        scan.read(before: end)
        places = scan.places.reversed()
        root = scan.root
        isListWhole = scan.isListWhole
    }
}

/// Each byte is looked at once or twice.
private struct Scan {
    let bytes: [UInt8]
    var places: [Int] = []
    var root: Int?
    var isListWhole = false
    private var place = 0
    /// The closing brackets whose partners have not been met.
    private var open: [UInt8] = []
    /// The sign to the right; of a string its quote, of a word a letter.
    private var right: UInt8 = 0
    /// How many places there were at the end of the outermost list that is open.
    private var countBeforeList = 0
    /// The same, of one that has another name than `items`.
    private var countOutsideList: Int?

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func read(before end: Int) {
        guard let last = bytes[..<end].lastIndex(of: UInt8(ascii: "}")) else { return }
        place = last
        while place >= 0, root == nil {
            guard token() else {
                forgetDoubtful()
                return
            }
            place -= 1
        }
    }

    /// - Returns: `false` where it is out of place.
    private mutating func token() -> Bool {
        let byte = bytes[place]
        switch byte {
        case ...0x20: return true
        case UInt8(ascii: ","), UInt8(ascii: ":"): break
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            guard open.isEmpty || right != UInt8(ascii: "\"") && right != UInt8(ascii: "x") && right != UInt8(ascii: ":"),
                open.count < JSONReader.depthMax
            else { return false }
            if open.count == 1 { countBeforeList = places.count }
            open.append(byte)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.popLast() == byte + 2 else { return false }
            return opened(byte)
        case UInt8(ascii: "\""):
            guard isBefore(right), let start = stringStart() else { return false }
            let isName = right == UInt8(ascii: ":")
            place = start
            right = byte
            return isName ? isMemberName() : isBehindValueSign(byte)
        default:
            guard isBefore(right), right != UInt8(ascii: ":"), isWord() else { return false }
            right = UInt8(ascii: "x")
            return isBehindValueSign(right)
        }
        right = byte
        return true
    }

    /// At an opening bracket whose partner is known.
    private mutating func opened(_ byte: UInt8) -> Bool {
        right = byte
        let isList = byte == UInt8(ascii: "[")
        if open.isEmpty {
            root = place
            if isList { places = [] }
            return true
        }
        guard isBehindValueSign(byte) else { return false }
        if !isList, open.elementsEqual([UInt8(ascii: "}"), UInt8(ascii: "]")]) {
            places.append(place)
        } else if isList, open.count == 1 {
            // A slip may have made it, as long as its name has not been read.
            if isItemsList() { isListWhole = true } else { countOutsideList = countBeforeList }
        }
        return true
    }

    private mutating func isMemberName() -> Bool {
        let left = left()
        guard open.last == UInt8(ascii: "}"), left == UInt8(ascii: ",") || left == UInt8(ascii: "{") else { return false }
        if open.count == 1, let count = countOutsideList {
            places.removeLast(places.count - count)
            countOutsideList = nil
        }
        return true
    }

    /// Whether what begins here may be a value, by what it stands in.
    private func isBehindValueSign(_ byte: UInt8) -> Bool {
        let left = left()
        guard open.last == UInt8(ascii: "]") else { return left == UInt8(ascii: ":") }
        return left == UInt8(ascii: ",") || left == UInt8(ascii: "[")
    }

    private func isBefore(_ right: UInt8) -> Bool {
        switch right {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"): true
        default: false
        }
    }

    /// The last sign before this place.
    private func left() -> UInt8 {
        var index = place - 1
        while index >= 0, bytes[index] <= 0x20 { index -= 1 }
        return index >= 0 ? bytes[index] : 0
    }

    /// Where the string begins that ends here. A quote with an odd number of backslashes before it is one of its text.
    private func stringStart() -> Int? {
        var index = place - 1
        while index >= 0 {
            if bytes[index] == UInt8(ascii: "\"") {
                var slash = index
                while slash > 0, bytes[slash - 1] == UInt8(ascii: "\\") { slash -= 1 }
                if (index - slash) % 2 == 0 { return index }
                index = slash
            }
            index -= 1
        }
        return nil
    }

    /// Passes over a number, or a word that JSON or a program has for a value.
    private mutating func isWord() -> Bool {
        let end = place
        while place > 0, isPart(bytes[place - 1]), end - place < Scan.wordBytesMax { place -= 1 }
        let word = bytes[place...end]
        guard let first = word.first, isPart(first) else { return false }
        return first <= UInt8(ascii: "9") || Scan.words.contains(String(decoding: word, as: UTF8.self).lowercased())
    }

    private static let wordBytesMax = 64
    private static let words: Set = ["true", "false", "null", "nan", "infinity", "undefined"]

    private func isPart(_ byte: UInt8) -> Bool {
        LooseJSON.isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
    }

    private func isItemsList() -> Bool {
        let name = Array("\"items\"".utf8)
        var index = place - 1
        while index >= 0, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: ":") { index -= 1 }
        return index + 1 >= name.count && bytes[(index + 1 - name.count)...index].elementsEqual(name)
    }

    /// At a slip between two items what was last taken for the beginning of one may be a bracket too many, unless it
    /// begins as they do.
    private mutating func forgetDoubtful() {
        guard open.count <= 2, let last = places.last else { return }
        let name = firstName(last)
        if name != "\"id\"", !places.dropLast().contains(where: { firstName($0) == name }) { places.removeLast() }
    }

    private func firstName(_ bracket: Int) -> String {
        let start = bytes[(bracket + 1)...].firstIndex { $0 > 0x20 } ?? bracket
        let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) ?? start
        return String(decoding: bytes[start...min(end, start + Scan.wordBytesMax)], as: UTF8.self)
    }
}
