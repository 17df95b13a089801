import CCurl
import Glibc

/// What a finished transfer amounts to.
extension Transfer {
    var status: Int {
        var status = 0
        _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// Where a redirect points, absolute.
    var redirect: String? { string(CURLINFO_REDIRECT_URL) }

    var remoteAddress: String { string(CURLINFO_PRIMARY_IP) ?? "" }

    /// Of the body so far, as they came over the wire.
    var receivedBytes: Int {
        var bytes: curl_off_t = 0
        _ = ccurl_get_offset(handle, CURLINFO_SIZE_DOWNLOAD_T, &bytes)
        return Int(bytes)
    }

    /// Somebody was there to say so.
    private var wasRefused: Bool {
        var number = 0
        return ccurl_get_long(handle, CURLINFO_OS_ERRNO, &number) == CURLE_OK && number == Int(ECONNREFUSED)
    }

    private func string(_ info: CURLINFO) -> String? {
        var text: UnsafePointer<CChar>?
        guard ccurl_get_string(handle, info, &text) == CURLE_OK, let text else { return nil }
        return String(cString: text)
    }

    /// Whether it went over a connection that had been kept, or libcurl wanted to send it again.
    var isWorthRepeating: Bool {
        var opened = 0
        return stop == .hungUp || ccurl_get_long(handle, CURLINFO_NUM_CONNECTS, &opened) == CURLE_OK && opened == 0
    }

    /// `nil` for CURLE_OK.
    func failure(_ code: CURLcode, elapsedMilliseconds: Int64) -> TransferError? {
        guard code != CURLE_OK else { return nil }
        if let stop { return failure(stop) }
        if hasRefusedAddress, code == CURLE_COULDNT_CONNECT { return journey.refusal }
        if code == CURLE_OPERATION_TIMEDOUT { return timeout(elapsedMilliseconds) }
        let place = journey.destination.spoken
        let (kind, words): (TransferError.Kind, String) =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST:
                (.resolve, "\(journey.destination.host) could not be found")
            case CURLE_COULDNT_RESOLVE_PROXY:
                (.resolve, "the proxy could not be found")
            case CURLE_COULDNT_CONNECT where !proxy.isEmpty, CURLE_PROXY:
                (.connect, "the proxy on the way to \(place) cannot be connected to, or does not lead there")
            case CURLE_COULDNT_CONNECT where wasRefused:
                (.refused, "\(place) refuses to be connected to")
            case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
                (.connect, "\(place) cannot be connected to")
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
                (.tls, "\(place) has a certificate that is not to be trusted")
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED,
                CURLE_SSL_CLIENTCERT, CURLE_SSL_CRL_BADFILE:
                (.tls, "\(place) could not agree on a secure connection")
            case CURLE_FILESIZE_EXCEEDED:
                (.tooLarge, tooLarge)
            // One line of more than 100 kB: "out of memory" to libcurl 7.88, 100 to a later one.
            case CURLE_OUT_OF_MEMORY where body.isEmpty, CURLcode(rawValue: 100):
                (.tooLarge, "\(place) answers with endless headers")
            case CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM, CURLE_HTTP2, CURLE_RECV_ERROR:
                status == 0
                    ? (.closed, "\(place) hung up without an answer")
                    : (.truncated, "\(place) hung up in the middle of its answer")
            case CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
                (.closed, "\(place) hung up without an answer")
            // Of broken brotli libcurl 7.88 says that it could not be written; what stopped it here was told above.
            case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
                (.protocolError, "\(place) sent a body that cannot be decompressed")
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
                (.protocolError, "\(place) does not answer in HTTP")
            default:
                (.protocolError, "\(place) could not be asked")
            }
        return journey.failureThere(kind, words, detail(code))
    }

    private func failure(_ stop: Stop) -> TransferError {
        switch stop {
        case .bodyTooLarge:
            journey.failure(.tooLarge, tooLarge)
        case .bomb:
            journey.failure(
                .tooLarge,
                "\(journey.destination.spoken) answers with a bomb: a body that is more than a hundred "
                    + "times as long as what was sent")
        case .headTooLarge:
            journey.failure(
                .tooLarge, "\(journey.destination.spoken) answers with endless headers")
        case .refusedAddress:
            journey.refusal
        case .hungUp:
            journey.failureThere(.closed, "\(journey.destination.spoken) hung up without an answer", "")
        }
    }

    private var tooLarge: String {
        "\(journey.destination.spoken) answers with more than "
            + "\(journey.request.limits.bodyBytesMax) bytes"
    }

    /// libcurl has one code for three clocks; which ran out is told by what was reached.
    private func timeout(_ elapsed: Int64) -> TransferError {
        let limits = journey.request.limits
        let place = journey.destination.spoken
        let text = detail(CURLE_OPERATION_TIMEDOUT)
        // libcurl's clock and ours may differ by the rounding of a millisecond or two.
        if elapsed + journey.spentMilliseconds + 20 >= limits.totalMilliseconds {
            return journey.failureThere(
                .timeout, "\(place) did not finish within \(limits.totalMilliseconds) ms", text)
        }
        var connected: curl_off_t = 0
        _ = ccurl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &connected)
        if connected == 0 {
            return journey.failureThere(
                .connectTimeout,
                "\(place) could not be connected to within \(limits.connectMilliseconds) ms", text)
        }
        return journey.failureThere(
            .stalled,
            "\(place) sent less than \(limits.lowSpeedBytesPerSecond) bytes a second "
                + "for \(limits.lowSpeedSeconds) s", text)
    }

    /// libcurl's text, unless it repeats more of the address than its host.
    private func detail(_ code: CURLcode) -> String {
        let text = String(cString: errorText)
        let plain = String(cString: ccurl_easy_strerror(code))
        guard !text.isEmpty else { return plain }
        let address = journey.destination.text
        let start = address.utf8.firstIndex(of: UInt8(ascii: "/"))
        guard let start else { return text }
        // Past "//", to the first slash after the host.
        let afterSlashes = address.utf8.index(start, offsetBy: 2)
        guard let path = address.utf8[afterSlashes...].firstIndex(of: UInt8(ascii: "/")) else {
            return text
        }
        for part in address[path...].split(whereSeparator: { "/?&=".contains($0) })
        where part.utf8.count > 3 && text.contains(part) {
            return plain
        }
        return text
    }
}
