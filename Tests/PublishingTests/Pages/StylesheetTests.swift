import Catalogue
import Foundation
import Testing

@testable import Publishing

/// The colours of the page, measured as eyes would meet them.
struct StylesheetTests {
    private typealias Colour = [Double]

    private static let kinds = Kind.allCases.map(\.rawValue) + ["other"]

    /// Of the light and of the dark page.
    private static let themes: [[String: Colour]] = {
        let parts = Stylesheet.page.components(separatedBy: "@media (prefers-color-scheme: dark)")
        return parts.prefix(2).map { text in
            var colours: [String: Colour] = [:]
            for match in text.matches(of: /--([a-z]+): #([0-9a-f]{6});/) {
                let value = Int(match.2, radix: 16) ?? 0
                colours[String(match.1)] = [value >> 16, value >> 8 & 255, value & 255].map {
                    let part = Double($0) / 255
                    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
                }
            }
            return colours
        }
    }()

    /// WCAG 2.2, contrast ratio.
    private static func contrast(_ one: Colour, _ other: Colour) -> Double {
        let (a, b) = (luminance(one), luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private static func luminance(_ colour: Colour) -> Double {
        0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    }

    private static func times(_ matrix: [[Double]], _ colour: Colour) -> Colour {
        matrix.map { row in zip(row, colour).map(*).reduce(0, +) }
    }

    /// OKLab, in which distances are about those that people see.
    private static func lab(_ colour: Colour) -> Colour {
        let cones = times(
            [
                [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ], colour)
        return times(
            [
                [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ], cones.map { cbrt(max(0, $0)) })
    }

    /// Machado, Oliveira and Fernandes 2009, severity 1.
    private static let eyes: [(String, [[Double]])] = [
        ("usual", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        (
            "protan",
            [
                [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ]
        ),
        (
            "deutan",
            [
                [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ]
        ),
        (
            "tritan",
            [
                [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ]
        ),
    ]

    @Test(arguments: [0, 1])
    func `a kind stands out from the paper and from an empty day`(theme: Int) throws {
        let colours = StylesheetTests.themes[theme]
        for name in StylesheetTests.kinds {
            let colour = try #require(colours[name], "\(name)")
            for ground in ["paper", "empty"] {
                let ratio = StylesheetTests.contrast(colour, try #require(colours[ground]))
                #expect(ratio >= 3, "\(name) on \(ground): \(ratio)")
            }
        }
        for name in ["ink", "soft", "star"] {
            let ratio = StylesheetTests.contrast(
                try #require(colours[name]), try #require(colours["paper"]))
            #expect(ratio >= 4.5, "\(name): \(ratio)")
        }
    }

    /// A tenth is what the palettes made for the purpose keep (Okabe and Ito 2008).
    @Test(arguments: [0, 1])
    func `no two kinds look alike, to any eye`(theme: Int) throws {
        let colours = StylesheetTests.themes[theme]
        for (eye, matrix) in StylesheetTests.eyes {
            for (index, one) in StylesheetTests.kinds.enumerated() {
                for other in StylesheetTests.kinds.dropFirst(index + 1) {
                    let seen = try [one, other].map { name in
                        StylesheetTests.lab(
                            StylesheetTests.times(matrix, try #require(colours[name])).map {
                                min(1, max(0, $0))
                            })
                    }
                    let distance = zip(seen[0], seen[1]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
                        .squareRoot()
                    #expect(distance >= 0.1, "\(one) and \(other), \(eye): \(distance)")
                }
            }
        }
    }

    @Test func `every kind has its colour and its filter`() {
        for kind in Kind.allCases {
            #expect(Stylesheet.page.contains("main:has(#colophon-show-\(kind.rawValue):checked) "))
            #expect(Stylesheet.page.contains(".colophon-\(kind.rawValue), "))
        }
    }
}
