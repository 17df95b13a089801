import Formats
import HTTP
import Testing

@testable import Publishing

/// The vectors of `specs/x-posting.md` section 3a: X's own, invalid, examples, OAuth Core 1.0a appendix A
/// and RFC 5849 section 1.2.
@Suite struct OAuth1Tests {
    private static let published = OAuth1(
        consumerKey: "xvz1evFS4wEEPTGEFPHBog",
        consumerSecret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        tokenSecret: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")
    private static let photos = OAuth1(
        consumerKey: "dpf43f3p2l4k3l03", consumerSecret: "kd94hf93k423kf44", token: "nnch734d00sl2jdk",
        tokenSecret: "pfkkdhi9sl3r4s00")
    private static let status = [
        OAuth1.Parameter("status", "Hello Ladies + Gentlemen, a signed OAuth request!")
    ]

    struct Vector: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "POST"
        var address: String
        var form: [OAuth1.Parameter] = []
        var signature: String
    }

    @Test(arguments: [
        Vector(
            testDescription: "V1", address: "https://api.x.com/1.1/statuses/update.json?include_entities=true",
            form: OAuth1Tests.status, signature: "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="),
        Vector(
            testDescription: "V2",
            address: "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
            form: OAuth1Tests.status, signature: "hCtSmYh+iHYCEqBWrE7C7hYmtUk="),
        Vector(
            testDescription: "V3",
            address: "https://api.twitter.com/1/statuses/update.json?include_entities=true",
            form: OAuth1Tests.status, signature: "tnnArxj06cWHq44gCs1OSKk/jLY="),
        Vector(
            testDescription: "V4: a body of JSON is not signed", address: "https://api.x.com/2/tweets",
            signature: "lr+tV/DKclEvXKVjG6tgaSSLV0k="),
        Vector(
            testDescription: "V5: a query with commas", method: "GET",
            address: "https://api.x.com/2/users/2244994945/tweets?max_results=100"
                + "&tweet.fields=created_at,entities&exclude=retweets",
            signature: "vuHEsVsonK3RQV6bWuCIp+GF2ec="),
    ])
    func `what X publishes is signed as X publishes it`(vector: Vector) {
        let parameters = Self.published.parameters(
            nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", timestamp: 1_318_622_958)
        let signature = Self.published.signature(
            vector.method, vector.address, parameters, form: vector.form)
        #expect(signature == vector.signature)
    }

    @Test func `V6: the photos of OAuth Core appendix A`() {
        let parameters = Self.photos.parameters(nonce: "kllo9940pd9333jh", timestamp: 1_191_242_096)
        let address = "http://photos.example.net/photos?file=vacation.jpg&size=original"
        #expect(Self.photos.signature("GET", address, parameters) == "tR3+Ty81lMeYAr/Fid0kMTYa/WM=")
    }

    @Test func `V7: the last request of RFC 5849, without a version`() {
        let parameters = Self.photos.parameters(nonce: "chapoH", timestamp: 137_131_202, version: nil)
        let address = "http://photos.example.net/photos?file=vacation.jpg&size=original"
        #expect(Self.photos.signature("GET", address, parameters) == "MdpQcU8iPSUjWoN/UDMsK2sui9I=")
    }

    @Test func `the base string is the published one`() {
        let parameters = Self.published.parameters(
            nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", timestamp: 1_318_622_958)
        let base = Self.published.baseString(
            "post", "https://API.x.com:443/1.1/statuses/update.json?include_entities=true",
            parameters + Self.status)
        #expect(base == "POST&https%3A%2F%2Fapi.x.com%2F1.1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue"
            + "%26oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTg"
            + "mZeNu2VS4cg%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1318622958%26oauth_token%3"
            + "D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0%26status%3DHello%2520L"
            + "adies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521")
    }

    @Test func `the header quotes and encodes every value`() {
        let header = Self.published.authorization(
            .post, "https://api.x.com/2/tweets", nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
            timestamp: 1_318_622_958)
        #expect(header.hasPrefix("OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", oauth_nonce=\""))
        #expect(header.contains("oauth_signature=\"lr%2BtV%2FDKclEvXKVjG6tgaSSLV0k%3D\""))
        #expect(!header.contains("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"))
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func `Base64 is that of RFC 4648 section 10`(plain: String, text: String) {
        #expect(Base64.text(Array(plain.utf8)) == text)
    }
}
