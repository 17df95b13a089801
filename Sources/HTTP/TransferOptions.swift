import CCurl
import Glibc

/// Every option of a transfer, also where libcurl's default would do: a default may change, a
/// line here says so in a diff. The reasons: http-politeness, section 6.
extension Transfer {
    /// The first code that is not CURLE_OK, if any.
    ///
    /// Most requests are plain: a GET with headers. A handle that has sent one keeps what is the same
    /// for all of them, which saves a thousand feeds some milliseconds; any other request begins and
    /// ends with a handle that knows nothing.
    func setOptions() -> CURLcode {
        let isPlain = journey.request.isPlain && !journey.isSecondTry
        if !(isReady && isPlain) {
            ccurl_easy_reset(handle)
            isReady = false
            let codes = [
                setProtocols(), setMethod(), setBounds(), setConnection(), setSurroundings(),
                setCallbacks(),
            ]
            for code in codes where code != CURLE_OK { return code }
            isReady = isPlain
        }
        for code in [setAddress(), setHeaders(), setLimits()] where code != CURLE_OK { return code }
        return CURLE_OK
    }

    private func setSurroundings() -> CURLcode {
        // Empty, and not unset: unset, libcurl would ask the environment.
        var code = set([(CURLOPT_NOPROXY, "")])
        if code == CURLE_OK { code = ccurl_set_list(handle, CURLOPT_RESOLVE, surroundings.pins) }
        guard code == CURLE_OK, let authorities = surroundings.authorities else { return code }
        return set([(CURLOPT_CAINFO, authorities)])
    }

    private func set(_ options: [(CURLoption, Int)]) -> CURLcode {
        for (option, value) in options {
            let code = ccurl_set_long(handle, option, value)
            if code != CURLE_OK { return code }
        }
        return CURLE_OK
    }

    private func set(_ options: [(CURLoption, String?)]) -> CURLcode {
        for (option, value) in options {
            // Given away as it is, a String would be copied first.
            let code = value?.withCString { ccurl_set_string(handle, option, $0) } ?? ccurl_set_string(handle, option, nil)
            if code != CURLE_OK { return code }
        }
        return CURLE_OK
    }

    /// The parts go before the text, which libcurl would take apart and put together once more. The journey keeps them.
    private func setAddress() -> CURLcode {
        let destination = journey.destination
        let code = set([(CURLOPT_URL, destination.text), (CURLOPT_PROXY, proxy)])
        guard code == CURLE_OK else { return code }
        return ccurl_set_pointer(handle, CURLOPT_CURLU, destination.parts.map { UnsafeMutableRawPointer($0.handle) })
    }

