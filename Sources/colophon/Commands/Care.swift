import Files
import Formats
import Glibc
import Operations

extension Command {
    static let status = Command(
        name: "status", group: .care, summary: "how the feeds and the store stand",
        details: [
            "Ends with 1 when a feed is failing, nobody is reached for a day, or the pages cannot be written."
        ],
        json: "{finishes, events, segments, pending (announcements), held and unresolved [announcements, as "
            + "\"tweets --json\" has them], suspicions [{id, into}], silent [{network, since, reason}], "
            + "nobody_reached_since, unpublished (when it was last said that the pages cannot be written), snapshot (up to "
            + "which event), last_commit, feeds [{name, service, adopted, succeeded, next, failures (in a row), finishes, "
            + "entries, condition (failing, gone, recovered, moved or gap) and reason}]}. What is not known is left out; times are in UTC"
    ) { invocation in
        let settings = try invocation.optionalSettings()
        let status = try Status.read(invocation.world, invocation.folder, settings)
        if invocation.wantsJSON {
            try invocation.printJSON(status.json)
        } else {
            try invocation.terminal.print(lines: Reports.lines(status, now: invocation.world.now))
        }
        return status.isFailing ? .worse : .done
    }

    static let verify = Command(
        name: "verify", group: .care, summary: "check every checksum, the chain, and the pages",
        details: ["Reads everything and changes nothing; cron may run it once a week."],
        json: "{events, batches, segments, sha (of the chain's end), good, losses [{from, to (numbers of events), at, sha}] "
            + "(accepted by a person before), outdated [names of pages], under_way (another run was at work), "
            + "wrong_snapshots [names]}. A damaged log ends with 65 and prints none"
    ) { invocation in
        let found = try Verify.run(
            invocation.world, invocation.folder, directory: try invocation.publishDirectory())
        if invocation.wantsJSON {
            try invocation.printJSON(found.json)
        } else if !found.isGood || !invocation.isQuiet {
            try invocation.terminal.print(lines: Reports.lines(found))
        }
        return found.isGood ? .done : .worse
    }

    static let repair = Command(
        name: "repair", group: .care, summary: "mend a damaged log, and prove it",
        options: [
            Option("from", value: "DIR", "take damaged segments from this copy of the store"),
            Option("head", "make head.json anew, from a log that is whole or can be mended"),
            Option("accept-rollback", "the log was put back on purpose: snapshots of a later one go"),
            Option("accept-loss", "when nothing else mends it: keep what can be read, and go on"),
        ],
        details: [
            "Without an option it mends what the log itself can prove: one changed byte in a batch, and what "
                + "a run that died left behind.",
            "Nothing is changed that the chain of checksums does not prove, and what stood there before is "
                + "kept in log/quarantine-*.",
            "With --accept-loss, and only for what neither the log nor the copy that --from names can mend, events "
                + "that cannot be read are given up, one by one and by their numbers, and with them those that speak "
                + "of a finish that is lost: what they said is named, and can be said again when the finish is back. "
                + "All others stay. The log says so from then on, what is still to be announced is held for your "
                + "word, and copies of this store have to be made anew.",
        ],
        json: "{mends [{mend (byte, segment, head or stray), file, and what was done: offset, was, from, sequence, kept (where "
            + "the old bytes are)}], losses [{file, offset, bytes, from, to, readable, restored, gone [numbers of events], "
            + "kept}], unfit [{seq, type, problem, file, offset, bytes, kept}], held (announcements), notes [sentences], "
            + "events}"
    ) { invocation in
        let arguments = invocation.arguments
        let copy = arguments.value("from").map { Invocation.absolute($0) }
        let ways = ["head", "accept-rollback", "accept-loss"].filter { arguments.has($0) }
        guard ways.count < 2, copy == nil || ways != ["accept-rollback"] else {
            throw UsageError(message: "one of --head, --accept-rollback and --accept-loss at a time; --from goes alone, with --head or with --accept-loss", command: "repair")
        }
        let means: Repair.Means =
            switch ways.first {
            case "head": .head(from: copy)
            case "accept-rollback": .acceptingRollback
            case "accept-loss": .acceptingLoss(from: copy)
            default: copy.map { .copy($0) } ?? .itself
            }
        let outcome = try Repair.run(
            means, invocation.world, invocation.folder, try invocation.optionalSettings())
        if invocation.wantsJSON {
            try invocation.printJSON(outcome.json)
        } else if !invocation.isQuiet {
            try invocation.terminal.print(lines: Reports.lines(outcome))
        }
        return .done
    }

    static let rebuild = Command(
        name: "rebuild", group: .care, summary: "delete snapshots and pages, and make them again from the log",
        json: "{published [names of files], snapshot (up to which event)}"
    ) { invocation in
        let rebuild = try Rebuild.run(
            invocation.world, invocation.folder, directory: try invocation.publishDirectory())
        if invocation.wantsJSON {
            try invocation.printJSON(rebuild.json)
        } else if !invocation.isQuiet {
            try invocation.terminal.print(lines: Reports.lines(rebuild))
        }
        return .done
    }

    static let cron = Command(
        name: "cron", group: .care, summary: "the crontab lines or systemd units for this store",
        options: [Option("systemd", "units for systemd instead of lines for a crontab")]
    ) { invocation in
        let store = invocation.folder.root
        let program = executable()
        let announces = try invocation.optionalSettings()?.networks.contains { $0.hasCredentials } ?? false
        guard invocation.arguments.has("systemd") else {
            try invocation.terminal.write(Array(Cron.crontab(program: program, store: store, announces: announces).utf8))
            return .done
        }
        let pages = invocation.folder.path(try invocation.publishDirectory())
        let writable = pages.hasPrefix(store + "/") ? [store] : [store, pages]
        let user = userName() ?? "OWNER-OF-THE-STORE"
        let unit = Cron.service(
            program: program, store: store, user: user, writable: writable, announces: announces)
        try invocation.terminal.write(
            Array(
                ("# /etc/systemd/system/colophon.service\n" + unit
                    + "\n# /etc/systemd/system/colophon.timer\n" + Cron.timer()).utf8))
        return .done
    }

    /// Whoever asks is taken for the owner of the store.
    private static func userName() -> String? {
        guard let entry = unsafe getpwuid(geteuid()) else { return nil }
        return unsafe String(cString: entry.pointee.pw_name)
    }

    /// The program's own path, which cron has to name whole.
    private static func executable() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return "colophon" }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
