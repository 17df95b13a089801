import Files
import Formats
import HTTP

/// Asks the feeds that are due, all in one batch.
struct Fetch {
    let settings: FetchSettings
    let program: String
    let now: Instant
    /// Before the first request: for one batch that follows another.
    var openingMilliseconds = 0
    /// Houses that have asked to be left alone (`Polls.closed`).
    var closed: [String] = []
    /// Where documents wait when there are too many for the memory; `nil`: they are held all the same.
    var cellar: Cellar?

    /// What became of a document as it came: its place in the cellar, or none.
    private struct Arrival {
        var digest: String
        var place: Cellar.Place?
    }

    /// What one request asks for: feeds that share an address share the answer, too.
    private struct Question {
        var places: [Int]
        var request: Request

        /// The validators of a poll, for the address that gave them.
        mutating func add(_ asked: Asked) {
            let poll = asked.poll
            var headers: [Header] = []
            if !poll.etag.isEmpty { headers.append(.verbatim("If-None-Match", poll.etag)) }
            if !poll.lastModified.isEmpty { headers.append(.verbatim("If-Modified-Since", poll.lastModified)) }
            if poll.gaveValidators(request.address, of: asked.feed) {
                request.headers += headers
            } else {
                let giver = poll.validatorsOf.isEmpty ? poll.address : poll.validatorsOf
                request.foreignValidators = ForeignValidators(addressDigest: giver, headers: headers)
            }
        }

        /// Whether the address that answered was asked for what has changed alone.
        func wasConditional(_ response: Response) -> Bool {
            if !response.hops.isEmpty { return request.isConditional(at: response.address) }
            return request.headers.contains(where: \.isCondition)
        }
    }

    /// Answers in the order of `asked`. Files are read, everything else is asked over the network, those
    /// first that have waited longest: when the run's time is up, the next one begins with the others.
    ///
    /// - Parameter progress: its places are those of `asked`.
    func perform(
        _ asked: [Asked], _ world: World,
        progress: ((Progress) -> Void)?
    ) -> [Answer] {
        var answers = [Answer?](repeating: nil, count: asked.count)
        var remote: [Int] = []
        for (place, asked) in asked.enumerated() {
            if asked.isSpared {
                answers[place] = .failure(.deadly(asked.feed))
            } else if asked.feed.address.scheme == "file" {
                answers[place] = read(asked, world.disk)
            } else {
                remote.append(place)
            }
        }
        let questions = questions(asked, remote)
        if !questions.isEmpty {
            let pace = Pace(
                perHost: settings.perHost, hostPauseMilliseconds: settings.hostPauseMilliseconds,
                openingMilliseconds: openingMilliseconds, closed: closed)
            var arrivals = [Arrival?](repeating: nil, count: questions.count)
            let results = world.network.perform(
                questions.map(\.request), pace: pace,
                progress: progress.map { progress in
                    { progress(Fetch.told($0, questions)) }
                },
                arrived: { index, response in
                    arrivals[index] = receive(&response, questions[index].places.lazy.map { asked[$0].poll })
                })
            for (index, result) in results.enumerated() {
                for place in questions[index].places {
                    answers[place] = answer(result, arrivals[index], to: questions[index], asked[place])
                }
            }
        }
        return answers.map { answer in
            guard let answer else { preconditionFailure("a feed was asked and not answered") }
            return answer
        }
    }

    /// A document is let go when everybody knows it, and goes to the cellar when there are too many.
    private func receive(_ response: inout Response, _ polls: some Sequence<Poll>) -> Arrival? {
        guard response.status == 200 || response.status == 203 else { return nil }
        var arrival = Arrival(digest: hex(SHA256.digest(response.body)))
        if polls.allSatisfy({ $0.isKnown(arrival.digest) }) {
            response.body = []
        } else if let place = cellar?.put(response.body) {
            arrival.place = place
            response.body = []
        }
        return arrival
    }

    private static func told(_ progress: Progress, _ questions: [Question]) -> Progress {
        var told = progress
        told.running = progress.running.map { running in
            Progress.Running(
                index: questions[running.index].places[0], milliseconds: running.milliseconds)
        }
        return told
    }

    // MARK: asking

    static let accept =
        "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
        + "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"

    private var userAgent: String { settings.userAgent(program) }

