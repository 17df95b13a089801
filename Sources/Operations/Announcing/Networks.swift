import Catalogue
import Files
import Formats
import HTTP
import Publishing

/// The networks there are, and how each is made from the file that holds its credentials.
enum Networks {
    static let names = ["x", "mastodon", "bluesky"]

    /// Those that `feeds.toml` names credentials for. A file that is no good costs the others nothing.
    ///
    /// - Throws: what is wrong, where none of them can be asked.
    static func all(
        _ settings: Settings, _ disk: any Disk, _ folder: StoreFolder
    ) throws(OperationError) -> (usable: [any Network], unusable: [AnnounceReport.Unusable]) {
        var usable: [any Network] = []
        var unusable: [AnnounceReport.Unusable] = []
        for named in settings.networks where named.hasCredentials {
            do throws(OperationError) {
                usable.append(try open(named, disk, folder))
            } catch {
                unusable.append(AnnounceReport.Unusable(network: named.name, error: error))
            }
        }
        guard usable.isEmpty, let first = unusable.first else { return (usable, unusable) }
        // All of them in one go.
        var mistakes: [SettingsMistake] = []
        for case .settings(let error) in unusable.map(\.error) { mistakes += error.mistakes }
        throw mistakes.isEmpty ? first.error : .settings(SettingsError(mistakes: mistakes))
    }

    /// - Throws: what is wrong with `feeds.toml` or the file it names; a value of the file never shows.
    static func open(
        _ settings: AnnouncedNetwork, _ disk: any Disk, _ folder: StoreFolder
    ) throws(OperationError) -> any Network {
        let path = settings.credentials
        let status = try onDisk { () throws(DiskError) in try disk.status(of: folder.path(path)) }
        guard let status else {
            throw complaint(
                settings,
                "which does not exist: \"colophon announce --connect \(settings.name)\" writes it")
        }
        if status.isFolder { throw complaint(settings, "which is a folder, expected a file") }
        guard status.mode & 0o077 == 0 else {
            throw complaint(settings, "which others can read: run \"chmod 600 \(path)\"")
        }
        let bytes = try onDisk { () throws(DiskError) in try disk.contents(of: folder.path(path)) }
        do {
            return try read(settings.name, bytes ?? [], file: path)
        } catch {
            throw .settings(error)
        }
    }

    private static func complaint(
        _ settings: AnnouncedNetwork, _ message: String
    ) -> OperationError {
        .settings(
            SettingsError(mistakes: [
                SettingsMistake(
                    file: "feeds.toml", line: settings.position.line, column: settings.position.column,
                    message: "\"credentials\" names \"\(settings.credentials)\", " + message)
            ]))
    }

    static func read(
        _ name: String, _ bytes: [UInt8], file: String
    ) throws(SettingsError) -> any Network {
        let table: TOMLTable
        do {
            table = try TOMLReader.read(bytes)
        } catch {
            // What was found may be a secret; where it stands is enough.
            throw SettingsError(mistakes: [
                SettingsMistake(
                    file: file, line: error.line, column: error.column,
                    message: "expected \(error.expected)")
            ])
        }
        var reader = SettingsTable(file: file, table)
        let network: (any Network)?
        switch name {
        case "mastodon": network = mastodon(&reader)
        case "bluesky": network = bluesky(&reader)
        default: network = x(&reader)
        }
        let mistakes = reader.finished()
        guard mistakes.isEmpty, let network else { throw SettingsError(mistakes: mistakes) }
        return network
    }

    private static func x(_ table: inout SettingsTable) -> X? {
        let consumerKey = secret("consumer_key", &table)
        let consumerSecret = secret("consumer_secret", &table)
        let token = secret("access_token", &table)
        let tokenSecret = secret("access_token_secret", &table)
        let user = table.text("user_id")
        let server = server(&table, otherwise: X.usualServer)
        guard let server, let consumerKey, let consumerSecret, let token, let tokenSecret else { return nil }
        guard let number = user ?? X.account(ofToken: token) else {
            table.complain(
                table.position(of: "access_token") ?? TOMLPosition(line: 1, column: 1),
                "\"access_token\" does not begin with the account's number: add \"user_id\"")
            return nil
        }
        guard X.isNumber(number) else {
            table.complain(
                table.position(of: "user_id") ?? TOMLPosition(line: 1, column: 1),
                "\"user_id\" is no number, expected one such as \"2244994945\"")
            return nil
        }
        return X(
            consumerKey: consumerKey, consumerSecret: consumerSecret, token: token,
            tokenSecret: tokenSecret, user: number, server: server)
    }

    private static func mastodon(_ table: inout SettingsTable) -> Mastodon? {
        let token = secret("token", &table)
        let server = server(&table, otherwise: nil, example: "https://mastodon.example")
        let visibility = table.word("visibility", Mastodon.visibilities) ?? ""
        let keepsKeys = table.flag("idempotency") ?? true
        guard let token, let server else { return nil }
        return Mastodon(server: server, token: token, visibility: visibility, keepsKeys: keepsKeys)
    }

    private static func bluesky(_ table: inout SettingsTable) -> Bluesky? {
        let identifier = secret("identifier", &table)
        let password = secret("password", &table)
        let server = server(&table, otherwise: "https://bsky.social")
        guard let identifier, let password, let server else { return nil }
        guard Bluesky.isAppPassword(password) else {
            table.complain(
                table.position(of: "password") ?? TOMLPosition(line: 1, column: 1),
                "\"password\" is no app password (xxxx-xxxx-xxxx-xxxx): make one in Bluesky's "
                    + "settings, never give the account's own")
            return nil
        }
        return Bluesky(server: server, identifier: identifier, password: password)
    }

    private static func secret(_ key: String, _ table: inout SettingsTable) -> String? {
        let text = table.text(key)
        if let text, !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return text }
        if let text {
            let problem = text.isEmpty ? "is empty" : "holds a blank or a letter that no key has"
            table.complain(
                table.position(of: key) ?? TOMLPosition(line: 1, column: 1), "\"\(key)\" \(problem)")
        } else if table.position(of: key) == nil {
            table.complain(TOMLPosition(line: 1, column: 1), "\"\(key)\" is missing")
        }
        return nil
    }

    private static func server(
        _ table: inout SettingsTable, otherwise: String?, example: String? = nil
    ) -> WebAddress? {
        let text = table.text("server") ?? (table.position(of: "server") == nil ? otherwise : nil)
        guard let text else {
            if table.position(of: "server") == nil {
                table.complain(TOMLPosition(line: 1, column: 1), "\"server\" is missing")
            }
            return nil
        }
        let position = table.position(of: "server") ?? TOMLPosition(line: 1, column: 1)
        guard let address = WebAddress(text), address.isWeb, !address.hasCredentials else {
            table.complain(
                position, "\"server\" is no address, expected one such as \"\(example ?? otherwise ?? "")\"")
            return nil
        }
        guard address.scheme == "https" || address.isLoopback else {
            table.complain(
                position, "\"server\" begins with http://, which would carry the credentials in clear, expected https://")
            return nil
        }
        return address
    }
}
