/// Who is asked in a server's stead, as the environment of most programs says it.
public struct Proxies: Sendable, Equatable {
    /// Addresses of proxies; empty: none.
    public var http: String
    public var https: String
    /// Hosts that are asked directly, each with all below it; `*`: all. The own machine always is.
    public var exceptions: [String]

    public init(http: String = "", https: String = "", exceptions: [String] = []) {
        self.http = http
        self.https = https
        self.exceptions = exceptions
    }

    /// The names that are read. `HTTP_PROXY` in upper case is not: a web server hands a program each header
    /// of its request in the environment, and `Proxy:` would be that one (httpoxy, 2016).
    public static let variables = [
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]

    public init(environment: [String: String]) {
        func first(_ names: String...) -> String {
            for name in names {
                if let value = environment[name], !value.isEmpty { return value }
            }
            return ""
        }
        let list = first("no_proxy", "NO_PROXY")
        self.init(
            http: first("http_proxy", "all_proxy", "ALL_PROXY"),
            https: first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
            exceptions: list.split { $0 == "," || $0 == " " }.map { word in
                let name = word.lowercased()
                return name.hasPrefix(".") ? String(name.dropFirst()) : name
            })
    }

    /// Empty: the destination is connected to directly.
    func proxy(for destination: Destination) -> String {
        let proxy = destination.scheme == "https" ? https : http
        if proxy.isEmpty || destination.isLoopback { return "" }
        for name in exceptions {
            if name == "*" || destination.host == name || destination.host.hasSuffix("." + name) { return "" }
        }
        return proxy
    }
}
