import Catalogue
import Files
import Formats
import HTTP
import Publishing

/// Walks a person through getting a network's credentials: what to do there, what to ask for, a call that
/// shows that they are good, and the file that keeps them.
public struct Connect: Equatable, Sendable {
    public struct Question: Equatable, Sendable {
        /// As the file names it.
        public var key: String
        public var words: String
        /// Not to be seen while it is typed.
        public var isSecret: Bool
        /// Taken where nothing is answered; `nil`: an answer is needed.
        public var otherwise: String?
    }

    public enum Outcome: Equatable, Sendable {
        /// - Parameters:
        ///   - isNamed: whether `feeds.toml` names the file already.
        ///   - hasTable: whether it has the table that is to name it, and does not.
        ///   - charactersMax: what the server takes, where `feeds.toml` says or means another number.
        ///   - held: announcements that `tweets --release` would let go.
        ///   - waiting: announcements that the next runs will post.
        ///   - linked: those of them whose text has a link.
        case connected(
            account: String, path: String, isNamed: Bool, hasTable: Bool = false, charactersMax: Int? = nil, held: Int = 0,
            waiting: Int = 0, linked: Int = 0)
        /// Nothing was written.
        case refused(String)
    }

    public var network: String
    /// What has to be done there, a line each.
    public var steps: [String]
    public var questions: [Question]

    public static let networks = Networks.names

    /// `nil`: there is no such network.
    public init?(_ network: String) {
        self.network = network
        switch network {
        case "x":
            steps = [
                "X has no free tier: a post costs about 0.015 USD, one with a link 0.20 USD (2026), and each post "
                    + "that a look for a lost one shows 0.001 USD.",
                "1. Open https://developer.x.com, make a project and an app in it, and buy some credits.",
                "2. User authentication settings: set the app to \"Read and write\". Do this first: a token "
                    + "made before it can only read.",
                "3. Keys and tokens: make the consumer keys, then the access token and secret of your own "
                    + "account.",
            ]
            questions = [
                Question(key: "consumer_key", words: "consumer key (API key)", isSecret: true),
                Question(key: "consumer_secret", words: "consumer secret", isSecret: true),
                Question(key: "access_token", words: "access token", isSecret: true),
                Question(key: "access_token_secret", words: "access token secret", isSecret: true),
                Question(key: "user_id", words: "your account's number (user id)", isSecret: false),
            ]
        case "mastodon":
            steps = [
                "1. On your server: Preferences, Development, New application.",
                "2. Tick read:accounts, read:statuses and write:statuses, nothing else; submit.",
                "3. Open the application and copy \"Your access token\".",
            ]
            questions = [
                Question(
                    key: "server", words: "your server, e.g. https://mastodon.social", isSecret: false),
                Question(key: "token", words: "access token", isSecret: true),
                Question(
                    key: "visibility", words: "public, unlisted, private or direct", isSecret: false,
                    otherwise: "unlisted"),
            ]
        case "bluesky":
            steps = [
                "1. In Bluesky: Settings, Privacy and security, App passwords, Add.",
                "2. Copy the password it shows (xxxx-xxxx-xxxx-xxxx). Never give the account's own.",
            ]
            questions = [
                Question(key: "identifier", words: "your handle, e.g. ada.bsky.social", isSecret: false),
                Question(key: "password", words: "app password", isSecret: true),
                Question(
                    key: "server", words: "your server", isSecret: false,
                    otherwise: "https://bsky.social"),
            ]
        default: return nil
        }
    }

    /// Whether a question has to be asked after these answers; an empty text answers one that has not.
    public func asks(_ question: Question, after answers: [String]) -> Bool {
        guard question.key == "user_id",
            let token = zip(questions, answers).first(where: { $0.0.key == "access_token" })?.1
        else { return true }
        // X's tokens begin with the account's number, as far as anybody has seen.
        return X.account(ofToken: token) == nil
    }

    /// Offers what an older file says of the account as the answer to what is asked of it.
    public mutating func recall(
        _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) {
        guard let old = try older(world.disk, folder.path(path(settings))) else { return }
        for index in questions.indices where questions[index].key == "user_id" {
            if case .string(let number)? = old["user_id"]?.content { questions[index].otherwise = number }
        }
    }

    private func path(_ settings: Settings?) -> String {
        let named = settings?.networks.first { $0.name == network && $0.hasCredentials }
        return named?.credentials ?? "secrets/\(network).toml"
    }