    private func questions(_ asked: [Asked], _ remote: [Int]) -> [Question] {
        let byPatience = remote.sorted { left, right in
            let one = asked[left].poll.attempted?.seconds ?? .min
            let two = asked[right].poll.attempted?.seconds ?? .min
            return one == two ? left < right : one < two
        }
        let ownAgent = userAgent
        var questions: [Question] = []
        var known: [String: Int] = [:]
        questions.reserveCapacity(byPatience.count)
        known.reserveCapacity(byPatience.count)
        for place in byPatience {
            let feed = asked[place].feed
            let address = feed.requestAddress(asked[place].poll)
            let mark = address.text.utf8.firstIndex(of: UInt8(ascii: "#"))
            // What stands behind a "#" is not sent.
            var name = mark.map { String(address.text[..<$0]) } ?? address.text
            if let other = feed.userAgent, other != ownAgent { name += "\n" + other }
            if let same = known[name] {
                questions[same].places.append(place)
                continue
            }
            known[name] = questions.count
            let trusts = address.host == feed.address.host && address.isOfOwnNetwork
            let question = Question(
                places: [place],
                request: Request(
                    address: address.text, headers: [Header("Accept", Fetch.accept)],
                    userAgent: feed.userAgent ?? ownAgent, trustsPrivateAddresses: trusts))
            questions.append(question)
        }
        for index in questions.indices {
            func succeeded(_ place: Int) -> Int64 { asked[place].poll.succeeded?.seconds ?? 0 }
            let places = questions[index].places
            guard places.allSatisfy({ isConditional(asked[$0]) }),
                // Of feeds at one address the one that knows the least: the others have seen what it
                // has not.
                let place = places.min(by: { succeeded($0) < succeeded($1) })
            else { continue }
            questions[index].add(asked[place])
        }
        return questions
    }

    /// Validators belong to bytes that this very reader has read. Who has twice failed to bear them is asked without.
    private func isConditional(_ asked: Asked) -> Bool {
        asked.poll.hasValidators && asked.poll.reader == Poll.currentReader && !asked.poll.isUnborne
            && !Schedule.isUnconditionalDue(asked.poll, now: now)
    }

    // MARK: answers

    private func read(_ asked: Asked, _ disk: any Disk) -> Answer {
        let feed = asked.feed
        do {
            guard let bytes = try disk.contents(of: PercentEncoding.decoded(feed.address.path)) else {
                return .failure(Failure(feed, .fetch, "the file that its url names is not there"))
            }
            let circumstances = Answer.Circumstances(address: feed.address.text)
            let digest = hex(SHA256.digest(bytes))
            return document(Answer.Document(bytes: bytes, digest: digest, circumstances: circumstances), asked)
        } catch {
            return .failure(
                Failure(feed, .fetch, "the file that its url names cannot be read: \(error.reason)"))
        }
    }

    private func answer(
        _ result: Result<Response, TransferError>, _ arrival: Arrival?, to question: Question, _ asked: Asked
    ) -> Answer {
        switch result {
        case .failure(let error):
            // A redirect may lead to a host that is named like what it was asked by.
            var failure = Failure(asked.feed, .fetch, asked.feed.withoutSecretsOfHosts(error.message))
            if error.kind == .refusedAddress, let host = asked.feed.address.host, error.message.hasPrefix(host) {
                failure.reason += "; a feed of your own network needs a url with its address in numbers, or a name like nas.local"
            }
            failure.wasNotAsked = error.kind == .hostStopped || error.kind == .deadline
            failure.redirects = error.redirects
            // Who was led astray by an answer has a network.
            failure.isUnreachable = error.redirects == 0 && [.resolve, .connect, .connectTimeout].contains(error.kind)
            failure.hasNotLeft =
                error.redirects == 0
                && [.badAddress, .badHeader, .refusedScheme, .refusedAddress].contains(error.kind)
            if error.kind == .hostStopped, error.redirects > 0 { failure.closedHouse = error.house }
            failure.spoilsValidators = error.kind == .unaskedNotModified
            return .failure(failure)
        case .success(let response):
            let wasConditional = question.wasConditional(response)
            if let failure = refusal(response, asked, wasConditional: wasConditional) { return .failure(failure) }
            var circumstances = Answer.Circumstances(
                status: response.status, address: response.address, way: response.hops.map(\.from),
                movedTo: response.movedTo,
                hops: response.hops.count, wasUnconditional: !wasConditional,
                delaySeconds: response.secondsIntoBatch,
                milliseconds: response.milliseconds)
            circumstances.retryAfter = response.longestRetryAfterSeconds(now: now).map { Int($0) }
            return answer(response, arrival, circumstances, asked)
        }
    }

