import Foundation
import HTTP
import Testing

/// The server of Fixtures/servers as a child process, one for all tests. Needs `python3`.
///
/// Its standard input is this process's to hold: when the tests end, however they end, so does it.
final class PlayServer: Sendable {
    static let shared = PlayServer()

    let port: Int
    let securePort: Int
    /// No connection to it ever comes about.
    let deafPort: Int
    let certificate: String
    private let holdsOpen: FileHandle

    private init() {
        signal(SIGPIPE, SIG_IGN)
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/servers")
        let script = folder.appendingPathComponent("http_server.py").path
        certificate = folder.appendingPathComponent("played.pem").path
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = ["python3", script]
        let input = Pipe()
        let output = Pipe()
        child.standardInput = input
        child.standardOutput = output
        do { try child.run() } catch { preconditionFailure("python3 does not start: \(error)") }
        var line = ""
        while !line.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            precondition(!more.isEmpty, "the test server ended at once: \(line)")
            line += String(decoding: more, as: UTF8.self)
        }
        let ports = line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard ports.count == 3 else {
            preconditionFailure("the test server did not name its ports: \(line)")
        }
        port = ports[0]
        securePort = ports[1]
        deafPort = ports[2]
        holdsOpen = input.fileHandleForWriting
    }

    /// An address of a group of requests; each test has a group of its own.
    func address(_ group: String, _ play: String, host: String = "127.0.0.1") -> String {
        "http://\(host):\(port)/\(group)/\(play)"
    }

    /// What was asked of a group so far.
    func seen(_ group: String) throws -> [Seen] {
        let answer = Client().perform([.trusted(address(group, "seen"))], pace: .brisk)
        return try JSONDecoder().decode([Seen].self, from: Data(answer[0].get().body))
    }
}

struct Seen: Decodable {
    var method: String
    var target: String
    var version: String
    var headers: [[String]]
    var body: String
    /// Counts from 1; requests with the same number came over one connection.
    var connection: Int
    /// How many of the group were being answered when this one came, itself included.
    var busy: Int

    func values(_ name: String) -> [String] {
        headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
    }

    func value(_ name: String) -> String? { values(name).first }
}

extension Request {
    static func trusted(
        _ address: String, headers: [Header] = [], limits: Limits = .brisk
    ) -> Request {
        Request(
            address: address, headers: headers, userAgent: "Tests/1 (+https://example.org/)",
            limits: limits, trustsPrivateAddresses: true)
    }

    static func stranger(_ address: String, limits: Limits = .brisk) -> Request {
        Request(address: address, userAgent: "Tests/1 (+https://example.org/)", limits: limits)
    }
}

extension Limits {
    /// Long enough for a busy machine, short enough for a test that must not end.
    static let brisk = Limits(
        connectMilliseconds: 5_000, totalMilliseconds: 10_000, bodyBytesMax: 1 << 20)

    static func totalMilliseconds(_ total: Int) -> Limits {
        var limits = Limits.brisk
        limits.totalMilliseconds = total
        return limits
    }
}

extension Pace {
    static let brisk = Pace(
        perHost: 8, hostPauseMilliseconds: 0, total: 8, loopbackPerHost: 8, runMilliseconds: 30_000)
}

/// Asks one address with a client of its own.
func ask(_ request: Request, pace: Pace = .brisk) -> Result<Response, TransferError> {
    Client().perform([request], pace: pace)[0]
}

func failure(_ result: Result<Response, TransferError>) -> TransferError? {
    guard case .failure(let error) = result else { return nil }
    return error
}

/// A label of more than 63 letters: the resolver knows without asking anybody that it is no name,
/// so that a machine without a network tells the same.
let noName = String(repeating: "a", count: 64) + ".invalid"

func percentEncoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
}
