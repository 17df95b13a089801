import CCurl
import Formats
import Glibc

/// Performs batches of requests with libcurl, on this one thread, in one loop.
///
/// Owns the multi handle with its connections, which live as long as the client, and a handle for
/// each transfer that ran at once. Whoever makes a client must ignore SIGPIPE first, as the
/// program's `main` does: libcurl with NOSIGNAL does not, and OpenSSL writes to closed connections.
public final class Client: Transport {
    /// Made when something is first asked: most commands ask nobody, and waking OpenSSL takes 0.6 ms.
    private lazy var multi = open()
    private var isOpen = false
    private let surroundings: Surroundings
    private var idle: [Transfer] = []
    private var running: [Transfer] = []
    private var isPerforming = false

    /// - Parameters:
    ///   - proxies: The environment is not looked at: they come in as a value, like the time. Which
    ///     addresses are private is then the proxy's to judge, but for those that an address spells out.
    ///   - authorities: A file of certificates in PEM to trust in place of the system's.
    public convenience init(proxies: Proxies = Proxies(), authorities: String? = nil) {
        self.init(proxies: proxies, authorities: authorities, pins: [])
    }

    /// Pins, `NAME:PORT:ADDRESS`, stand in for the name service: tests have no other.
    init(
        proxies: Proxies = Proxies(), authorities: String? = nil, gate: Gate = Gate(), pins: [String]
    ) {
        var list: UnsafeMutablePointer<curl_slist>?
        for pin in pins { list = ccurl_list_append(list, pin) }
        surroundings = Surroundings(
            proxies: proxies, authorities: authorities, pins: list, gate: gate)
    }

    private func open() -> UnsafeMutableRawPointer {
        let code = ccurl_global_init(Int(CURL_GLOBAL_ALL))
        precondition(code == CURLE_OK, "libcurl cannot be initialised")
        guard let multi = ccurl_multi_init() else { preconditionFailure("no memory for libcurl") }
        isOpen = true
        return multi
    }

    deinit {
        // Handles go first; they know their connections' owner.
        idle = []
        ccurl_list_free(surroundings.pins)
        guard isOpen else { return }
        ccurl_multi_cleanup(multi)
        ccurl_global_cleanup()
    }

    public func perform(
        _ requests: [Request], pace: Pace, progress: ((Progress) -> Void)?
    ) -> [Result<Response, TransferError>] {
        perform(requests, pace: pace, progress: progress) { _, _ in }
    }

    public func perform(
        _ requests: [Request], pace: Pace, progress: ((Progress) -> Void)?, arrived: (Int, inout Response) -> Void
    ) -> [Result<Response, TransferError>] {
        precondition(!isPerforming, "a client performs one batch at a time")
        isPerforming = true
        defer { isPerforming = false }
        prepareConnections(pace)
        let start = Self.milliseconds
        var batch = Batch(requests, pace: pace, gate: surroundings.gate, now: start)
        let end = start + Int64(min(max(0, pace.runMilliseconds), 1 << 40))
        var reported: Int64 = 0
        while true {
            let now = Self.milliseconds
            guard now < end else {
                giveUp(&batch)
                break
            }
            startTransfers(&batch, now: now)
            if running.isEmpty, batch.isDone { break }
            guard drive(&batch, arrived) else { continue }
            if let progress, now - reported >= 100 {
                reported = now
                progress(report(batch, now: now))
            }
            wait(batch, until: end, isWatched: progress != nil)
        }
        progress?(report(batch, now: Self.milliseconds))
        return batch.results
    }