    /// Tries the answers out, in the order of the questions, and keeps them in a file that only its owner
    /// can read.
    public func run(
        _ answers: [String], _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> Outcome {
        precondition(answers.count == questions.count, "an answer to each question")
        let path = path(settings)
        let isNamed = settings?.networks.contains { $0.name == network && $0.credentials == path } ?? false
        let kept = try kept(world.disk, folder.path(path))
        let bytes = file(answers, kept)
        var world = world
        var connection: any Network
        do {
            connection = try Networks.read(network, bytes, file: path)
        } catch {
            return .refused(error.mistakes.map(\.message).joined(separator: "; "))
        }
        let moment = world.moment(settings?.fetch ?? FetchSettings())
        let answer = world.network.perform([connection.greeting(moment)], pace: Pace())[0]
        switch connection.greeted(answer, moment) {
        case .trouble(let trouble): return .refused(connection.told(trouble.reason))
        case .welcome(let account):
            try onDisk { () throws(DiskError) in
                let place = folder.path(path)
                let parent = splitPath(place).folder
                let isOurs = try world.disk.status(of: parent) == nil
                if isOurs {
                    try world.disk.makeFolder(parent)
                    try world.disk.sync(folder: splitPath(parent).folder)
                }
                // Whoever keeps the store in git keeps its secrets out of it.
                let ignore = parent + "/.gitignore"
                if isOurs || parent == folder.path("secrets"), try world.disk.status(of: ignore) == nil {
                    try world.disk.publish(Array("*\n".utf8), at: ignore, mode: 0o600)
                }
                try world.disk.publish(bytes, at: place, mode: 0o600)
            }
            let owed = try owed(world, folder, settings)
            return .connected(
                account: connection.told(account), path: path, isNamed: isNamed,
                hasTable: !isNamed && settings?.names(network) ?? false,
                charactersMax: otherMax(connection, moment, world, settings),
                held: owed.held, waiting: owed.waiting, linked: owed.linked)
        }
    }

    /// How many announcements wait for a person, whom better credentials may have been all they asked for; how many
    /// go with the next runs, and how many of these have a link, which costs more at X.
    private func owed(
        _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> (held: Int, waiting: Int, linked: Int) {
        guard try onDisk({ () throws(DiskError) in try world.disk.status(of: folder.log) }) != nil else { return (0, 0, 0) }
        let state = try Archive(world, folder).state().with(settings?.configuration)
        let wording = try Announce.wording(state)
        var (held, waiting, linked) = (0, 0, 0)
        for one in state.announcements where one.network == network {
            if one.status == .held, !one.isForOneByOne { held += 1 }
            guard one.status == .pending, state.obstacle(to: one, now: world.now) == nil,
                let standing = state.finish(withKey: one.finish.text)
            else { continue }
            waiting += 1
            if wording.post(of: one, for: standing, in: state).hasLink { linked += 1 }
        }
        return (held, waiting, linked)
    }

    private func otherMax(
        _ connection: any Network, _ moment: Moment, _ world: World, _ settings: Settings?
    ) -> Int? {
        for question in connection.limitQuestions(moment) {
            guard case .success(let answer) = world.network.perform([question], pace: Pace())[0],
                let max = connection.charactersMax(answer)
            else { continue }
            let configured = settings?.configuration.announce.networks.first { $0.name == network }?.charactersMax
            return max == configured ?? PostLimit.mastodonMax ? nil : max
        }
        return nil
    }

    /// What an older file says of the server beyond the questions: new credentials change nothing of it.
    private func kept(_ disk: any Disk, _ path: String) throws(OperationError) -> [String] {
        guard let table = try older(disk, path) else { return [] }
        var lines: [String] = []
        for key in ["server", "idempotency"] where !questions.contains(where: { $0.key == key }) {
            switch table[key]?.content {
            case .string(let text): lines.append(key + " = " + quoted(text))
            case .boolean(let flag): lines.append("\(key) = \(flag)")
            default: break
            }
        }
        return lines
    }

    private func older(_ disk: any Disk, _ path: String) throws(OperationError) -> TOMLTable? {
        let bytes = try onDisk { () throws(DiskError) in try disk.contents(of: path) }
        return bytes.flatMap { try? TOMLReader.read($0) }
    }

    private func file(_ answers: [String], _ kept: [String]) -> [UInt8] {
        var lines = ["# What Colophon posts to \(network) with. Keep it to yourself: mode 0600, not in git."]
        for (question, answer) in zip(questions, answers) {
            guard asks(question, after: answers) else { continue }
            let value = answer.isEmpty ? question.otherwise ?? "" : meant(question, answer)
            lines.append(question.key + " = " + quoted(value))
        }
        return Array(((lines + kept).joined(separator: "\n") + "\n").utf8)
    }

    /// People name a server without its scheme, and themselves with an at sign.
    private func meant(_ question: Question, _ answer: String) -> String {
        switch question.key {
        case "server": answer.contains("://") ? answer : "https://" + answer
        case "identifier": answer.hasPrefix("@") ? String(answer.dropFirst()) : answer
        default: answer
        }
    }

    /// A basic string of TOML 1.0.0.
    private func quoted(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            // A control character is in no credential; the reader refuses a blank.
            if scalar.value < 0x20 || scalar.value == 0x7F { view.append(" ") } else {
                if scalar == "\"" || scalar == "\\" { view.append("\\") }
                view.append(scalar)
            }
        }
        return "\"" + String(view) + "\""
    }
}

extension Connect.Question {
    fileprivate init(key: String, words: String, isSecret: Bool) {
        self.init(key: key, words: words, isSecret: isSecret, otherwise: nil)
    }
}
