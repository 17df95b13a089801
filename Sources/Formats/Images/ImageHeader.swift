/// What the first bytes of a picture say it is, by its own signature and never by its name or by what a
/// server calls it. Formats that browsers show and that can hold no script: JPEG (ITU T.81 annex B), PNG
/// (section 11.2.1), GIF (89a, section 18), WebP (RFC 9649), AVIF (ISO 14496-12, 23000-22). SVG is a
/// document with scripts and links, and is no picture here.
public struct ImageHeader: Equatable, Sendable {
    public var format: Format
    /// In pixels, at least 1.
    public var width: Int
    public var height: Int

    public enum Format: String, CaseIterable, Sendable {
        case jpeg, png, gif, webp, avif

        public var mediaType: String { "image/" + rawValue }
    }

    init(_ format: Format, _ width: Int, _ height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }

    /// `nil` for anything that is no picture of these formats, is cut off before its size is known, or
    /// says that it has none.
    public init?(_ bytes: [UInt8]) {
        let reader = ImageBytes(bytes)
        let found: ImageHeader?
        if reader.has([0xFF, 0xD8, 0xFF], at: 0) {
            found = reader.jpeg
        } else if reader.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) {
            found = reader.png
        } else if reader.has("GIF87a", at: 0) || reader.has("GIF89a", at: 0) {
            found = reader.gif
        } else if reader.has("RIFF", at: 0), reader.has("WEBP", at: 8) {
            found = reader.webp
        } else if reader.has("ftyp", at: 4) {
            found = reader.avif
        } else {
            found = nil
        }
        guard let found, found.width > 0, found.height > 0 else { return nil }
        self = found
    }
}

/// Numbers at offsets; behind the end stands nothing.
private struct ImageBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func has(_ mark: [UInt8], at offset: Int) -> Bool {
        offset >= 0 && offset <= bytes.count - mark.count
            && bytes[offset..<(offset + mark.count)].elementsEqual(mark)
    }

    func has(_ mark: String, at offset: Int) -> Bool { has(Array(mark.utf8), at: offset) }

    /// `nil` behind the end.
    func big(_ count: Int, at offset: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - count else { return nil }
        return bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ count: Int, at offset: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - count else { return nil }
        return bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    // MARK: formats

    /// Segments up to the first start of a frame. An Exif rotation by a quarter turns the size, too, as
    /// browsers show it turned (CSS Images 3 section 5.1).
    var jpeg: ImageHeader? {
        var offset = 2
        var isTurned = false
        while let mark = big(1, at: offset), mark == 0xFF, let code = big(1, at: offset + 1) {
            if code == 0xFF {
                offset += 1
                continue
            }
            if code == 0x01 || (0xD0...0xD8).contains(code) {
                offset += 2
                continue
            }
            guard code != 0xD9, code != 0xDA, let length = big(2, at: offset + 2), length >= 2 else {
                return nil
            }
            // SOF0 to SOF15, less the tables that share their numbers: DHT, JPG, DAC.
            if (0xC0...0xCF).contains(code), code != 0xC4, code != 0xC8, code != 0xCC {
                guard let height = big(2, at: offset + 5), let width = big(2, at: offset + 7) else {
                    return nil
                }
                return isTurned
                    ? ImageHeader(.jpeg, height, width) : ImageHeader(.jpeg, width, height)
            }
            if code == 0xE1, has("Exif\0\0", at: offset + 4) {
                isTurned = isQuarterTurned(exif: offset + 10)
            }
            offset += 2 + length
        }
        return nil
    }

    /// The orientation of the first directory of a TIFF header (Exif 2.3 section 4.6.4, tag 0x0112).
    private func isQuarterTurned(exif start: Int) -> Bool {
        let isLittle = has("II", at: start)
        guard isLittle || has("MM", at: start) else { return false }
        func number(_ count: Int, _ offset: Int) -> Int? {
            isLittle ? little(count, at: offset) : big(count, at: offset)
        }
        guard let directory = number(4, start + 4), let entries = number(2, start + directory) else {
            return false
        }
        for entry in 0..<min(entries, 64) {
            let offset = start + directory + 2 + entry * 12
            if number(2, offset) == 0x0112 { return (5...8).contains(number(2, offset + 8) ?? 1) }
        }
        return false
    }

    var png: ImageHeader? {
        guard has("IHDR", at: 12), let width = big(4, at: 16), let height = big(4, at: 20) else {
            return nil
        }
        return ImageHeader(.png, width, height)
    }

    var gif: ImageHeader? {
        guard let width = little(2, at: 6), let height = little(2, at: 8) else { return nil }
        return ImageHeader(.gif, width, height)
    }

    /// Lossy, lossless and extended files begin differently (RFC 9649 sections 2.5 to 2.7, RFC 6386
    /// section 9.1).
    var webp: ImageHeader? {
        if has("VP8 ", at: 12), has([0x9D, 0x01, 0x2A], at: 23),
            let width = little(2, at: 26), let height = little(2, at: 28)
        {
            return ImageHeader(.webp, width & 0x3FFF, height & 0x3FFF)
        }
        if has("VP8L", at: 12), has([0x2F], at: 20), let sizes = little(4, at: 21) {
            return ImageHeader(.webp, 1 + sizes & 0x3FFF, 1 + sizes >> 14 & 0x3FFF)
        }
        if has("VP8X", at: 12), let width = little(3, at: 24), let height = little(3, at: 27) {
            return ImageHeader(.webp, 1 + width, 1 + height)
        }
        return nil
    }

    /// The largest extent that is named among the properties of the file's items: that of the picture
    /// itself, beside which thumbnails and tiles are smaller.
    var avif: ImageHeader? {
        guard let length = big(4, at: 0), length >= 16, length <= 256, length <= bytes.count else {
            return nil
        }
        let brands = [8] + stride(from: 16, to: length - 3, by: 4)
        guard brands.contains(where: { has("avif", at: $0) || has("avis", at: $0) }) else { return nil }
        guard let meta = box("meta", in: 0..<bytes.count),
            let properties = box("iprp", in: (meta.lowerBound + 4)..<max(meta.lowerBound + 4, meta.upperBound)),
            let container = box("ipco", in: properties)
        else { return nil }
        var best: ImageHeader?
        var rest = container
        while let extent = box("ispe", in: rest) {
            guard let width = big(4, at: extent.lowerBound + 4),
                let height = big(4, at: extent.lowerBound + 8), width < 1 << 24, height < 1 << 24
            else { return nil }
            if width * height > (best?.width ?? 0) * (best?.height ?? 0) {
                best = ImageHeader(.avif, width, height)
            }
            rest = extent.upperBound..<container.upperBound
        }
        return best
    }

    /// What is in the first box of a type; boxes lie one behind the other.
    private func box(_ type: String, in range: Range<Int>) -> Range<Int>? {
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound, let length = big(4, at: offset) {
            // 0: to the end of the file; 1: a length of eight bytes, which no header needs.
            let end = length == 0 ? range.upperBound : offset + length
            guard length == 0 || length >= 8, end <= range.upperBound else { return nil }
            if has(type, at: offset + 4) { return (offset + 8)..<end }
            offset = end
        }
        return nil
    }
}
