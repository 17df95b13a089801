import Foundation
import Testing

/// Public conformance suites, read where they lie beside the repository. They are no part of it: on
/// a machine without them the tests that need them have nothing to do, but under CI they must be there.
enum ConformanceData {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/conformance")

    /// The lines of a list, or the names in a folder, in order; empty when the suites are absent.
    static func names(listedIn path: String) -> [String] {
        guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").map(String.init)
    }

    static func names(inFolder path: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: folder.appending(path: path).path)
        return (names ?? []).sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }

    /// Counts what was found; absent suites pass, except under CI.
    static func expect(_ count: Int, of names: [String]) {
        let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"
        if names.isEmpty, !isRequired, !FileManager.default.fileExists(atPath: folder.path) {
            return
        }
        #expect(names.count == count, "files of a suite in \(folder.path)")
    }
}
