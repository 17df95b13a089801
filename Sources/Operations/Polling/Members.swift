import Formats

/// Writes the members of objects; what is absent, empty or zero is left out.
struct Members {
    var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        open()
    }

    mutating func open() { bytes.append(UInt8(ascii: "{")) }

    mutating func close() { bytes.append(UInt8(ascii: "}")) }

    /// One more element of the array of the feeds.
    mutating func addLine(_ poll: Poll, attempted: Instant?, next: Instant?) {
        bytes.append(contentsOf: (bytes.last == UInt8(ascii: "[") ? "\n" : ",\n").utf8)
        poll.write(to: &self, attempted: attempted, next: next)
    }

    mutating func add(_ name: @autoclosure () -> MemberName, _ text: String) {
        guard !text.isEmpty else { return }
        begin(name())
        JSONWriter.write(text, to: &bytes)
    }

    mutating func add(_ name: @autoclosure () -> MemberName, _ number: Int) {
        if number != 0 { add(name(), .integer(Int64(number))) }
    }

    mutating func add(_ name: @autoclosure () -> MemberName, _ instant: Instant?) {
        guard let instant else { return }
        begin(name())
        bytes.append(UInt8(ascii: "\""))
        instant.write(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ name: @autoclosure () -> MemberName, _ numbers: [Int]) {
        if !numbers.isEmpty { add(name(), .array(numbers.map { .integer(Int64($0)) })) }
    }

    mutating func add(_ name: MemberName, _ value: JSONValue) {
        begin(name)
        JSONWriter.write(value, to: &bytes)
    }

    mutating func add(_ name: MemberName, raw json: ArraySlice<UInt8>) {
        begin(name)
        bytes.append(contentsOf: json)
    }

    mutating func begin(_ name: MemberName) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: name.bytes)
    }
}
