import Formats

/// What `polls.json` knows of covers: which are there, and which have failed. A cache, like all of it.
struct CoverPolls: Equatable {
    /// The chain of the log at which nothing was left to fetch; empty: something is.
    var settled = ""
    /// The copies that pages show.
    var files: [String] = []
    private(set) var failed: [Failed] = []
    /// When one came that could not be kept: a disk is full, or a folder is somebody else's.
    var unkept: Instant?
    /// When that was said.
    var unkeptSaid: Instant?

    struct Failed: Equatable {
        /// SHA-256 of the address, or of the server's where none of its covers is to be had.
        var address: String
        var failures: Int
        var next: Instant

        /// What a clock noted that was ahead is not believed.
        func isDue(at now: Instant) -> Bool {
            next <= now || next > now.adding(seconds: CoverPolls.waitMax)
        }
    }

    /// An hour after the first failure, four times as long after each further one, a week at most: most
    /// that fail are gone for good, and nobody's pages wait for them.
    private static let firstWait: Int64 = 3600
    private static let waitMax: Int64 = 7 * 86_400

    func mayAsk(_ address: WebAddress, at now: Instant) -> Bool {
        guard !failed.isEmpty else { return true }
        let names = [CoverPolls.digest(address.text), CoverPolls.digest(address.origin)]
        for one in failed where names.contains(one.address) && !one.isDue(at: now) { return false }
        return true
    }

    /// How many may be asked for now. Where covers cannot be kept, one an hour tells whether they can again: servers do
    /// not give pictures to be thrown away.
    func perRunMax(at now: Instant) -> Int {
        guard let unkept else { return Covers.perRunMax }
        return unkept > now || now >= unkept.adding(seconds: CoverPolls.firstWait) ? 1 : 0
    }

    func hasDue(at now: Instant) -> Bool { failed.contains { $0.isDue(at: now) } }

    mutating func noteFailure(of address: WebAddress, at now: Instant) {
        note(CoverPolls.digest(address.text), at: now)
    }

    /// The server itself did not answer. Several of its covers may have been asked at one time: that is one
    /// failure.
    mutating func noteFailure(ofServer address: WebAddress, at now: Instant) {
        let name = CoverPolls.digest(address.origin)
        for one in failed where one.address == name && !one.isDue(at: now) { return }
        note(name, at: now)
    }

    private mutating func note(_ name: String, at now: Instant) {
        let before = failed.first { $0.address == name }?.failures ?? 0
        var wait = CoverPolls.firstWait
        for _ in 0..<min(before, 8) { wait = min(wait * 4, CoverPolls.waitMax) }
        failed.removeAll { $0.address == name }
        failed.append(Failed(address: name, failures: before + 1, next: now.adding(seconds: wait)))
        failed.sort { $0.address.utf8.lexicographicallyPrecedes($1.address.utf8) }
    }

    /// A cover was there, and so is its server.
    mutating func forgetFailure(of address: WebAddress) {
        let names = [CoverPolls.digest(address.text), CoverPolls.digest(address.origin)]
        failed.removeAll { names.contains($0.address) }
    }

    mutating func keepFailures(of addresses: [WebAddress]) {
        guard !failed.isEmpty else { return }
        let names = addresses.flatMap { [CoverPolls.digest($0.text), CoverPolls.digest($0.origin)] }
        failed.removeAll { !names.contains($0.address) }
    }

    private static func digest(_ text: String) -> String { SHA256.hexDigest(of: text) }
}

extension CoverPolls {
    init(json: JSONValue) {
        settled = json["settled"]?.stringValue ?? ""
        files = (json["files"]?.arrayValue ?? []).compactMap(\.stringValue)
        unkept = json["unkept"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        unkeptSaid = json["unkept_said"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        for value in json["failed"]?.arrayValue ?? [] {
            guard let address = value["address"]?.stringValue,
                let next = value["next"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
            else { continue }
            let failures = value["failures"]?.integerValue.flatMap { Int(exactly: $0) } ?? 1
            failed.append(Failed(address: address, failures: min(max(1, failures), 1 << 20), next: next))
        }
    }

    var json: JSONValue {
        var members: [JSONMember] = []
        if !settled.isEmpty { members.append(JSONMember("settled", .string(settled))) }
        if !files.isEmpty { members.append(JSONMember("files", .array(files.map { .string($0) }))) }
        for (name, instant) in [("unkept", unkept), ("unkept_said", unkeptSaid)] {
            if let instant { members.append(JSONMember(name, .string(instant.description))) }
        }
        if !failed.isEmpty {
            members.append(
                JSONMember(
                    "failed",
                    .array(
                        failed.map {
                            .object([
                                JSONMember("address", .string($0.address)),
                                JSONMember("failures", .integer(Int64($0.failures))),
                                JSONMember("next", .string($0.next.description)),
                            ])
                        })))
        }
        return .object(members)
    }
}
