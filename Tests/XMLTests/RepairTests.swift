import Testing

@testable import XML

@Suite struct RepairTests {
    @Test(arguments: [
        ("<a>Salt & Pepper</a>", "<a>Salt &#38; Pepper</a>"),
    ])
    func `mends`(before: String, after: String) {
        #expect(String(decoding: Repair.mend(Array(before.utf8)).bytes, as: UTF8.self) == after)
    }
}
