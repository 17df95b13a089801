import Catalogue
import Files
import Formats
import HTTP
import Services

/// One `[[feed]]`.
extension SettingsReader {
    mutating func readFeed(_ table: inout SettingsTable, _ position: TOMLPosition) {
        var feed = Configuration.Feed(name: table.text("name") ?? "")
        let namePosition = table.position(of: "name") ?? position
        if table.position(of: "name") == nil {
            table.complain(position, "a feed without a \"name\"")
        } else if !isFeedName(feed.name) {
            table.complain(
                namePosition,
                "\"name\" is \"\(feed.name)\", expected lower-case letters, digits and hyphens")
        }
        if let line = lines[feed.name] {
            table.complain(
                namePosition, "two feeds are named \"\(feed.name)\", the other one in line \(line)")
        }
        feed.renamedFrom = table.texts("renamed_from") ?? []
        if let place = table.position(of: "renamed_from") { formerNames[feed.name] = place }
        feed.service = table.word("service", Services.names) ?? ""
        feed.kind = table.word("kind", Kind.self)
        feed.announces = table.flag("announce") ?? true
        feed.announceSince = table.day("announce_since")
        feed.count = table.word("count", ["season", "episode", "album", "track"]) ?? ""
        table.table("finished") { rules in
            feed.finished.titlePrefix = rules.texts("title_prefix") ?? []
            feed.finished.titleRegex = readExpressions(&rules)
            feed.finished.category = rules.texts("category") ?? []
            feed.finished.bodyContains = rules.texts("body_contains") ?? []
        }
        let every = table.duration("every")
        let userAgent = readUserAgent(&table)
        guard let (address, isPrivate) = readAddress(&table, position) else { return }
        if lines[feed.name] == nil { lines[feed.name] = namePosition.line }
        settings.configuration.feeds.append(feed)
        settings.feeds.append(
            FollowedFeed(
                settings: feed, address: address, isPrivate: isPrivate, every: every,
                userAgent: userAgent, position: namePosition))
    }

    /// A former name is one feed's: its history, and the ids of its entries, go on under one name.
    func checkFormerNames(_ top: inout SettingsTable) {
        var heirs: [String: FollowedFeed] = [:]
        for feed in settings.feeds {
            let position = formerNames[feed.name] ?? feed.position
            for former in feed.settings.renamedFrom where former != feed.name {
                if let line = lines[former] {
                    top.complain(
                        position, "\"renamed_from\" of \"\(feed.name)\" is \"\(former)\", the name of the feed in line \(line): "
                            + "give that one another name")
                } else if let heir = heirs[former], heir.name != feed.name {
                    top.complain(
                        position, "\"renamed_from\" of \"\(feed.name)\" is \"\(former)\", as that of \"\(heir.name)\" in line "
                            + "\(heir.position.line): only one of them can go on with its history")
                }
                heirs[former] = heirs[former] ?? feed
            }
        }
    }

    /// A name for the feed's server to know us by, in one line of a request.
    private func readUserAgent(_ table: inout SettingsTable) -> String? {
        guard let name = table.text("user_agent") else { return nil }
        let isBlank = name.utf8.allSatisfy { $0 <= 0x20 }
        if !isBlank, name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) { return name }
        let fault = isBlank ? "is empty" : "holds a line break or another control character"
        table.complain(
            table.position(of: "user_agent") ?? TOMLPosition(line: 0, column: 0),
            "\"user_agent\" \(fault), expected a name such as \"Mozilla/5.0\"; without the line Colophon says its own")
        return nil
    }

    private func isFeedName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    private func readExpressions(_ rules: inout SettingsTable) -> [String] {
        let expressions = rules.texts("title_regex") ?? []
        for expression in expressions {
            guard let problem = Services.problem(inTitleRegex: expression) else { continue }
            rules.complain(
                rules.position(of: "title_regex") ?? TOMLPosition(line: 0, column: 0),
                "\"title_regex\" is \"\(expression)\": \(problem)")
        }
        return expressions
    }

    /// From `url`, or from the file that `url_file` names.
    private func readAddress(
        _ table: inout SettingsTable, _ position: TOMLPosition
    ) -> (WebAddress, isPrivate: Bool)? {
        let url = table.text("url")
        let file = table.text("url_file")
        switch (url, file) {
        case (nil, nil):
            if table.position(of: "url") == nil, table.position(of: "url_file") == nil {
                table.complain(position, "a feed without a \"url\" or \"url_file\"")
            }
            return nil
        case (_?, _?):
            table.complain(position, "a feed with both \"url\" and \"url_file\"")
            return nil
        case (let text?, nil):
            let place = table.position(of: "url") ?? position
            return address(text, &table, place, name: "\"url\"").map { ($0, false) }
        case (nil, let path?):
            let place = table.position(of: "url_file") ?? position
            return secretAddress(path, &table, place).map { ($0, true) }
        }
    }

    private func address(
        _ text: String, _ table: inout SettingsTable, _ place: TOMLPosition, name: String
    ) -> WebAddress? {
        if text.hasPrefix("file:") {
            var path = String(text.dropFirst(5))
            if path.hasPrefix("//") { path.removeFirst(2) }
            let whole = PercentEncoding.encodedPath(folder.path(PercentEncoding.decoded(path)))
            if let address = WebAddress("file://" + whole) { return address }
        } else if let address = WebAddress(text), address.isWeb {
            if address.hasCredentials {
                table.complain(
                    place, "\(name) holds a user name or password, which feeds are not asked with")
                return nil
            }
            if let port = address.port, !(1...65_535).contains(port) {
                table.complain(place, "\(name) names the port \(port), expected one from 1 to 65535")
                return nil
            }
            if address.hasEndlessPort {
                table.complain(place, "\(name) names a port of too many digits, expected one from 1 to 65535")
                return nil
            }
            return address.inASCII
        }
        table.complain(
            place, "\(name) is no address, expected one that begins with https://, http:// or file:")
        return nil
    }

    private func secretAddress(
        _ path: String, _ table: inout SettingsTable, _ place: TOMLPosition
    ) -> WebAddress? {
        do {
            guard let status = try disk.status(of: folder.path(path)),
                let bytes = try disk.contents(of: folder.path(path))
            else {
                table.complain(place, "\"url_file\" names \"\(path)\", which does not exist")
                return nil
            }
            guard status.mode & 0o077 == 0 else {
                table.complain(
                    place,
                    "\"url_file\" names \"\(path)\", which others can read: run \"chmod 600 \(path)\"")
                return nil
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let line = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            return address(line, &table, place, name: "the first line of \"\(path)\"")
        } catch {
            table.complain(
                place, "\"url_file\" names \"\(path)\", which cannot be read: \(error.reason)")
            return nil
        }
    }
}
