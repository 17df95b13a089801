import Formats

/// The lines that let cron or systemd start the program, for the store at hand (specs/cron.md).
public enum Cron {
    /// Each store has minutes of its own, so that not everybody's runs ask the same servers on the quarter hour.
    ///
    /// - Parameters:
    ///   - program: absolute path of the program.
    ///   - store: absolute path of the store.
    ///   - announces: whether there are credentials to post with.
    public static func crontab(program: String, store: String, announces: Bool) -> String {
        let first = 1 + CRC32C.checksum(Array(store.utf8)) % 14
        return """
        # Colophon: asks the feeds every fifteen minutes, and checks the whole log once a week.
        # A good run says nothing; what needs you is printed, and cron mails it.
        # "colophon cron" prints these lines for a store; "crontab -e" takes them.
        PATH=/usr/local/bin:/usr/bin:/bin
        \(first)-59/15 * * * * \(quoted(program)) import\(announces ? " --announce" : "") --store \(quoted(store))
        37 4 * * 0 \(quoted(program)) verify --quiet --store \(quoted(store))

        """
    }

    /// `%` ends a crontab's command; quotes keep a shell from reading the rest.
    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "/._-+".utf8.contains($0)
        }
        if isPlain { return path }
        var text = "'"
        for character in path {
            switch character {
            case "'": text += "'\\''"
            case "%": text += "\\%"
            default: text.append(character)
            }
        }
        return text + "'"
    }

    public static func timer() -> String {
        """
        [Unit]
        Description=Colophon, every fifteen minutes

        [Timer]
        OnCalendar=*:0/15
        RandomizedDelaySec=120
        FixedRandomDelay=true
        AccuracySec=1min
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
    }

    /// - Parameters:
    ///   - user: the owner of the store.
    ///   - writable: absolute folders that a run writes to: the store, and where the pages go.
    public static func service(
        program: String, store: String, user: String, writable: [String], announces: Bool
    ) -> String {
        let paths = writable.map(unitPath).joined(separator: " ")
        return """
            [Unit]
            Description=Colophon: notes what was finished
            Wants=network-online.target
            After=network-online.target

            [Service]
            Type=oneshot
            ExecStart=\(unitPath(program)) import\(announces ? " --announce" : "") --store \(unitPath(store))
            User=\(user)
            ReadWritePaths=\(paths)
            UMask=0022
            TimeoutStartSec=10min
            SuccessExitStatus=75
            NoNewPrivileges=yes
            ProtectSystem=strict
            ProtectHome=read-only
            PrivateTmp=yes
            PrivateDevices=yes
            ProtectClock=yes
            ProtectHostname=yes
            ProtectKernelTunables=yes
            ProtectKernelModules=yes
            ProtectKernelLogs=yes
            ProtectControlGroups=yes
            ProtectProc=invisible
            ProcSubset=pid
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@privileged @resources
            SystemCallErrorNumber=EPERM
            CapabilityBoundingSet=
            RemoveIPC=yes
            MemoryMax=512M
            TasksMax=64
            CPUSchedulingPolicy=batch
            IOSchedulingClass=idle

            """
    }

    /// Specifiers (`%`) doubled, and quotes where a path has blanks.
    private static func unitPath(_ path: String) -> String {
        var text = ""
        for character in path { text += character == "%" ? "%%" : String(character) }
        return text.contains(" ") ? "\"\(text)\"" : text
    }
}
