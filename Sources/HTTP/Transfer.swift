import CCurl
import Glibc

/// One libcurl handle and what its callbacks gather. Used again for one transfer after the other.
///
/// Owns: the handle, the list of header lines and the buffer of the error text; all are freed in
/// `deinit`. libcurl holds a pointer to this object while a transfer runs, and `Client` holds the
/// object at least as long.
final class Transfer {
    let handle: UnsafeMutableRawPointer
    let errorText: UnsafeMutablePointer<CChar>
    var headerLines: UnsafeMutablePointer<curl_slist>?
    /// One of them while it is put together.
    var line: [UInt8] = []

    var journey: Journey
    var startedMilliseconds: Int64 = 0
    private(set) var head = HeaderBlock()
    private(set) var body: [UInt8] = []
    /// Why a callback stopped the transfer: libcurl's own code would not tell.
    private(set) var stop: Stop?
    private(set) var hasRefusedAddress = false
    private var hasAsked = false
    let surroundings: Surroundings
    /// Of this transfer; empty: none.
    var proxy: String { surroundings.proxies.proxy(for: journey.destination) }
    /// What is the same for all plain requests is set already.
    var isReady = false

    enum Stop { case bodyTooLarge, bomb, headTooLarge, refusedAddress, hungUp }

    /// `nil` when libcurl has no memory for a handle.
    init?(_ journey: Journey, _ surroundings: Surroundings) {
        guard let handle = ccurl_easy_init() else { return nil }
        self.handle = handle
        self.journey = journey
        self.surroundings = surroundings
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        ccurl_easy_cleanup(handle)
        ccurl_list_free(headerLines)
        errorText.deallocate()
    }

    /// Forgets the last transfer, but not its connection, which belongs to the multi handle.
    func prepare(_ journey: Journey, now: Int64) -> CURLcode {
        self.journey = journey
        startedMilliseconds = now
        head.forget()
        body = []
        stop = nil
        hasRefusedAddress = false
        hasAsked = false
        errorText.update(repeating: 0, count: Int(CURL_ERROR_SIZE))
        return setOptions()
    }

    func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        guard let context else { return nil }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Counts bytes after decompression: `CURLOPT_MAXFILESIZE` looks at `Content-Length` only, and
    /// lets 65 kB of gzip become 64 MB.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= journey.request.limits.bodyBytesMax else {
            stop = .bodyTooLarge
            body = []
            return false
        }
        body.append(contentsOf: bytes)
        if body.count > Self.packedBytesTrusted, body.count / Self.packingMax > receivedBytes {
            stop = .bomb
            body = []
            return false
        }
        return true
    }

    /// No feed is packed so tightly, but a bomb is, up to a thousand times; and eight of them at once
    /// would take eight times the limit of a body. So each is told when it is a quarter of one.
    private static let packingMax = 100
    private static let packedBytesTrusted = 4 << 20

    func receiveHead(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if head.take(bytes) { return true }
        stop = .headTooLarge
        return false
    }

    /// Asked before each connection attempt, when the name is resolved already.
    func mayConnect(to address: NetworkAddress?) -> Bool {
        // A proxy, which the person named, is all that is connected to then.
        let isTrusted = journey.trustsPrivateAddresses || !proxy.isEmpty
        if surroundings.gate.admits(address, trustsPrivateAddresses: isTrusted) { return true }
        hasRefusedAddress = true
        return false
    }

    /// Asked before each request, for a connection may have been opened by another request that
    /// was trusted with it.
    ///
    /// Where a kept connection turns out to be closed, libcurl would send the request again by itself: at once, and of
    /// all requests of one handle the first five alone. It is for the journey to go on (`tryAgain`).
    func mayAsk(_ address: NetworkAddress?) -> Bool {
        if !mayConnect(to: address) {
            stop = .refusedAddress
        } else if hasAsked {
            stop = .hungUp
        }
        hasAsked = true
        return stop == nil
    }
}

/// What is the same for all transfers of a client.
struct Surroundings {
    var proxies = Proxies()
    /// A file in PEM; `nil`: the system's.
    var authorities: String?
    /// The client's, which frees them.
    var pins: UnsafeMutablePointer<curl_slist>?
    var gate = Gate()
}

/// Whom a transfer may connect to.
struct Gate {
    /// Addresses that count as public: the tests have no others but loopback ones.
    var exempt: [NetworkAddress] = []

    func admits(_ address: NetworkAddress?, trustsPrivateAddresses: Bool) -> Bool {
        if trustsPrivateAddresses { return true }
        guard let address else { return false }
        return !refuses(address)
    }

    /// A proxy would not know which addresses are our own: those are refused here, too.
    func refuses(_ address: NetworkAddress) -> Bool {
        address.isPrivate && !exempt.contains(address)
    }
}
