import Catalogue
import Formats
import HTTP
import Publishing

/// What a network says of the credentials that `feeds.toml` names.
public struct Credentials: Equatable, Sendable {
    public var network: String
    /// The account they belong to; empty where they are no good.
    public var account: String
    /// `nil`: they are good.
    public var problem: String?

    /// Tries all of them with a call that changes nothing.
    public static func tried(
        _ settings: Settings, _ folder: StoreFolder, _ world: World
    ) -> [Credentials] {
        var world = world
        var tried: [Credentials] = []
        for named in settings.networks where named.hasCredentials {
            var network: any Network
            do throws(OperationError) {
                network = try Networks.open(named, world.disk, folder)
            } catch {
                let reason = AnnounceReport.Unusable(network: named.name, error: error).reason
                tried.append(Credentials(network: named.name, account: "", problem: reason))
                continue
            }
            let moment = world.moment(settings.fetch)
            let answer = world.network.perform([network.greeting(moment)], pace: Pace())[0]
            switch network.greeted(answer, moment) {
            case .welcome(let account):
                tried.append(Credentials(network: named.name, account: network.told(account), problem: nil))
            case .trouble(let trouble):
                tried.append(
                    Credentials(network: named.name, account: "", problem: network.told(trouble.reason)))
            }
        }
        return tried
    }

    var json: JSONValue {
        var members = [JSONMember("name", .string(network))]
        if !account.isEmpty { members.append(JSONMember("account", .string(account))) }
        if let problem { members.append(JSONMember("problem", .string(problem))) }
        return .object(members)
    }
}
