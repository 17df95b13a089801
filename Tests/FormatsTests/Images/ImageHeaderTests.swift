import Testing

@testable import Formats

@Suite struct ImageHeaderTests {
    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(value >> ($0 * 8) & 0xFF) }
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> ($0 * 8) & 0xFF) }
    }

    private static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count + 8, 4) + Array(type.utf8) + content
    }

    private static func segment(_ code: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, code] + big(content.count + 2, 2) + content
    }

    private static func frame(_ code: UInt8, _ width: Int, _ height: Int) -> [UInt8] {
        segment(code, [8] + big(height, 2) + big(width, 2) + [1, 1, 0x11, 0])
    }

    private static func exif(_ orientation: Int, isLittle: Bool) -> [UInt8] {
        let number = isLittle ? little : big
        return segment(
            0xE1,
            Array("Exif\0\0".utf8) + Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
                + number(1, 2) + number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2)
                + [0, 0])
    }

    static let jpeg: [UInt8] =
        [0xFF, 0xD8] + segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
        + segment(0xDB, Array(repeating: 1, count: 65)) + frame(0xC0, 300, 450)
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + box("IHDR", big(300, 4) + big(450, 4)).enumerated()
        .map { $0.offset == 3 ? 13 : $0.element } + [8, 2, 0, 0, 0]
    static let gif: [UInt8] = Array("GIF89a".utf8) + little(300, 2) + little(450, 2) + [0, 0, 0]
    static func webp(_ chunk: String, _ content: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + little(content.count + 12, 4) + Array("WEBP".utf8) + Array(chunk.utf8)
            + little(content.count, 4) + content
    }
    static func avif(brand: String = "avif", _ extents: [(Int, Int)]) -> [UInt8] {
        let sizes = extents.flatMap { box("ispe", [0, 0, 0, 0] + big($0.0, 4) + big($0.1, 4)) + box("pixi", [0, 0, 0, 0, 1, 8]) }
        return box("ftyp", Array(brand.utf8) + [0, 0, 0, 0] + Array("mif1miaf".utf8))
            + box("meta", [0, 0, 0, 0] + box("hdlr", [0, 0, 0, 0]) + box("iprp", box("ipco", sizes)))
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var format: ImageHeader.Format
        var width = 300
        var height = 450

        init(_ name: String, _ format: ImageHeader.Format, _ bytes: [UInt8], _ width: Int = 300, _ height: Int = 450) {
            testDescription = name
            self.bytes = bytes
            self.format = format
            self.width = width
            self.height = height
        }
    }

    static let samples = [
        Sample("baseline", .jpeg, jpeg),
        Sample("progressive", .jpeg, [0xFF, 0xD8] + frame(0xC2, 300, 450)),
        Sample("a Huffman table is no frame", .jpeg, [0xFF, 0xD8] + frame(0xC4, 7, 7) + frame(0xC1, 300, 450)),
        Sample("fill bytes before a marker", .jpeg, [0xFF, 0xD8, 0xFF, 0xFF] + frame(0xC0, 300, 450)),
        Sample("turned by Exif, big", .jpeg, [0xFF, 0xD8] + exif(6, isLittle: false) + frame(0xC0, 450, 300)),
        Sample("turned by Exif, little", .jpeg, [0xFF, 0xD8] + exif(8, isLittle: true) + frame(0xC0, 450, 300)),
        Sample("upright by Exif", .jpeg, [0xFF, 0xD8] + exif(3, isLittle: true) + frame(0xC0, 300, 450)),
        Sample("png", .png, png),
        Sample("gif", .gif, gif),
        Sample("an older gif", .gif, Array("GIF87a".utf8) + gif.dropFirst(6)),
        Sample("lossy webp", .webp, webp("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A] + little(300 | 1 << 14, 2) + little(450, 2))),
        Sample("lossless webp", .webp, webp("VP8L", [0x2F] + little(299 | 449 << 14, 4))),
        Sample("extended webp", .webp, webp("VP8X", [0, 0, 0, 0] + little(299, 3) + little(449, 3))),
        Sample("avif", .avif, avif([(300, 450)])),
        Sample("avif with a thumbnail first", .avif, avif([(30, 45), (300, 450)])),
        Sample("avif as a compatible brand", .avif, box("ftyp", Array("mif1".utf8) + [0, 0, 0, 0] + Array("avif".utf8)) + avif([(300, 450)]).dropFirst(24)),
    ]

    @Test(arguments: samples)
    func `a picture says itself what it is and how large`(_ sample: Sample) {
        let header = ImageHeader(sample.bytes)
        #expect(header == ImageHeader(sample.format, sample.width, sample.height))
    }

    @Test(arguments: samples)
    func `a picture that is cut off anywhere is none, or still the same`(_ sample: Sample) {
        for length in 0..<sample.bytes.count {
            let header = ImageHeader(Array(sample.bytes[..<length]))
            #expect(header == nil || header == ImageHeader(sample.format, sample.width, sample.height))
        }
    }

    @Test func `changed bytes never stop the program`() {
        for (number, sample) in ImageHeaderTests.samples.enumerated() {
            var dice = Dice(seed: UInt64(number))
            for _ in 0..<2000 {
                var bytes = sample.bytes
                for _ in 0...dice.below(3) { bytes[dice.below(bytes.count)] = UInt8(dice.below(256)) }
                if let header = ImageHeader(bytes) { #expect(header.width > 0 && header.height > 0) }
            }
        }
    }

    @Test(arguments: [
        "", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
        "<!DOCTYPE html><title>Not found</title>", "GIF89", "BM......",
        "RIFF....WAVEfmt ", "%PDF-1.7", "\u{FEFF}GIF89a",
    ])
    func `what is no picture is refused`(_ text: String) {
        #expect(ImageHeader(Array(text.utf8)) == nil)
    }

    @Test func `a picture without a size is none`() {
        #expect(ImageHeader(Array("GIF89a".utf8) + [0, 0, 5, 0]) == nil)
        #expect(ImageHeader([0xFF, 0xD8] + ImageHeaderTests.frame(0xC0, 300, 0)) == nil)
        #expect(ImageHeader(ImageHeaderTests.avif(brand: "heic", [(300, 450)])) == nil)
    }
}
