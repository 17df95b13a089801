import Formats

/// What `polls.json` knows of covers: which are there, and which have failed. A cache, like all of it.
struct CoverPolls: Equatable {
    /// The chain of the log at which nothing was left to fetch; empty: something is.
    var settled = ""
    /// The copies that pages show.
    var files: [String] = []
    private(set) var failed: [Failed] = []

    struct Failed: Equatable {
        /// SHA-256 of the address.
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
        let name = CoverPolls.digest(address)
        for one in failed where one.address == name { return one.isDue(at: now) }
        return true
    }

    func hasDue(at now: Instant) -> Bool { failed.contains { $0.isDue(at: now) } }

    mutating func noteFailure(of address: WebAddress, at now: Instant) {
        let name = CoverPolls.digest(address)
        let before = failed.first { $0.address == name }?.failures ?? 0
        var wait = CoverPolls.firstWait
        for _ in 0..<min(before, 8) { wait = min(wait * 4, CoverPolls.waitMax) }
        failed.removeAll { $0.address == name }
        failed.append(Failed(address: name, failures: before + 1, next: now.adding(seconds: wait)))
        failed.sort { $0.address.utf8.lexicographicallyPrecedes($1.address.utf8) }
    }

    mutating func forgetFailure(of address: WebAddress) {
        let name = CoverPolls.digest(address)
        failed.removeAll { $0.address == name }
    }

    mutating func keepFailures(of addresses: [WebAddress]) {
        guard !failed.isEmpty else { return }
        let names = addresses.map(CoverPolls.digest)
        failed.removeAll { !names.contains($0.address) }
    }

    private static func digest(_ address: WebAddress) -> String {
        hex(SHA256.digest(Array(address.text.utf8)))
    }
}

extension CoverPolls {
    init(json: JSONValue) {
        settled = json["settled"]?.stringValue ?? ""
        files = (json["files"]?.arrayValue ?? []).compactMap(\.stringValue)
        for value in json["failed"]?.arrayValue ?? [] {
            guard let address = value["address"]?.stringValue,
                let next = value["next"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
            else { continue }
            let failures = value["failures"]?.integerValue.flatMap { Int(exactly: $0) } ?? 1
            failed.append(Failed(address: address, failures: max(1, failures), next: next))
        }
    }

    var json: JSONValue {
        var members: [JSONMember] = []
        if !settled.isEmpty { members.append(JSONMember("settled", .string(settled))) }
        if !files.isEmpty { members.append(JSONMember("files", .array(files.map { .string($0) }))) }
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
