import Formats
import HTTP

/// A server with one feed, one with covers and one that has none. Honest, it keeps its promises: a tag a document, 304 for the tag it gave.
/// Otherwise it hangs up, fails, sends walls and halves, and says "not modified" unasked.
final class LyingNetwork: Transport {
    private let tag: String
    private let document: [UInt8]
    private var random: SeededGenerator?

    /// - Parameter lies: `nil`: an honest server.
    init(tag: String, document: [UInt8], lies: SeededGenerator?) {
        self.tag = "\"\(tag)\""
        self.document = document
        random = lies
    }

    func perform(
        _ requests: [Request], pace: Pace, progress: ((Progress) -> Void)?
    ) -> [Result<Response, TransferError>] {
        requests.map(answer)
    }

    private func answer(_ request: Request) -> Result<Response, TransferError> {
        if request.address.hasPrefix("https://broken.example.org/") { return respond(request, 404, []) }
        if request.address.hasPrefix("https://covers.example.org/") { return cover(request) }
        let given = request.headers.first { $0.isNamed("If-None-Match") }?.value
        let lie = random?.below(24) ?? .max
        switch lie {
        case 0: return .failure(TransferError(kind: .timeout, message: "no answer"))
        case 1: return .failure(TransferError(kind: .truncated, message: "half an answer"))
        case 2: return respond(request, 500, [UInt8]("<h1>Sorry</h1>".utf8))
        case 3: return respond(request, 200, [UInt8]("<!doctype html><title>Log in</title><form>".utf8))
        case 4: return respond(request, 200, [])
        case 5: return respond(request, 200, Array(document.prefix(random?.below(document.count) ?? 0)))
        case 6 where given == nil: return respond(request, 304, [])
        case 7: return respond(request, 404, [UInt8]("no".utf8))
        default: break
        }
        return given == tag ? respond(request, 304, []) : respond(request, 200, document)
    }

    private func cover(_ request: Request) -> Result<Response, TransferError> {
        let number = UInt8(truncatingIfNeeded: request.address.utf8.reduce(0) { $0 &* 31 &+ Int($1) })
        return respond(request, 200, Array("GIF89a".utf8) + [96, 0, 144, 0, number])
    }

    private func respond(
        _ request: Request, _ status: Int, _ body: [UInt8]
    ) -> Result<Response, TransferError> {
        .success(
            Response(
                status: status, headers: [Header("ETag", tag)], body: body, address: request.address))
    }
}