    private func answer(
        _ response: Response, _ arrival: Arrival?, _ circumstances: Answer.Circumstances, _ asked: Asked
    ) -> Answer {
        let advice = CacheAdvice(response, now: now)
        let maxAge = advice.freshSeconds.map { Int($0) }
        if response.status == 304 {
            return .unchanged(
                Answer.Unchanged(
                    etag: response.header("ETag").flatMap { $0.isEmpty ? nil : $0 },
                    lastModified: response.header("Last-Modified").flatMap { $0.isEmpty || Fetch.isConstant($0) ? nil : $0 },
                    maxAge: maxAge, isNotModified: true, circumstances: circumstances))
        }
        var document = Answer.Document(
            bytes: response.body, place: arrival?.place, contentType: response.header("Content-Type"),
            digest: arrival?.digest ?? "", maxAge: maxAge,
            etag: response.header("ETag") ?? "",
            lastModified: response.header("Last-Modified") ?? "", circumstances: circumstances)
        if response.address != asked.feed.address.text, !response.hops.isEmpty || asked.isElsewhere {
            document.validatorsOf = SHA256.hexDigest(of: response.address)
        }
        if Fetch.isConstant(document.lastModified) {
            document.refusedValidators = "its Last-Modified is a constant of the year 2038"
            document.lastModified = ""
        }
        // Who gave none has none that could be refused.
        if document.etag.isEmpty, document.lastModified.isEmpty { return self.document(document, asked) }
        if advice.expiresAtOnce {
            document.refusedValidators = "it says \"Expires: 0\", so what it answers is never the same"
            document.etag = ""
            document.lastModified = ""
        }
        return self.document(document, asked)
    }

    /// A constant in the far future is seen in the wild and validates nothing (NetNewsWire).
    private static func isConstant(_ lastModified: String) -> Bool {
        let word = " 2038 "
        let text = lastModified.utf8.span
        let year = word.utf8.span
        guard text.count >= year.count else { return false }
        return (0...text.count - year.count).contains { start in
            year.indices.allSatisfy { text[start + $0] == year[$0] }
        }
    }

    private func document(_ document: Answer.Document, _ asked: Asked) -> Answer {
        guard asked.poll.isKnown(document.digest) else { return .document(document) }
        return .unchanged(
            Answer.Unchanged(
                etag: document.etag, lastModified: document.lastModified, validatorsOf: document.validatorsOf,
                maxAge: document.maxAge ?? 0, isNotModified: false,
                circumstances: document.circumstances))
    }

    private func refusal(
        _ response: Response, _ asked: Asked, wasConditional: Bool
    ) -> Failure? {
        guard let words = Refusal.words(response, wasConditional: wasConditional) else { return nil }
        let feed = asked.feed
        var failure = Failure(feed, .fetch, words)
        failure.status = response.status
        failure.redirects = response.hops.count
        (failure.address, failure.way) = (response.address, response.hops.map(\.from))
        // Whoever said it: a redirect may have led elsewhere.
        if let host = WebAddress(response.address)?.host { failure.host = feed.withoutSecretsOfHosts(host) }
        // A hop that is there for now speaks for now, and so does what it leads to. A stranger has to say so for a day, as
        // with a feed that has moved (`Poll.Sight`): captive portals answer with a 301, too.
        if response.status == 410, response.hops.allSatisfy(\.isPermanent) {
            let house = feed.requestAddress(asked.poll).house
            failure.isGone = response.hops.allSatisfy { WebAddress($0.to)?.house == house }
            failure.isGoneElsewhere = !failure.isGone
        }
        failure.wasConditional = wasConditional
        failure.isWall = Refusal.isChallenge(response)
        failure.spoilsValidators = response.status == 304
        failure.retryAfter = response.longestRetryAfterSeconds(now: now).map { Int($0) + response.secondsIntoBatch }
        if response.status == 429 || response.status == 503 && response.retryAfterSeconds(now: now) != nil {
            failure.stoppedHost = WebAddress(response.address)?.house ?? feed.address.house
        }
        return failure
    }
}

extension Response {
    /// What a server says in seconds begins when it says so, and not when the run began. Rounded up, an answer that came at
    /// once would cost the feed a run.
    fileprivate var secondsIntoBatch: Int { millisecondsIntoBatch / 1000 }

    /// Where every hop said that the feed has moved for good.
    fileprivate var movedTo: String? {
        guard !hops.isEmpty, hops.allSatisfy(\.isPermanent) else { return nil }
        return hops.last?.to
    }
}

extension Asked {
    var isOfOwnNetwork: Bool { feed.requestAddress(poll).isOfOwnNetwork }
}

extension FetchSettings {
    /// `Colophon/1.0 (+https://example.org/about/)`: name, version, and whom to write to.
    func userAgent(_ version: String) -> String {
        "Colophon/" + version + (contact.isEmpty ? "" : " (+" + contact + ")")
    }
}