    private static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The queues are ours: one of libcurl's would count waiting as part of a transfer's time.
    /// These limits only hold what the queues promise.
    private func prepareConnections(_ pace: Pace) {
        // More connections than descriptors help nobody.
        let total = min(max(1, pace.total), 1_000)
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, total)
        _ = ccurl_multi_set_long(
            multi, CURLMOPT_MAX_HOST_CONNECTIONS,
            min(max(1, pace.perHost, pace.loopbackPerHost), total))
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, total)
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)
    }

    private func startTransfers(_ batch: inout Batch, now: Int64) {
        while let journey = batch.next(now: now) {
            guard let transfer = idle.popLast() ?? Transfer(journey, surroundings) else {
                batch.settle(journey, .failure(broken(journey, "no memory for a transfer")))
                continue
            }
            begin(transfer, journey, &batch, now: now)
        }
    }

    private func begin(
        _ transfer: Transfer, _ journey: Journey, _ batch: inout Batch, now: Int64
    ) {
        let code = transfer.prepare(journey, now: now)
        guard code == CURLE_OK else {
            batch.settle(
                journey, .failure(broken(journey, String(cString: ccurl_easy_strerror(code)))))
            return
        }
        let added = ccurl_multi_add(multi, transfer.handle)
        guard added == CURLM_OK else {
            batch.settle(
                journey, .failure(broken(journey, String(cString: ccurl_multi_strerror(added)))))
            return
        }
        running.append(transfer)
    }

    /// Lets libcurl work, and settles what is done. False when there may be more to start.
    private func drive(_ batch: inout Batch, _ arrived: (Int, inout Response) -> Void) -> Bool {
        var count: Int32 = 0
        let code = ccurl_multi_perform(multi, &count)
        guard code == CURLM_OK else {
            let text = String(cString: ccurl_multi_strerror(code))
            for transfer in running {
                release(transfer)
                batch.settle(transfer.journey, .failure(broken(transfer.journey, text)))
            }
            running = []
            return false
        }
        var isIdle = true
        var left: Int32 = 0
        while let message = ccurl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle
            else { continue }
            isIdle = false
            // The message is gone with the handle's removal.
            let result = message.pointee.data.result
            var context: UnsafeMutableRawPointer?
            _ = ccurl_get_pointer(handle, CURLINFO_PRIVATE, &context)
            guard let transfer = Transfer.of(context) else { continue }
            release(transfer)
            running.removeAll { $0 === transfer }
            finish(transfer, result, &batch, arrived)
        }
        return isIdle
    }

    private func release(_ transfer: Transfer) {
        _ = ccurl_multi_remove(multi, transfer.handle)
    }

    /// An answer is the last one, or leads on.
    private func finish(
        _ transfer: Transfer, _ code: CURLcode, _ batch: inout Batch, _ arrived: (Int, inout Response) -> Void
    ) {
        let journey = transfer.journey
        let now = Self.milliseconds
        let elapsed = now - transfer.startedMilliseconds
        if let error = transfer.failure(code, elapsedMilliseconds: elapsed) {
            // A kept connection that was closed by then says nothing of the server.
            guard error.kind == .closed, transfer.isWorthRepeating, journey.tryAgain() else {
                return batch.settle(journey, .failure(error))
            }
            journey.spentMilliseconds += elapsed
            return batch.goOn(journey)
        }
        // One that has failed is not used again: behind a name that could not be resolved, libcurl 7.88 refuses to set
        // its options anew, and whoever came next failed with it.
        idle.append(transfer)
        journey.spentMilliseconds += elapsed
        let status = transfer.status
        do {
            let redirect = transfer.redirect
            if try journey.follow(status: status, to: redirect, transfer.head.headers, gate: surroundings.gate) {
                batch.goOn(journey)
                return
            }
        } catch {
            batch.settle(journey, .failure(error))
            return
        }
        var response = Response(
            status: status, headers: transfer.head.headers, body: transfer.takeBody(),
            address: journey.destination.text, hops: journey.hops,
            remoteAddress: transfer.remoteAddress, milliseconds: Int(journey.spentMilliseconds),
            millisecondsIntoBatch: Int(now - batch.start))
        arrived(journey.index, &response)
        batch.settle(journey, journey.judge(response))
    }

    private func giveUp(_ batch: inout Batch) {
        for transfer in running {
            release(transfer)
            batch.settle(transfer.journey, .failure(Batch.lateness(transfer.journey)))
        }
        running = []
        batch.giveUp()
    }

    private func wait(_ batch: Batch, until end: Int64, isWatched: Bool) {
        let now = Self.milliseconds
        var wait = min(1_000, end - now)
        if let pause = batch.queues.millisecondsToNextStart(now: now) { wait = min(wait, pause) }
        if isWatched { wait = min(wait, 250) }
        guard wait > 0 else { return }
        _ = ccurl_multi_poll(multi, Int32(wait))
    }

    private func report(_ batch: Batch, now: Int64) -> Progress {
        // Started in this order, so the longest running come first.
        let slow = running.sorted { $0.startedMilliseconds < $1.startedMilliseconds }
        return Progress(
            finished: batch.finished, total: batch.results.count,
            running: slow.map {
                Progress.Running(
                    index: $0.journey.index, milliseconds: Int(now - $0.startedMilliseconds))
            })
    }

    private func broken(_ journey: Journey, _ detail: String) -> TransferError {
        journey.failure(
            .protocolError, "\(journey.destination.spoken) could not be asked", detail)
    }
}
