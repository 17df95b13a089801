import Files
import Testing

@testable import Operations

/// Documents that wait on the disk until they are read.
@Suite struct CellarTests {
    private let disk = MemoryDisk()
    private let folder = StoreFolder("/store")

    private func cellar() -> Cellar {
        disk.put("/store/feeds.toml", "")
        return Cellar(disk, folder, heldMax: 10)
    }

    private func document(_ bytes: [UInt8], _ place: Cellar.Place?) -> Answer.Document {
        Answer.Document(bytes: place == nil ? bytes : [], place: place, circumstances: Answer.Circumstances(address: "https://a.example/"))
    }

    @Test func `what memory has room for stays there, and the rest comes back as it was`() throws {
        let cellar = cellar()
        let documents: [[UInt8]] = [Array("0123456".utf8), Array("abcdefgh".utf8), Array("ij".utf8), Array("klmnop".utf8)]
        let places = documents.map { cellar.put($0) }
        #expect(places.map { $0?.range } == [nil, 0..<8, nil, 8..<14])
        // Nobody finds it, should the run die now.
        #expect(disk.files.keys.sorted() == ["/store/feeds.toml"])
        for (bytes, place) in zip(documents, places) { #expect(try document(bytes, place).brought().bytes == bytes) }
    }

    @Test func `where the disk takes none they stay in memory`() throws {
        let cellar = cellar()
        disk.fault = (.open, "answers", 28)
        #expect(cellar.put(Array("0123456789abc".utf8)) == nil)
    }

    @Test func `one that a killed run left behind is no hindrance`() throws {
        disk.put("/store/.tmp-answers", "old")
        let cellar = cellar()
        let place = try #require(cellar.put(Array("0123456789abc".utf8)))
        #expect(try place.bytes() == Array("0123456789abc".utf8))
        #expect(disk.bytes("/store/.tmp-answers") == nil)
    }
}