    private func setProtocols() -> CURLcode {
        let code = set([
            (CURLOPT_PROTOCOLS_STR, "http,https"),
            (CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
        ])
        guard code == CURLE_OK else { return code }
        return set([
            (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_MAXREDIRS, 0),
            (CURLOPT_AUTOREFERER, 0),
            (CURLOPT_UNRESTRICTED_AUTH, 0),
            (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
            (CURLOPT_PATH_AS_IS, 0),
        ])
    }

    private func setMethod() -> CURLcode {
        let request = journey.request
        switch (request.method, request.body) {
        case (.get, nil):
            return set([(CURLOPT_HTTPGET, 1)])
        case (.head, _):
            return set([(CURLOPT_NOBODY, 1)])
        case (_, nil) where request.method != .post:
            let code = set([(CURLOPT_HTTPGET, 1)])
            return code == CURLE_OK
                ? set([(CURLOPT_CUSTOMREQUEST, request.method.rawValue)]) : code
        case (let method, let body):
            return setBody(body ?? [], method: method)
        }
    }

    private func setBody(_ body: [UInt8], method: Method) -> CURLcode {
        var code = set([(CURLOPT_POST, 1)])
        guard code == CURLE_OK else { return code }
        if method != .post { code = set([(CURLOPT_CUSTOMREQUEST, method.rawValue)]) }
        guard code == CURLE_OK else { return code }
        // The size first: it tells the next call how much to copy.
        code = ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        guard code == CURLE_OK else { return code }
        // An empty array may have no address, which libcurl would take for "no body at all".
        guard !body.isEmpty else { return ccurl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "") }
        return body.withUnsafeBytes {
            ccurl_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
        }
    }

    private func setHeaders() -> CURLcode {
        ccurl_list_free(headerLines)
        headerLines = nil
        // Nothing that libcurl would add by itself: a body of more than a megabyte would wait a
        // second for a "100 Continue", and each post would be called a form.
        if journey.request.body != nil || journey.request.method == .post {
            var lines = ["Expect:"]
            if !journey.headers.contains(where: { $0.isNamed("Content-Type") }) {
                lines.append("Content-Type:")
            }
            for line in lines where !append(line) { return CURLE_OUT_OF_MEMORY }
        }
        // As libcurl's own option this would be formatted twice, a byte at a time.
        let agent = journey.request.userAgent
        if !(agent.isEmpty ? append("User-Agent:") : append(Header("User-Agent", agent))) { return CURLE_OUT_OF_MEMORY }
        for header in journey.headers where !append(header) { return CURLE_OUT_OF_MEMORY }
        return ccurl_set_list(handle, CURLOPT_HTTPHEADER, headerLines)
    }

    private func append(_ header: Header) -> Bool {
        // libcurl's way to send a header without a value, rather than none at all.
        if header.value.isEmpty { return append(header.name + ";") }
        Self.write(header, to: &line)
        return line.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { append($0) } ?? false }
        }
    }

    private static func write(_ header: Header, to line: inout [UInt8]) {
        line.removeAll(keepingCapacity: true)
        line.append(contentsOf: header.name.utf8)
        line.append(contentsOf: ": ".utf8)
        if header.isLatin1 {
            line.append(contentsOf: header.value.unicodeScalars.lazy.map { UInt8(truncatingIfNeeded: $0.value) })
        } else {
            line.append(contentsOf: header.value.utf8)
        }
        line.append(0)
    }

    private func append(_ line: String) -> Bool { line.withCString { append($0) } }

    /// libcurl copies the line.
    private func append(_ line: UnsafePointer<CChar>) -> Bool {
        guard let longer = ccurl_list_append(headerLines, line) else { return false }
        headerLines = longer
        return true
    }

    private func setLimits() -> CURLcode {
        let limits = journey.request.limits
        let left = Int64(limits.totalMilliseconds) - journey.spentMilliseconds
        let code = ccurl_set_offset(
            handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(limits.bodyBytesMax))
        guard code == CURLE_OK else { return code }
        return set([
            (CURLOPT_CONNECTTIMEOUT_MS, Self.clamped(limits.connectMilliseconds)),
            (CURLOPT_TIMEOUT_MS, Self.clamped(Int(left))),
            (CURLOPT_LOW_SPEED_LIMIT, min(max(0, limits.lowSpeedBytesPerSecond), 1 << 30)),
            (CURLOPT_LOW_SPEED_TIME, min(max(0, limits.lowSpeedSeconds), 86_400)),
        ])
    }

    /// What is sent along with any request, and taken of any answer.
    private func setBounds() -> CURLcode {
        let code = set([
            // All that this build can decode.
            (CURLOPT_ACCEPT_ENCODING, ""),
            (CURLOPT_REFERER, nil),
            // Unset, the cookie engine is off.
            (CURLOPT_COOKIE, nil),
        ])
        guard code == CURLE_OK else { return code }
        return set([
            (CURLOPT_HTTP09_ALLOWED, 0),
            (CURLOPT_HTTP_CONTENT_DECODING, 1),
            (CURLOPT_HTTP_TRANSFER_DECODING, 1),
            (CURLOPT_TRANSFER_ENCODING, 0),
            (CURLOPT_IGNORE_CONTENT_LENGTH, 0),
            (CURLOPT_FAILONERROR, 0),
            (CURLOPT_BUFFERSIZE, 16 << 10),
        ])
    }

    /// libcurl takes 0 for "no limit", and no more than fits into an `int`.
    private static func clamped(_ milliseconds: Int) -> Int {
        min(max(1, milliseconds), Int(Int32.max))
    }

    private func setConnection() -> CURLcode {
        let isAlone = journey.request.isUnrepeatable
        return set([
            (CURLOPT_FRESH_CONNECT, isAlone || journey.isSecondTry ? 1 : 0),
            (CURLOPT_FORBID_REUSE, isAlone ? 1 : 0),
            (CURLOPT_HTTP_VERSION, isAlone ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS),
            (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            (CURLOPT_SSL_ENABLE_ALPN, 1),
            (CURLOPT_SSL_SESSIONID_CACHE, 1),
            (CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_WHATEVER)),
            (CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, 200),
            (CURLOPT_DNS_CACHE_TIMEOUT, 60),
            (CURLOPT_TCP_NODELAY, 1),
            (CURLOPT_TCP_KEEPALIVE, 0),
            // Signals are the program's: its `main` ignores SIGPIPE, which libcurl then leaves be.
            (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
            (CURLOPT_NOPROGRESS, 1),
            (CURLOPT_VERBOSE, 0),
        ])
    }

    private func setCallbacks() -> CURLcode {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let pointers = [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA,
            CURLOPT_PRIVATE,
        ]
        for option in pointers {
            let code = ccurl_set_pointer(handle, option, context)
            if code != CURLE_OK { return code }
        }
        let codes = [
            ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
            ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receiveBodyBytes),
            ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION, receiveHeadLine),
            ccurl_set_open_socket(handle, openSocket),
            ccurl_set_before_request(handle, beforeRequest),
        ]
        for code in codes where code != CURLE_OK { return code }
        return CURLE_OK
    }
}

extension Request {
    /// A question as feeds are asked it, over a connection that others may use as well.
    fileprivate var isPlain: Bool { method == .get && body == nil && !isUnrepeatable }
}

/// Takes all, or says that it took nothing, which ends the transfer.
private let receiveBodyBytes: curl_write_callback = { bytes, size, count, context in
    guard let transfer = Transfer.of(context) else { return 0 }
    let length = size * count
    return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
}

private let receiveHeadLine: curl_write_callback = { bytes, size, count, context in
    guard let transfer = Transfer.of(context) else { return 0 }
    let length = size * count
    let isTaken = UnsafeRawBufferPointer(start: bytes, count: length)
        .withMemoryRebound(to: UInt8.self) { transfer.receiveHead($0) }
    return isTaken ? length : 0
}

private let openSocket: curl_opensocket_callback = { context, _, address in
    guard let transfer = Transfer.of(context), let address else { return curl_socket_t(-1) }
    var bytes = [UInt8](repeating: 0, count: 16)
    let length = ccurl_socket_address(address, &bytes)
    let isKnown = length == 4 || length == 16
    let target = isKnown ? NetworkAddress(bytes: bytes.prefix(Int(length))) : nil
    guard transfer.mayConnect(to: target) else { return curl_socket_t(-1) }
    return socket(
        address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
        address.pointee.protocol)
}

private let beforeRequest: curl_prereq_callback = { context, remote, _, _, _ in
    guard let transfer = Transfer.of(context), let remote else { return CURL_PREREQFUNC_ABORT }
    return transfer.mayAsk(NetworkAddress(remote)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
