import Feeds
import Formats
import HTTP
import Services

/// What is wrong with an answer, in words that a person understands.
enum Refusal {
    /// `nil` for a status that can be used.
    static func words(_ response: Response, wasConditional: Bool) -> String? {
        switch response.status {
        case 200, 203: return nil
        case 101: return "answered in another protocol (101)"
        case 202: return "has nothing to give yet (202)"
        case 204, 205: return "answered without a document (\(response.status))"
        case 206: return "answered with a part alone, which nobody asked for (206)"
        case 226: return "answered with what is new alone, which nobody asked for (226)"
        case 300: return "offers a choice and no feed (300)"
        case 304:
            return wasConditional
                ? nil : "answered \"not modified\" (304) to a question without a condition"
        case 301..<400: return "redirects to nowhere (\(response.status))"
        case _ where isChallenge(response):
            return "keeps programs out with a challenge (\(response.status)): "
                + "only a browser gets past it"
        case 402: return "wants to be paid (402)"
        case 401, 407: return "wants a login (\(response.status))"
        case 403: return "refuses us (403)"
        case 503: return "is not available for now (503)"
        case 404: return "not found (404)"
        case 408: return "waited for us too long (408)"
        case 410: return "gone for good (410)"
        case 425: return "wants to be asked later (425)"
        case 429: return "asks us to wait (429)"
        case 451: return "withheld for legal reasons (451)"
        case 511: return "the network wants a login before it lets anybody through (511)"
        case 500...599: return "the server fails (\(response.status))"
        case 400..<500: return "does not understand the request, or refuses it (\(response.status))"
        default: return "answered with a status that nobody knows (\(response.status))"
        }
    }

    static func isChallenge(_ response: Response) -> Bool {
        guard [401, 403, 429, 503].contains(response.status) else { return false }
        if response.header("cf-mitigated")?.lowercased() == "challenge" { return true }
        return holds(challengeMarks, lowercased(response.body))
    }

    /// A page for people where a feed was expected: which kind of page.
    static func words(
        _ found: FeedError, _ document: Answer.Document, _ feed: FollowedFeed
    ) -> (words: String, isWall: Bool) {
        let error = found.without { feed.withoutSecrets(plain($0), document.circumstances) }
        guard case .page(let title) = error else { return (error.description, false) }
        let text = lowercased(document.bytes)
        let named = title.map { " (\"\($0)\")" } ?? ""
        let low = title?.lowercased() ?? ""
        if holds(challengeMarks, text) || holds(wallTitles, low) {
            return ("a wall against programs answers instead of the feed" + named, true)
        }
        let final = WebAddress(document.address)
        if holds(["type=\"password\"", "type=password", "type='password'"], text)
            || holds(loginTitles, low) || holds(loginPaths, final?.path.lowercased() ?? "")
        {
            return ("a login page answers instead of the feed" + named, false)
        }
        if let host = final?.house, host != feed.address.house {
            return ("leads to a page of \(host) instead of a feed" + named, false)
        }
        return (error.description, false)
    }

    /// What the pages of the usual walls hold, in lower case. `/cdn-cgi/challenge-platform/` alone is none: Cloudflare puts
    /// a script from there into every page of a site.
    private static let challengeMarks = [
        "/orchestrate/chl_page/", "/orchestrate/managed/", "/orchestrate/jsch/", "/orchestrate/captcha/", "cf-chl-",
        "_cf_chl_opt", "captcha-delivery.com", "_incapsula_resource", "anubis_challenge", "<title>just a moment...</title>",
        "<title>attention required! | cloudflare</title>",
    ]
    private static let wallTitles = [
        "just a moment", "attention required", "are you a robot", "robot check", "captcha",
        "ddos protection", "checking your browser", "making sure you're not a bot", "access denied",
        "verify you are human", "security check",
    ]
    private static let loginTitles = ["log in", "login", "log-in", "sign in", "signin", "sign-in"]
    private static let loginPaths = [
        "/login", "/log-in", "/log_in", "/signin", "/sign-in", "/sign_in", "/auth/",
    ]

    /// Without what would turn the words around it about, or move a cursor: it goes to a terminal, a mail and the log.
    private static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: plain.append(" ")
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }

    private static func holds(_ marks: [String], _ text: String) -> Bool {
        marks.contains { text.contains($0) }
    }

    /// The beginning of a page; enough of it for its head.
    private static func lowercased(_ bytes: [UInt8]) -> String {
        let ascii = bytes.prefix(65_536).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        return String(decoding: ascii, as: UTF8.self)
    }
}

extension FeedError {
    /// The same, with what it repeats of the answer cleaned.
    fileprivate func without(_ clean: (String) -> String) -> FeedError {
        switch self {
        case .page(let title): .page(title: title.map(clean))
        case .unreadable(let beginning): .unreadable(beginning: clean(beginning))
        case .otherXML(let root): .otherXML(root: clean(root))
        case .brokenJSON(let line, let found, let expected):
            .brokenJSON(line: line, found: clean(found), expected: expected)
        case .empty, .packed, .otherFile, .otherJSON, .tooLarge, .tooManyEntries, .tooManyNames: self
        }
    }
}

extension FollowedFeed {
    /// What a room must know beside the document that came by these circumstances.
    func context(_ circumstances: Answer.Circumstances, _ zone: ZoneRules) -> FeedContext {
        FeedContext(
            feed: settings, address: circumstances.address, way: [address.text] + circumstances.way,
            isPrivate: isPrivate
        ) { zone.offset(at: $0) }
    }

    /// A text from outside without the parts of an address that holds a secret: a page may show the
    /// address it was asked by, be it the feed's or one to which that led.
    func withoutSecrets(_ text: String, _ circumstances: Answer.Circumstances) -> String {
        withoutSecrets(text, of: circumstances.way + [circumstances.address])
    }

    /// - Parameter way: addresses to which the feed's own one led.
    func withoutSecrets(_ text: String, of way: [String] = []) -> String {
        var secrets: Set<String> = []
        var known: Set<String> = []
        for spelt in [address.text] + way where known.insert(spelt).inserted {
            let tokens = Services.secrets(in: [spelt], isPrivate: isPrivate)
            guard isPrivate || !tokens.isEmpty, let address = WebAddress(spelt) else { continue }
            secrets.formUnion(tokens)
            let parts =
                address.path.split(separator: "/") + (address.query ?? "").split { $0 == "&" || $0 == "=" }
            for part in parts.map(String.init) {
                secrets.formUnion([part, PercentEncoding.decoded(part)])
            }
        }
        // The longest first: a part of one may be another.
        let longest = secrets.filter { $0.utf8.count >= 4 }.sorted {
            $0.utf8.count == $1.utf8.count ? $0 < $1 : $0.utf8.count > $1.utf8.count
        }
        var text = text
        for secret in longest { text = text.replacing(secret, with: "…") }
        return text
    }

    /// Words of ours about a host without the tokens of such an address, for it may be named like one of them: then in
    /// small letters.
    func withoutSecretsOfHosts(_ text: String, of way: [String] = []) -> String {
        var text = text
        for secret in Services.secrets(in: [address.text] + way, isPrivate: isPrivate) {
            for spelling in [secret, secret.lowercased()] { text = text.replacing(spelling, with: "…") }
        }
        return text
    }
}

extension WebAddress {
    /// Who shares limits: a host, with or without its `www.` or the dot of the root behind it.
    var house: String? {
        guard var host else { return nil }
        if host.hasPrefix("www.") { host.removeFirst(4) }
        if host.hasSuffix(".") { host.removeLast() }
        return host
    }
}
