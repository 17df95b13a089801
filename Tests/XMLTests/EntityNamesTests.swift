import Testing

@testable import XML

@Suite struct EntityNamesTests {
    private func scalar(_ name: String) -> UInt32? {
        Array(name.utf8).withUnsafeBufferPointer { EntityNames.scalar($0[...]) }
    }

    @Test(arguments: [
        ("amp", 0x26), ("apos", 0x27), ("nbsp", 0xA0), ("eacute", 0xE9), ("Eacute", 0xC9), ("yuml", 0xFF), ("Yuml", 0x178),
        ("hellip", 0x2026), ("thetasym", 0x3D1), ("diams", 0x2666), ("there4", 0x2234), ("rang", 0x232A),
    ] as [(String, UInt32)])
    func `a name of HTML means its character`(name: String, character: UInt32) {
        #expect(scalar(name) == character)
    }

    @Test(arguments: ["a", "NBSP", "nonsense", "thetasymx", "eacut", "eacutee"])
    func `other names mean nothing`(name: String) {
        #expect(scalar(name) == nil)
    }
}
